import type { Payout, PayoutItem } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { useFormats } from '../../design/format.ts'
import { useWide } from '../../design/rows.tsx'
import { type Group, groupItems, isZero, negate, sumsOf } from './groups.ts'

const SHOWN = 50
const MORE = 250
/** Nobody reads more of one payout; beyond it the sums of the server stand alone. */
const ITEMS_MAX = 20_000

/** Every movement in the payout, by kind, with the invoices that the charges pay, and sums to the cent. Sums stand only where all
 *  items are known. */
export function PayoutItems({ payout }: { payout: Payout }) {
  const words = useWords()
  const texts = words.payouts
  const wide = useWide()
  const [limit, setLimit] = useState(SHOWN)
  const all = useAllItems(payout)
  const items = all.data ?? payout.items
  const count = payout.items_count ?? items.length
  const isWhole = items.length >= count
  const shown = items.slice(0, limit)
  const isShown = new Set(shown.map(({ id }) => id))
  const groups = groupItems(items).map((group) => ({
    ...group,
    shown: group.items.filter(({ id }) => isShown.has(id)),
  }))
  const more = () => {
    if (limit + MORE > items.length && !isWhole) void all.refetch()
    setLimit(limit + MORE)
  }
  return (
    <Card title={texts.madeOf}>
      {wide ? <Table payout={payout} groups={groups} isWhole={isWhole} /> : <List groups={groups} isWhole={isWhole} />}
      {shown.length < count && (
        <div className="flex flex-wrap items-center gap-3 border-t border-line p-3">
          <Button busy={all.isFetching} onClick={more}>
            {texts.showMore}
          </Button>
          <span className="text-sm text-soft">{texts.shownOf(shown.length, count)}</span>
          {all.isError && (
            <span role="alert" className="text-sm text-bad">
              {words.states.failed}
            </span>
          )}
        </div>
      )}
    </Card>
  )
}

/** The items beyond those that come with the payout; read when they are asked for. */
function useAllItems(payout: Payout) {
  const payymo = useApi()
  return useQuery({
    queryKey: ['payouts', 'items', payout.id],
    enabled: false,
    queryFn: async ({ signal }) => {
      const items: PayoutItem[] = []
      for await (const item of payymo.payouts.listAllItems(payout.id, { per_page: 100 }, { signal })) {
        items.push(item)
        if (items.length >= ITEMS_MAX) break
      }
      return items
    },
  })
}

/** A kind of items, and those of them that are drawn. */
type ShownGroup = Group<PayoutItem> & { shown: PayoutItem[] }

function Invoices({ item }: { item: PayoutItem }) {
  const words = useWords().payouts
  if (item.invoices.length === 0) return <span className="text-faint">{words.noInvoice}</span>
  return item.invoices.map(({ id, number }) => (
    <Link
      key={id}
      to="/invoices/$id"
      params={{ id }}
      className="mr-2 font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
    >
      {number}
    </Link>
  ))
}

const useMoney = (currency: string) => {
  const formats = useFormats()
  return (amount: string) => formats.amount(amount, currency)
}

function Table({ payout, groups, isWhole }: { payout: Payout; groups: readonly ShownGroup[]; isWhole: boolean }) {
  const words = useWords().payouts
  const formats = useFormats()
  const money = useMoney(payout.currency)
  const fee = (amount: string) => (isZero(amount) ? '–' : money(negate(amount)))
  const number = 'tabular py-2 pr-4 text-right whitespace-nowrap'
  const total = isWhole ? sumsOf(groups.flatMap(({ items }) => items)) : undefined
  const sum = (amount: string) => (isWhole ? amount : '')
  return (
    <table className="w-full table-fixed">
      <colgroup>
        <col className="w-32" />
        <col />
        <col className="w-36" />
        <col className="w-30" />
        <col className="w-26" />
        <col className="w-32" />
      </colgroup>
      <thead className="text-left text-xs font-medium text-faint">
        <tr className="border-b border-line">
          <th className="py-2 pr-3 pl-4 font-medium">{words.day}</th>
          <th className="py-2 pr-3 font-medium">{words.what}</th>
          <th className="py-2 pr-3 font-medium">{words.invoice}</th>
          <th className={`${number} font-medium`}>{words.gross}</th>
          <th className={`${number} font-medium`}>{words.fee}</th>
          <th className={`${number} font-medium`}>{words.net}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Fragment key={group.kind}>
            <tr className="border-b border-line bg-sunken text-sm font-semibold">
              <th scope="rowgroup" colSpan={3} className="py-1.5 pr-3 pl-4 text-left">
                {words.kinds[group.kind]}
                <span className="ml-2 font-normal text-faint">{words.items(group.items.length)}</span>
              </th>
              <td className="tabular py-1.5 pr-4 text-right">{sum(money(group.amount))}</td>
              <td className="tabular py-1.5 pr-4 text-right">{sum(fee(group.fee))}</td>
              <td className="tabular py-1.5 pr-4 text-right">{sum(money(group.net))}</td>
            </tr>
            {group.shown.map((item) => (
              <tr key={item.id} className="border-b border-line">
                <td className="py-2 pr-3 pl-4 whitespace-nowrap">{formats.day(item.created)}</td>
                <td className="truncate py-2 pr-3 text-soft" title={item.description}>
                  {item.description || words.types[item.type] || item.type}
                </td>
                <td className="truncate py-2 pr-3">
                  <Invoices item={item} />
                </td>
                <td className={number}>{money(item.amount)}</td>
                <td className={`${number} text-soft`}>{fee(item.fee)}</td>
                <td className={number}>{money(item.net)}</td>
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
      {total !== undefined && (
        <tfoot className="font-semibold">
          <tr>
            <th scope="row" colSpan={3} className="py-3 pr-3 pl-4 text-left">
              {words.together}
            </th>
            <td className="tabular py-3 pr-4 text-right">{money(total.amount)}</td>
            <td className="tabular py-3 pr-4 text-right">{fee(total.fee)}</td>
            <td className="tabular py-3 pr-4 text-right">{money(total.net)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}

function List({ groups, isWhole }: { groups: readonly ShownGroup[]; isWhole: boolean }) {
  const words = useWords().payouts
  const formats = useFormats()
  return groups.map((group) => (
    <section key={group.kind}>
      <header className="flex items-baseline justify-between gap-3 border-b border-line bg-sunken px-4 py-2">
        <h3 className="font-semibold">{words.kinds[group.kind]}</h3>
        {isWhole && (
          <span className="tabular font-semibold">{formats.amount(group.amount, group.items[0]!.currency)}</span>
        )}
      </header>
      <ul>
        {group.shown.map((item) => (
          <li key={item.id} className="border-b border-line px-4 py-2.5">
            <div className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">
                <Invoices item={item} />
              </span>
              <span className="tabular whitespace-nowrap">{formats.amount(item.amount, item.currency)}</span>
            </div>
            <div className="flex items-baseline justify-between gap-3 text-sm text-faint">
              <span className="min-w-0 truncate">
                {formats.day(item.created)} · {item.description || words.types[item.type] || item.type}
              </span>
              {!isZero(item.fee) && (
                <span className="tabular whitespace-nowrap">
                  {words.feeOf(formats.amount(item.fee, item.currency))}
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  ))
}
