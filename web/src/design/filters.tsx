import { ChevronDown, ListFilter, X } from 'lucide-react'
import { type FormEvent, type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { useWords } from '../app/words.tsx'
import { readTyped } from './money.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { SearchField } from './field.tsx'
import { useFormats } from './format.ts'
import { Popover } from './popover.tsx'

const TYPING_MS = 250

/** What of a list is looked at: a search, and filters beside it, which are put away where it is narrow. */
export function FilterBar({
  search,
  q,
  onSearch,
  count,
  clear,
  children,
}: {
  /** What the search finds, such as `Name, text`. */
  search: string
  q: string | undefined
  onSearch: (q: string) => void
  /** Filters in use besides the search. */
  count: number
  clear: () => void
  children?: ReactNode
}) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  return (
    <search className="flex flex-wrap items-center gap-2 border-b border-line p-3">
      <div className="min-w-0 flex-1 md:min-w-56">
        <SearchText label={search} q={q ?? ''} onSearch={onSearch} />
      </div>
      {children !== undefined && (
        <Button
          className="min-h-10 md:hidden"
          icon={<ListFilter aria-hidden className="size-4" />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {words.filters.filters}
          {count > 0 && <span className="tabular text-soft">{count}</span>}
        </Button>
      )}
      <div className={classes('grid-cols-2 gap-2 max-md:w-full md:contents', open ? 'grid' : 'hidden')}>
        {children}
        {count > 0 && (
          <Button weight="quiet" className="min-h-10" icon={<X aria-hidden className="size-4" />} onClick={clear}>
            {words.filters.clear}
          </Button>
        )}
      </div>
    </search>
  )
}

function SearchText({ label, q, onSearch }: { label: string; q: string; onSearch: (q: string) => void }) {
  const words = useWords()
  const [typed, setTyped] = useState(q)
  const sent = useRef(q)
  const sought = useDeferredValue(typed)
  useEffect(() => {
    // The address was changed elsewhere: the field follows.
    if (q === sent.current) return
    sent.current = q
    setTyped(q)
  }, [q])
  useEffect(() => {
    if (sought === sent.current) return
    const timer = setTimeout(() => {
      sent.current = sought
      onSearch(sought)
    }, TYPING_MS)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only what was typed starts it
  }, [sought])
  return (
    <SearchField
      label={words.app.search}
      placeholder={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}

/** One of several, or all. Its name stands in it while nothing is chosen. */
export function FilterChoice<T extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  label: string
  value: T | undefined
  options: readonly { value: T; label: string }[]
  onChoose: (value: T | undefined) => void
}) {
  const words = useWords()
  return (
    <div className="relative">
      <select
        aria-label={label}
        value={value ?? ''}
        onChange={(event) => onChoose(options.find((option) => option.value === event.target.value)?.value)}
        className={classes(
          'min-h-10 w-full max-w-52 appearance-none truncate rounded-lg border bg-surface py-0 pr-8 pl-3 text-base max-md:max-w-none',
          value === undefined ? 'border-line-strong text-soft' : 'border-text font-medium text-text',
        )}
      >
        <option value="">{words.filters.any(label)}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-3 right-2.5 size-4 text-faint" />
    </div>
  )
}

interface Range {
  from: string | undefined
  to: string | undefined
}

function RangeButton({ label, shown, ...rest }: { label: string; shown: string | undefined }) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(
        'flex min-h-10 max-w-64 items-center justify-between gap-2 rounded-lg border bg-surface px-3 text-left hover:bg-sunken max-md:w-full max-md:max-w-none',
        shown === undefined ? 'border-line-strong text-soft' : 'border-text font-medium',
      )}
    >
      <span className="min-w-0 truncate">
        {shown === undefined ? label : <span className="sr-only">{label}: </span>}
        {shown}
      </span>
      <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" />
    </button>
  )
}

/** Days from and to, both counted in. */
export function FilterDays({ label, from, to, onChoose }: Range & { label: string; onChoose: (range: Range) => void }) {
  const words = useWords().filters
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [spans] = useState(() => spansOf(new Date()))
  const day = (text: string) => formats.day(`${text}T00:00:00Z`)
  const shown =
    from !== undefined && to !== undefined
      ? from === to
        ? day(from)
        : `${day(from)} – ${day(to)}`
      : from !== undefined
        ? words.since(day(from))
        : to !== undefined
          ? words.until(day(to))
          : undefined
  const choose = (range: Range) => {
    onChoose(range)
    setOpen(false)
  }
  return (
    <Popover open={open} onOpen={setOpen} label={label} trigger={<RangeButton label={label} shown={shown} />}>
      <RangeForm from={from} to={to} type="date" read={(typed) => (typed === '' ? undefined : typed)} onDone={choose} />
      <div className="mt-3 flex flex-wrap gap-1.5 border-t border-line pt-3">
        {spans.map(({ name, ...range }) => (
          <Button key={name} className="min-h-8 px-2 text-sm" onClick={() => choose(range)}>
            {words.spans[name]}
          </Button>
        ))}
      </div>
    </Popover>
  )
}

/** Amounts from and to, in whatever currency the rows have. */
export function FilterAmounts({
  label,
  from,
  to,
  onChoose,
}: Range & { label: string; onChoose: (range: Range) => void }) {
  const words = useWords().filters
  const [open, setOpen] = useState(false)
  const shown =
    from !== undefined && to !== undefined
      ? from === to
        ? from
        : `${from} – ${to}`
      : from !== undefined
        ? words.above(from)
        : to !== undefined
          ? words.below(to)
          : undefined
  return (
    <Popover open={open} onOpen={setOpen} label={label} trigger={<RangeButton label={label} shown={shown} />}>
      <RangeForm
        from={from}
        to={to}
        type="text"
        read={(typed) => (typed.trim() === '' ? undefined : (readTyped(typed, 2) ?? null))}
        onDone={(range) => {
          onChoose(range)
          setOpen(false)
        }}
      />
    </Popover>
  )
}

/** `read`: null for what is none. */
function RangeForm({
  from,
  to,
  type,
  read,
  onDone,
}: Range & {
  type: 'date' | 'text'
  read: (typed: string) => string | undefined | null
  onDone: (range: Range) => void
}) {
  const words = useWords().filters
  const [typed, setTyped] = useState({ from: from ?? '', to: to ?? '' })
  const range = { from: read(typed.from), to: read(typed.to) }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (range.from !== null && range.to !== null) onDone({ from: range.from, to: range.to })
  }
  const field = (which: 'from' | 'to') => (
    <label className="flex min-w-0 flex-col gap-1 text-sm font-medium">
      {words[which]}
      <input
        type={type}
        inputMode={type === 'text' ? 'decimal' : undefined}
        value={typed[which]}
        aria-invalid={range[which] === null || undefined}
        onChange={(event) => setTyped({ ...typed, [which]: event.target.value })}
        className="tabular min-h-9 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-2 text-base font-normal aria-invalid:border-bad"
      />
    </label>
  )
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-2">
        {field('from')}
        {field('to')}
      </div>
      {(range.from === null || range.to === null) && (
        <p role="alert" className="text-sm text-bad">
          {words.noAmount}
        </p>
      )}
      <div className="flex justify-between gap-2">
        <Button
          weight="quiet"
          className="min-h-8 px-2 text-sm"
          onClick={() => onDone({ from: undefined, to: undefined })}
        >
          {words.none}
        </Button>
        <Button type="submit" weight="primary" className="min-h-8 text-sm">
          {words.show}
        </Button>
      </div>
    </form>
  )
}

/** How many filters are in use; from and to are one. */
export const countFilters = (filters: object): number =>
  new Set(Object.keys(filters).map((name) => name.replace(/_(?:from|to|min|max)$/, ''))).size

type Span = 'days30' | 'thisMonth' | 'lastMonth'

/** Stretches of time that are often asked for, by the reader's calendar. */
export function spansOf(now: Date): { name: Span; from: string; to: string }[] {
  const text = (date: Date): string =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()]
  return [
    { name: 'days30', from: text(new Date(year, month, day - 29)), to: text(now) },
    { name: 'thisMonth', from: text(new Date(year, month, 1)), to: text(new Date(year, month + 1, 0)) },
    { name: 'lastMonth', from: text(new Date(year, month - 1, 1)), to: text(new Date(year, month, 0)) },
  ]
}
