import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useSpoken } from '../app/words.tsx'

export interface Series {
  label: string
  values: readonly (number | null)[]
  /** A custom property of the theme, such as `--good`. */
  colour: string
}

const HALF_DAY_S = 43_200

/** Days on the x-axis, bars stacked by series. The numbers stand in a table for those who do not see the drawing: `children`. */
export function Plot({
  days,
  series,
  height = 220,
  format,
  label,
  onDay,
}: {
  days: readonly string[]
  series: readonly Series[]
  height?: number
  format: (value: number) => string
  label: string
  /** The day that is pointed at, by its place among `days`; undefined when none is. */
  onDay?: (index: number | undefined) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const tell = useRef(onDay)
  useEffect(() => {
    tell.current = onDay
  }, [onDay])
  const { locale } = useSpoken()
  useEffect(() => {
    const place = box.current!
    const colourOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
    const seconds = days.map((day) => Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 1000)
    const stacked = stack(series.map(({ values }) => values))
    const dates = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
    const axis = {
      stroke: colourOf('--text-faint'),
      grid: { stroke: colourOf('--line'), width: 1 },
      ticks: { show: false },
    }
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        legend: { show: false },
        hooks: { setCursor: [({ cursor }) => tell.current?.(cursor.idx ?? undefined)] },
        // Half a day on either side, so that the first and the last bar stand whole.
        scales: {
          x: { time: true, range: (_, from, to) => [from - HALF_DAY_S, to + HALF_DAY_S] },
          y: { range: (_, __, max) => [0, max <= 0 ? 1 : max * 1.08] },
        },
        axes: [
          { ...axis, size: 26, values: (_, ticks) => ticks.map((tick) => dates.format(new Date(tick * 1000))) },
          { ...axis, size: 64, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          // The tallest first, so that the shorter stand before it.
          ...series
            .map(({ label, colour }) => ({
              label,
              stroke: colourOf(colour),
              fill: colourOf(colour),
              paths: uPlot.paths.bars!({ size: [0.7, 28], radius: 0.15 }),
              points: { show: false },
            }))
            .toReversed(),
        ],
      },
      [seconds, ...stacked.toReversed()] as uPlot.AlignedData,
      place,
    )
    const watch = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }))
    watch.observe(place)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [days, series, height, format, locale])
  return <div ref={box} role="img" aria-label={label} className="w-full overflow-hidden" style={{ height }} />
}

const stack = (values: readonly (readonly (number | null)[])[]): number[][] => {
  const sums: number[][] = []
  for (const row of values) {
    const below = sums.at(-1)
    sums.push(row.map((value, n) => (value ?? 0) + (below?.[n] ?? 0)))
  }
  return sums
}
