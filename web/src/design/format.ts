import { useMemo } from 'react'
import { useSpoken } from '../app/words.tsx'

/** Amounts, days and times as the reader writes them. Amounts come as text and are never made numbers: they are shown digit by
 *  digit, with the separators of the locale. */
export interface Formats {
  amount(amount: string, currency: string): string
  /** Of `2025-04-10T00:00:00Z`: the day itself, whatever the reader's zone. */
  day(time: string): string
  /** A moment, in the reader's zone. */
  moment(time: string): string
  /** `3 hours ago`. */
  ago(time: string, nowMs?: number): string
  count(count: number): string
  percent(share: number, digits?: number): string
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function createFormats(locale: string): Formats {
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const counts = new Intl.NumberFormat(locale)
  return {
    amount: (amount, currency) => {
      const digits = /\.(\d+)$/.exec(amount)?.[1]?.length ?? 0
      // Intl takes decimal text as it is, without rounding it to a binary number.
      return new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(amount as Intl.StringNumericLiteral)
    },
    day: (time) => days.format(new Date(time)),
    moment: (time) => moments.format(new Date(time)),
    ago: (time, nowMs = Date.now()) => {
      const seconds = Math.round((Date.parse(time) - nowMs) / 1000)
      const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
      return relative.format(Math.trunc(seconds / size), unit)
    },
    count: (count) => counts.format(count),
    percent: (share, digits = 0) =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(share),
  }
}

export function useFormats(): Formats {
  const { locale } = useSpoken()
  return useMemo(() => createFormats(locale), [locale])
}
