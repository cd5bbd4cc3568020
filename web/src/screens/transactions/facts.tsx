import type { Transaction } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { useFormats } from '../../design/format.ts'

/** The line whole, as bank, file or Stripe gave it. */
export function LineFacts({ line }: { line: Transaction }) {
  const words = useWords().transactions
  const formats = useFormats()
  const { counterparty } = line
  return (
    <Card title={words.line}>
      <div className="p-4">
        <Facts
          facts={[
            [
              words.payer,
              <>
                {counterparty.name || words.unknownPayer}
                {counterparty.iban_last4 !== null && (
                  <span className="tabular block text-sm text-faint">···· {counterparty.iban_last4}</span>
                )}
              </>,
            ],
            [words.text, line.description],
            [words.reference, line.reference === line.description ? undefined : line.reference],
            [words.date, formats.day(line.transaction_date)],
            [
              words.valueDate,
              line.value_date === null || line.value_date.slice(0, 10) === line.transaction_date.slice(0, 10)
                ? undefined
                : formats.day(line.value_date),
            ],
            [
              words.account,
              <>
                {line.account_name}
                <span className="block text-sm text-faint">{line.bank_name}</span>
              </>,
            ],
            [words.source, words.sources[line.source]],
            [
              line.source === 'stripe' ? words.stripeId : words.bankId,
              line.transaction_id === null ? undefined : <Mono key="bank-id" text={line.transaction_id} />,
            ],
            [words.id, <Mono key="id" text={line.id} />],
            [words.recorded, formats.moment(line.created_at)],
            [
              words.note,
              line.note === null ? undefined : (
                <span key="note" className="whitespace-pre-wrap">
                  {line.note}
                </span>
              ),
            ],
          ]}
        />
      </div>
    </Card>
  )
}

const Mono = ({ text }: { text: string }) => <span className="font-mono text-sm break-all text-soft">{text}</span>
