import type { Transaction } from '@payymo/sdk'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { Facts } from '../../design/facts.tsx'
import { useFormats } from '../../design/format.ts'
import { useClientName } from '../clients/name.ts'
import { useClientOf } from './client.ts'

/** The line whole, as bank, file or Stripe gave it. */
export function LineFacts({ line }: { line: Transaction }) {
  const words = useWords().transactions
  const formats = useFormats()
  const { counterparty } = line
  const clientId = useClientOf(line)
  const isProposed = line.match_status === 'suggested'
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
            [words.client, clientId == null ? undefined : <Client key="client" id={clientId} open={isProposed} />],
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

/** Whose invoice the line pays. `open`: nobody has decided it yet. */
function Client({ id, open }: { id: string; open: boolean }) {
  const words = useWords().transactions
  const name = useClientName(id)
  return (
    <>
      <Link
        to="/clients/$id"
        params={{ id }}
        className="underline decoration-line-strong underline-offset-4 hover:decoration-current"
      >
        {name ?? '…'}
      </Link>
      {open && <span className="block text-sm text-faint">{words.clientProposed}</span>}
    </>
  )
}

const Mono = ({ text }: { text: string }) => <span className="font-mono text-sm break-all text-soft">{text}</span>
