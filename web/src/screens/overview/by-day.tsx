import { useCallback, useMemo, useState } from 'react'
import { useSpoken, useWords } from '../../app/words.tsx'
import { useFormats } from '../../design/format.ts'
import { Plot } from '../../design/plot.tsx'
import { type Day, type Part, PARTS, totalsOf } from './parts.ts'

/** Custom properties of the theme, and the same as a class. */
const COLOURS: Record<Part, { property: string; dot: string }> = {
  automatic: { property: '--good', dot: 'bg-good' },
  byHand: { property: '--info', dot: 'bg-info' },
  underWay: { property: '--text-faint', dot: 'bg-faint' },
  open: { property: '--warn', dot: 'bg-warn' },
  other: { property: '--line-strong', dot: 'bg-line-strong' },
}

/** Money in, day by day, and what became of it: as sums, as a drawing, and as a table. */
export function ByDay({ days, currency }: { days: readonly Day[]; currency: string }) {
  const { overview: words } = useWords()
  const formats = useFormats()
  const { locale } = useSpoken()
  const totals = useMemo(() => totalsOf(days), [days])
  const [at, setAt] = useState<number>()
  /** The day that is pointed at, else all of them. */
  const day = at === undefined ? undefined : days[at]
  const { moneyIn, parts } = day ?? totals
  // Heights of bars need no cents: what is read as a sum is text.
  const series = useMemo(
    () =>
      PARTS.map((part) => ({
        label: words.parts[part],
        values: days.map((day) => Number(day.parts[part].amount)),
        colour: COLOURS[part].property,
      })),
    [days, words],
  )
  const dates = useMemo(() => days.map(({ date }) => date), [days])
  const format = useCallback(
    (value: number) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact' }).format(value),
    [locale, currency],
  )
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="tabular text-2xl font-semibold tracking-tight">
          {formats.amount(moneyIn.amount, currency)}
        </span>
        <span className="text-soft">
          {words.lines(moneyIn.count, formats.count(moneyIn.count))}
          {day && ` · ${formats.day(day.date)}`}
        </span>
      </p>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-5">
        {PARTS.map((part) => (
          <div key={part} className="min-w-0">
            <dt className="flex items-center gap-1.5 text-sm text-soft">
              <span aria-hidden className={`size-2.5 shrink-0 rounded-xs ${COLOURS[part].dot}`} />
              {words.parts[part]}
            </dt>
            <dd className="tabular font-medium">{formats.amount(parts[part].amount, currency)}</dd>
            <dd className="text-sm text-faint">{words.lines(parts[part].count, formats.count(parts[part].count))}</dd>
          </div>
        ))}
      </dl>
      <Plot days={dates} series={series} format={format} label={words.plot} height={190} onDay={setAt} />
      <details className="text-sm">
        <summary className="inline-flex min-h-6 cursor-pointer items-center text-soft hover:text-text">
          {words.table}
        </summary>
        <Table days={days} currency={currency} />
      </details>
    </div>
  )
}

function Table({ days, currency }: { days: readonly Day[]; currency: string }) {
  const { overview: words } = useWords()
  const formats = useFormats()
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
      tabIndex={0}
      role="region"
      aria-label={words.plot}
      className="mt-2 max-h-96 overflow-auto rounded-lg border border-line"
    >
      <table className="tabular w-full min-w-160 text-right">
        <caption className="sr-only">{words.plot}</caption>
        <thead className="sticky top-0 bg-surface text-xs text-faint">
          <tr className="border-b border-line">
            <th scope="col" className="px-3 py-2 text-left font-medium">
              {words.day}
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              {words.moneyIn}
            </th>
            {PARTS.map((part) => (
              <th key={part} scope="col" className="px-3 py-2 font-medium">
                {words.parts[part]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days
            .filter(({ moneyIn }) => moneyIn.count > 0)
            .toReversed()
            .map(({ date, moneyIn, parts }) => (
              <tr key={date} className="border-b border-line last:border-b-0">
                <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                  {formats.day(date)}
                </th>
                <td className="px-3 py-1.5 font-medium">{formats.amount(moneyIn.amount, currency)}</td>
                {PARTS.map((part) => (
                  <td key={part} className="px-3 py-1.5 text-soft">
                    {parts[part].count === 0 ? '–' : formats.amount(parts[part].amount, currency)}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}
