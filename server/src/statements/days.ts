/** `YYYY-MM-DD` of a day that exists, else null. Years before 1970 or after 2099 are taken for misread texts. */
export function dayOf(year: number, month: number, day: number): string | null {
  if (year < 1970 || year > 2099 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The day at the start of an ISO date or time, unshifted: the bank's own day whatever zone follows. */
export function isoDay(text: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(text.trim())
  return parts ? dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null
}

/** The full year of two digits: banks print no statement of before 1980. */
export const fullYear = (twoDigits: number): number => (twoDigits >= 80 ? 1900 : 2000) + twoDigits

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
