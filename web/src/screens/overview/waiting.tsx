import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { useFormats } from '../../design/format.ts'
import { useOpenAlerts } from '../alerts/queries.ts'
import { VIEWS, viewSearch } from '../review/filters.ts'
import { useWaiting } from '../review/queue.ts'

const TILE = 'group flex min-h-20 min-w-0 items-center gap-3 bg-surface px-4 py-3 hover:bg-sunken'
/** What always has its place; the others are shown when something waits there. */
const ALWAYS = ['suggested', 'unmatched', 'quarantined']

/** What waits for a person, each with the way to it. */
export function WaitingForMe() {
  const { overview: words, alerts: said } = useWords()
  const waits = {
    suggested: useWaiting('suggested'),
    unmatched: useWaiting('unmatched'),
    failed: useWaiting('failed'),
    quarantined: useWaiting('quarantined'),
    reversals: useWaiting('reversals'),
  }
  const alerts = useOpenAlerts()
  const shown = VIEWS.filter((view) => ALWAYS.includes(view) || (waits[view]?.count ?? 0) > 0)
  const nothing = alerts?.count === 0 && VIEWS.every((view) => waits[view]?.count === 0)
  return (
    <section aria-labelledby="waiting" className="overflow-hidden rounded-xl border border-line bg-line">
      <h2 id="waiting" className="flex min-h-12 items-center bg-surface px-4 font-semibold">
        {nothing ? words.nothingWaits : words.waiting}
      </h2>
      <ul className="mt-px grid grid-cols-2 gap-px max-xl:[&>li:last-child:nth-child(odd)>a]:col-span-2 xl:auto-cols-fr xl:grid-flow-col xl:grid-cols-none">
        {shown.map((view) => (
          <li key={view} className="contents">
            <Link to="/review" search={viewSearch(view)} className={TILE}>
              <Tile waiting={waits[view]} name={words.waits[view]} />
            </Link>
          </li>
        ))}
        <li className="contents">
          <Link to="/alerts" className={TILE}>
            <Tile waiting={alerts} name={said.open} />
          </Link>
        </li>
      </ul>
    </section>
  )
}

function Tile({
  waiting,
  name,
}: {
  waiting: { count: number; capped: boolean } | undefined
  name: (count: number) => string
}) {
  const formats = useFormats()
  const { states } = useWords()
  const count = waiting?.count ?? 0
  return (
    <>
      <span className="min-w-0 flex-1">
        {waiting ? (
          <span className={`tabular block text-xl font-semibold ${count === 0 ? 'text-faint' : ''}`}>
            {formats.count(count)}
            {waiting.capped && '+'}
          </span>
        ) : (
          <span className="block h-7.5 py-2">
            <span className="block h-3.5 w-8 animate-pulse rounded bg-sunken" />
            <span className="sr-only">{states.loading}</span>
          </span>
        )}
        <span className="block text-sm text-soft">{name(count)}</span>
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-faint group-hover:text-text" />
    </>
  )
}
