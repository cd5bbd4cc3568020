/** Days in Unix seconds, cut at midnight UTC as Stripe cuts them. */
export const HOUR = 3600
export const DAY = 24 * HOUR

export const midnight = (at: number): number => Math.floor(at / DAY) * DAY

/** 0 is Sunday. The first of January 1970 was a Thursday. */
export const weekdayOf = (at: number): number => (Math.floor(at / DAY) + 4) % 7

export const isWorkday = (at: number): boolean => weekdayOf(at) !== 0 && weekdayOf(at) !== 6

/** Midnight of the day that many working days later; with 0 the day itself, or the next working day. */
export function afterWorkdays(at: number, count: number): number {
  let day = midnight(at)
  for (let left = count; left > 0 || !isWorkday(day); ) {
    day += DAY
    if (isWorkday(day) && left > 0) left -= 1
  }
  return day
}

/** `YYYY-MM-DD`. */
export const isoDay = (at: number): string => new Date(at * 1000).toISOString().slice(0, 10)
