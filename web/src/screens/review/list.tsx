import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { CircleAlert } from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useRef } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { useSure } from './bars.tsx'
import type { Entry } from './entries.ts'
import { isWord } from './proposals.ts'
import { matchQuery, paymentQuery, standingQuery, transactionQuery } from './queries.ts'
import { isPaymentItem } from './work.ts'

const ROW_PX = 64
const OVERSCAN = 6

/** The queue beside the work: who paid, how much, how sure. Only rows in sight are drawn. */
export function List({
  entries,
  current,
  onSelect,
  onEnd,
}: {
  entries: readonly Entry[]
  current: string | undefined
  onSelect: (key: string) => void
  onEnd: () => void
}) {
  const words = useWords().review
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getScrollElement: () => scroll.current,
    getItemKey: (index) => entries[index]!.key,
  })
  const at = entries.findIndex(({ key }) => key === current)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  useEffect(() => {
    // Whoever moves through the list with the focus in it keeps it on the row.
    if (scroll.current?.contains(document.activeElement))
      scroll.current.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true })
  }, [current])
  const move = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    const next = to === undefined ? undefined : entries[to]
    if (!next) return
    event.preventDefault()
    onSelect(next.key)
  }
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1
  const isOut = !shown.some(({ index }) => index === at)
  useEffect(() => {
    if (last >= entries.length - OVERSCAN) onEnd()
  }, [last, entries.length, onEnd])
  return (
    <div ref={scroll} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between its buttons, of which one is reached by Tab */}
      <ol aria-label={words.queue} className="relative" style={{ height: virtual.getTotalSize() }} onKeyDown={move}>
        {shown.map(({ index, key, start, size }) => (
          <li
            key={key}
            aria-posinset={index + 1}
            aria-setsize={entries.length}
            className="absolute inset-x-0 top-0 border-b border-line"
            style={{ height: size, transform: `translateY(${start}px)` }}
          >
            <Row
              entry={entries[index]!}
              chosen={index === at}
              reached={index === at || (isOut && index === shown[0]?.index)}
              onSelect={onSelect}
            />
          </li>
        ))}
      </ol>
    </div>
  )
}

/** Drawn again only when something about it changed: after a decision the whole queue moves, and must not be drawn anew. */
const Row = memo(
  DrawnRow,
  (before, after) =>
    before.chosen === after.chosen &&
    before.reached === after.reached &&
    before.onSelect === after.onSelect &&
    before.entry.key === after.entry.key &&
    before.entry.view === after.entry.view &&
    before.entry.gone === after.entry.gone &&
    before.entry.fault === after.entry.fault,
)

function DrawnRow({
  entry,
  chosen,
  reached,
  onSelect,
}: {
  entry: Entry
  chosen: boolean
  /** Of all rows, Tab comes to this one. */
  reached: boolean
  onSelect: (key: string) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const sure = useSure()
  const pays = isPaymentItem(entry)
  // Rows show what lists have filled in; only what they lack is fetched, and not again.
  const kept = { staleTime: Infinity }
  const payment = useQuery({ ...paymentQuery(payymo, entry.key), ...kept, enabled: pays })
  const paid = useQuery({
    ...matchQuery(payymo, payment.data?.match_id ?? ''),
    ...kept,
    enabled: payment.data !== undefined,
  })
  const lineId = pays ? (paid.data?.transaction_id ?? '') : entry.key
  const line = useQuery({ ...transactionQuery(payymo, lineId), ...kept, enabled: lineId !== '' })
  const match = useQuery({
    ...standingQuery(payymo, entry.key, entry.view === 'failed' ? 'failed' : 'suggested'),
    ...kept,
    enabled: entry.view === 'suggested' || entry.view === 'failed',
  })
  const amount = payment.data ?? line.data
  return (
    <button
      type="button"
      aria-current={chosen || undefined}
      tabIndex={reached ? 0 : -1}
      onClick={() => onSelect(entry.key)}
      className={classes(
        'relative flex size-full flex-col justify-center gap-0.5 px-4 text-left -outline-offset-2!',
        chosen ? 'bg-sunken' : 'hover:bg-sunken/60',
        entry.gone && 'opacity-55',
      )}
    >
      {chosen && <span aria-hidden className="absolute inset-y-0 left-0 w-0.75 bg-brand" />}
      <span className="flex items-baseline justify-between gap-3">
        <span className={classes('min-w-0 truncate font-medium', entry.gone && 'line-through')}>
          {line.data ? line.data.counterparty.name || words.transactions.unknownPayer : '…'}
        </span>
        {amount && <Amount amount={amount.amount} currency={amount.currency} strong />}
      </span>
      <span className="flex items-baseline justify-between gap-3 text-sm">
        <span className="min-w-0 truncate text-soft">
          {line.data ? line.data.description || line.data.reference || words.review.noText : ''}
        </span>
        <span className="tabular whitespace-nowrap text-soft">
          {entry.fault !== undefined && (
            <span className="mr-1.5 inline-flex items-center gap-1 font-medium text-bad">
              <CircleAlert aria-hidden className="size-3.5 self-center" />
              {words.review.failed}
            </span>
          )}
          {entry.fault === undefined &&
            match.data &&
            (isWord(match.data) ? words.review.byHandShort : sure(match.data.confidence))}
          {entry.fault === undefined && !match.data && line.data && formats.day(line.data.transaction_date)}
        </span>
      </span>
    </button>
  )
}
