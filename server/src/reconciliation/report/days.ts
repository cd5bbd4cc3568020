import { addDays } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'

/** Days of a report, both included, YYYY-MM-DD. */
export interface DayRange {
  from: string
  to: string
}

const DAYS_DEFAULT = 30
export const DAYS_MAX = 400

/** The day it is in this time zone (IANA name). */
export const dayIn = (timezone: string, at: Date): string =>
  // The Swedish way of writing dates is ISO 8601's.
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** The days asked for; the last 30 up to `today` where an end is left open. Throws `validation_failed` for a range that ends before it
 *  begins, or holds more than 400 days. */
export function readRange(asked: { from?: string | undefined; to?: string | undefined }, today: string): DayRange {
  const to = asked.to ?? (asked.from !== undefined && asked.from > today ? asked.from : today)
  const from = asked.from ?? addDays(to, 1 - DAYS_DEFAULT)
  if (from > to) throw against('to', `Must not be before ${from}, where the range begins`)
  if (daysBetween(from, to) >= DAYS_MAX) throw against('from', `Must be at most ${DAYS_MAX} days before the end, ${to}`)
  return { from, to }
}

/** How many days lie between: 0 for the same day. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

const against = (field: string, issue: string): AppError =>
  new AppError('validation_failed', 'The report cannot be made for this range of days', { details: [{ field, issue }] })
