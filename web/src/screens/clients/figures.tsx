import type { ClientDetails } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'

/** What a client owes, was billed and has paid, in each currency of their bills. */
export function ClientFigures({ money, waiting }: { money: ClientDetails['money']; waiting: boolean }) {
  const { clients: words } = useWords()
  const formats = useFormats()
  return (
    <Card title={words.account}>
      {waiting && <div className="m-4 h-16 animate-pulse rounded-lg bg-sunken" />}
      {!waiting && money.length === 0 && <p className="p-4 text-soft">{words.noBills}</p>}
      <ul className="divide-y divide-line">
        {money.map((one) => (
          <li key={one.currency} className="p-4">
            <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-3">
              {(
                [
                  [
                    words.open,
                    one.open_amount,
                    one.open_invoices === 0
                      ? words.nothingOpen
                      : words.openInvoices(one.open_invoices, formats.count(one.open_invoices)),
                  ],
                  [words.paid, one.paid_amount, undefined],
                  [words.billed, one.billed_amount, words.bills(one.invoices, formats.count(one.invoices))],
                ] as const
              ).map(([name, amount, text]) => (
                <div key={name}>
                  <dt className="text-sm text-faint">{name}</dt>
                  <dd>
                    <span className="tabular block text-lg font-semibold whitespace-nowrap">
                      {formats.amount(amount, one.currency)}
                    </span>
                    {text !== undefined && <span className="block text-sm text-soft">{text}</span>}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </Card>
  )
}
