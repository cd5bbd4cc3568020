import type { Invoice } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { compareAmounts, restOf, sumOf, toMinor } from '../../design/money.ts'

/** What is billed, added up to the total: what the items do not say, such as tax, has a line of its own. */
export function Items({ invoice }: { invoice: Invoice }) {
  const words = useWords().invoices
  const formats = useFormats()
  const { items, total, balance, currency } = invoice
  const money = (amount: string) => formats.amount(amount, currency)
  const zero = restOf(total, [total])
  const besides = restOf(total, items.length === 0 ? [total] : [sumOf(items.map(({ amount }) => amount))])
  const paid = restOf(total, [balance])
  return (
    <Card title={words.items}>
      <table className="w-full">
        <thead className="sr-only">
          <tr>
            <th>{words.item}</th>
            <th>{words.amount}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ description, amount }, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- two items may read the same
            <tr key={at} className="border-b border-line">
              <td className="py-2.5 pr-3 pl-4 break-words whitespace-pre-line">{description}</td>
              <td className="tabular py-2.5 pr-4 text-right align-top whitespace-nowrap">{money(amount)}</td>
            </tr>
          ))}
          {toMinor(besides).minor !== 0n && <Sum name={words.besides} amount={money(besides)} />}
          <Sum name={words.total} amount={money(total)} strong />
          {compareAmounts(paid, zero) !== 0 && <Sum name={words.paid} amount={money(restOf(zero, [paid]))} />}
          <Sum name={words.open} amount={money(balance)} strong />
        </tbody>
      </table>
    </Card>
  )
}

const Sum = ({ name, amount, strong = false }: { name: string; amount: string; strong?: boolean }) => (
  <tr className={strong ? 'font-semibold' : 'text-soft'}>
    <th scope="row" className={`py-2 pr-3 pl-4 text-left ${strong ? 'font-semibold' : 'font-normal'}`}>
      {name}
    </th>
    <td className="tabular py-2 pr-4 text-right whitespace-nowrap">{amount}</td>
  </tr>
)
