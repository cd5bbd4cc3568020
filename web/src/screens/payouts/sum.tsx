import type { Payout } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { groupItems, isZero, negate } from './groups.ts'
import { Explained } from './state.tsx'

/** The sum from what came in to what arrived: each kind of movement, the fees, and what is left unexplained. */
export function Sum({ payout }: { payout: Payout }) {
  const words = useWords().payouts
  const formats = useFormats()
  const { explained, currency } = payout
  const money = (amount: string) => formats.amount(amount, currency)
  const isKnown = payout.items.length > 0 || !isZero(explained.items_total)
  // Of a payout that is cut short only the server knows the sums.
  const groups = payout.items_truncated ? [] : groupItems(payout.items)
  const otherwise = explained.composition === 'deduced' ? words.deducedText : isKnown ? undefined : words.noItems
  const note = explained.note ?? otherwise
  return (
    <Card title={words.sum} action={<Explained payout={payout} />} className="lg:row-span-2">
      <table className="w-full">
        <tbody>
          {groups.map(({ kind, items, amount }) => (
            <Row key={kind} name={words.kinds[kind]} count={words.items(items.length)} amount={money(amount)} />
          ))}
          {isKnown && groups.length !== 1 && (
            <Row name={words.itemsTotal} amount={money(explained.items_total)} rule={groups.length > 0} />
          )}
          {isKnown && <Row name={words.fees} amount={money(negate(explained.fees_total))} />}
          {isKnown && !isZero(explained.difference) && (
            <Row name={words.difference} amount={money(explained.difference)} tone="text-bad" />
          )}
          <Row name={words.arrived} amount={money(payout.amount)} rule={isKnown} strong />
        </tbody>
      </table>
      {note !== undefined && <p className="border-t border-line px-4 py-3 text-sm text-soft">{note}</p>}
    </Card>
  )
}

const Row = ({
  name,
  count,
  amount,
  rule = false,
  strong = false,
  tone = '',
}: {
  name: string
  count?: string
  amount: string
  rule?: boolean
  strong?: boolean
  tone?: string
}) => (
  <tr className={`${rule ? 'border-t border-line' : ''} ${strong ? 'text-lg font-semibold' : ''} ${tone}`}>
    <th scope="row" className={`py-2 pr-3 pl-4 text-left ${strong ? 'font-semibold' : 'font-normal'}`}>
      {name}
      {count !== undefined && <span className="ml-2 text-sm text-faint">{count}</span>}
    </th>
    <td className="tabular py-2 pr-4 text-right whitespace-nowrap">{amount}</td>
  </tr>
)
