import { assert } from '../base/errors.ts'
import type { Json } from './openapi-schemas.ts'
import type { Route } from './route.ts'

type Deprecated = NonNullable<Route['deprecated']>

const MONTHS_MIN = 6

/** Holds contract 3.8 at start: an operation that is deprecated answers for six months at least. */
export function checkDeprecation({ operationId, deprecated }: Pick<Route, 'operationId' | 'deprecated'>): void {
  if (!deprecated) return
  const { since, sunset, instead } = deprecated
  assert(isDay(since) && isDay(sunset), `${operationId}: since and sunset are days (YYYY-MM-DD)`)
  assert(instead.trim() !== '', `${operationId}: what is deprecated names what replaces it`)
  assert(
    sunset >= monthsAfter(since, MONTHS_MIN),
    `${operationId}: the sunset is ${MONTHS_MIN} months after since, or later`,
  )
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** The same day some months later, or the last day of that month. */
function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map((part) => Number.parseInt(part, 10)) as [number, number, number]
  const lastDate = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate))).toISOString().slice(0, 10)
}

/** How an operation says in the document that it will go. */
export const deprecationFields = (deprecated: Deprecated | undefined): Json =>
  deprecated ? { deprecated: true, 'x-deprecated-since': deprecated.since, 'x-sunset': deprecated.sunset } : {}

export const deprecationSentence = ({ since, sunset, instead }: Deprecated): string =>
  `**Deprecated since ${since}; answers until ${sunset}.** ${instead.replace(/\.?$/, '.')}`
