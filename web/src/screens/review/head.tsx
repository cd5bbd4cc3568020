import { Link, useNavigate } from '@tanstack/react-router'
import { CheckCheck, Keyboard, ListOrdered } from 'lucide-react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { classes } from '../../design/classes.ts'
import { Choice } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { type Filters, type Sort, sortsOf, type View, VIEWS, viewSearch } from './filters.ts'
import { useWaiting } from './queue.ts'

/** What is looked at, how much of each waits, and what can be done with all of it. */
export function Head({
  view,
  sort,
  hidden,
  onHelp,
  onQueue,
  onSure,
}: {
  view: View
  sort: Sort
  hidden: number
  onHelp: () => void
  onQueue: () => void
  onSure: (() => void) | undefined
}) {
  const words = useWords().review
  const navigate = useNavigate()
  const mayDecide = useMay('reviewer')
  const go = (next: Filters) => void navigate({ to: '/review', search: next })
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
      <h1 className="text-lg font-semibold tracking-tight max-sm:sr-only">{words.title}</h1>
      <nav aria-label={words.view} className="flex gap-0.5 overflow-x-auto max-lg:hidden">
        {VIEWS.map((each) => (
          <Tab key={each} view={each} chosen={each === view} hidden={each === view ? hidden : 0} />
        ))}
      </nav>
      <Choice
        label={words.view}
        hidden
        value={view}
        className="min-w-0 flex-1 lg:hidden"
        onChange={(event) => go(viewSearch(event.target.value as View))}
      >
        {VIEWS.map((each) => (
          <Option key={each} view={each} />
        ))}
      </Choice>
      <div className="ml-auto flex items-center gap-2">
        <Button weight="quiet" className="px-2.5 xl:hidden" onClick={onQueue}>
          <ListOrdered aria-hidden className="size-4" />
          <span className="sr-only">{words.queue}</span>
        </Button>
        <SortChoice view={view} sort={sort} className="max-sm:hidden" />
        {onSure && mayDecide && (
          <Button icon={<CheckCheck aria-hidden className="size-4" />} onClick={onSure} className="max-sm:hidden">
            {words.sureAll.button}
          </Button>
        )}
        <Button weight="quiet" className="px-2.5 max-sm:hidden" shortcut="?" onClick={onHelp}>
          <Keyboard aria-hidden className="size-4" />
          <span className="sr-only">{words.act.help}</span>
        </Button>
      </div>
    </header>
  )
}

export function SortChoice({ view, sort, className }: { view: View; sort: Sort; className?: string }) {
  const words = useWords().review
  const navigate = useNavigate()
  const orders = sortsOf(view)
  return (
    <Choice
      label={words.sort}
      hidden
      value={sort}
      {...(className === undefined ? {} : { className })}
      onChange={(event) => {
        const next = event.target.value as Sort
        void navigate({ to: '/review', search: { ...viewSearch(view), ...(next === orders[0] ? {} : { sort: next }) } })
      }}
    >
      {orders.map((each) => (
        <option key={each} value={each}>
          {words.sorts[each]}
        </option>
      ))}
    </Choice>
  )
}

function Tab({ view, chosen, hidden }: { view: View; chosen: boolean; hidden: number }) {
  const words = useWords().review
  const count = useCount(view, hidden)
  return (
    <Link
      to="/review"
      search={viewSearch(view)}
      aria-current={chosen ? 'page' : undefined}
      className={classes(
        'flex min-h-8 items-center gap-1.5 rounded-lg px-2.5 whitespace-nowrap',
        chosen ? 'bg-sunken font-medium text-text' : 'text-soft hover:bg-sunken hover:text-text',
      )}
    >
      {words.views[view]}
      {count !== undefined && count !== '0' && (
        <span className="tabular rounded-full bg-line px-1.5 text-xs leading-5 text-soft">{count}</span>
      )}
    </Link>
  )
}

function Option({ view }: { view: View }) {
  const words = useWords().review
  const count = useCount(view, 0)
  return (
    <option value={view}>
      {words.views[view]}
      {count === undefined ? '' : ` (${count})`}
    </option>
  )
}

function useCount(view: View, hidden: number): string | undefined {
  const formats = useFormats()
  const waiting = useWaiting(view)
  return waiting && `${formats.count(Math.max(0, waiting.count - hidden))}${waiting.capped ? '+' : ''}`
}
