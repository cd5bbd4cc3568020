/** The time the install believes it is. `frozenAt` set: time stands still there; else real time moved by `offsetMs`. */
export interface ClockSetting {
  frozenAt: string | null
  offsetMs: number
  /** The install's PHP zone, in which WHMCS writes dates without saying so. */
  zone: string
}

export const DEFAULT_CLOCK: ClockSetting = { frozenAt: null, offsetMs: 0, zone: 'UTC' }

export const ZERO_TIME = '0000-00-00 00:00:00'

export const nowOf = (clock: ClockSetting): Date =>
  new Date(clock.frozenAt === null ? Date.now() + clock.offsetMs : Date.parse(clock.frozenAt))

/** `YYYY-MM-DD HH:MM:SS` in the install's zone. */
export function localTime(clock: ClockSetting): string {
  const at = nowOf(clock)
  if (clock.zone === 'UTC') return at.toISOString().slice(0, 19).replace('T', ' ')
  // The Swedish locale writes exactly YYYY-MM-DD HH:MM:SS.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: clock.zone, dateStyle: 'short', timeStyle: 'medium' }).format(at)
}

export const localDay = (clock: ClockSetting): string => localTime(clock).slice(0, 10)

/** Whether the text is a real day `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** Reads `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS` into the long form; null when it is neither. */
export function readTime(text: string): string | null {
  const parts = /^(\d{4}-\d{2}-\d{2})(?: ([01]\d|2[0-3]):([0-5]\d):([0-5]\d))?$/.exec(text)
  if (!parts || !isDay(parts[1]!)) return null
  return parts[2] === undefined ? `${text} 00:00:00` : text
}

export type DateFormat = 'DD/MM/YYYY' | 'MM/DD/YYYY' | 'YYYY-MM-DD'

/** Reads a day in the install's localisation format into `YYYY-MM-DD`; null when it does not fit (AddTransaction, reference 1.8).
 *  `03/04/2026` fits both slashed formats and means different days, as it does in the real one. */
export function readLocalised(text: string, format: DateFormat): string | null {
  if (format === 'YYYY-MM-DD') return isDay(text) ? text : null
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text)
  if (!parts) return null
  const [, first, second, year] = parts
  const day = format === 'DD/MM/YYYY' ? `${year}-${second}-${first}` : `${year}-${first}-${second}`
  return isDay(day) ? day : null
}
