import { createHash } from 'node:crypto'
import { decodeHTMLStrict } from 'entities'
import { readAmount } from '../../base/money.ts'
import { BillingError } from '../billing-system.ts'

/** An object of an answer, as `readAnswer` leaves it: texts, booleans, null, lists, objects; numbers have become their own
 *  digits, so that no amount is ever a float. */
export type Row = Record<string, unknown>

/** The rows under a wrapper (`invoices.invoice`). WHMCS installations differ: rows come as a list, as one bare object, as an
 *  object with numeric keys, or without the inner level; no rows come as `""`, `[]`, `{}`, an empty inner list, or no key at
 *  all. Throws `unreadable` for anything else, so that an odd answer is never taken for an empty one.
 *  Source: reference, WHMCS 1.7. */
export function rowsOf(wrapper: unknown, inner: string): Row[] {
  if (isNothing(wrapper)) return []
  if (Array.isArray(wrapper)) return wrapper.map((row) => asRow(row, inner))
  const level = asRow(wrapper, inner)
  if (!(inner in level)) return numericKeyed(level) ?? refuse(`list of ${inner}`)
  const rows = level[inner]
  if (isNothing(rows)) return []
  if (Array.isArray(rows)) return rows.map((row) => asRow(row, inner))
  const row = asRow(rows, inner)
  return numericKeyed(row) ?? [row]
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0)

function asRow(value: unknown, what: string): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(what)
  return value as Row
}

function numericKeyed(row: Row): Row[] | undefined {
  const keys = Object.keys(row)
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
    ? keys.map((key) => asRow(row[key], 'row'))
    : undefined
}

/** A count or an id as a whole number; undefined when the field is absent or empty. Throws `unreadable` otherwise. */
export function wholeNumber(row: Row, field: string): number | undefined {
  const value = row[field]
  if (isNothing(value)) return undefined
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) return refuse(field)
  return Number.parseInt(value, 10)
}

/** An id as WHMCS counts them, without leading zeros; null where the field is empty or 0 (`invoiceid` of a payment that
 *  stands on no invoice). */
export function idText(row: Row, field: string): string | null {
  const value = wholeNumber(row, field)
  return value === undefined || value === 0 ? null : String(value)
}

/** As `idText`, where a row without an id makes no sense. */
export const neededId = (row: Row, field: string): string => idText(row, field) ?? refuse(field)

/** Money in minor units. WHMCS writes two decimals in every currency; what the currency cannot hold is refused rather than
 *  rounded. An absent or empty field is zero only where `orZero` says so. */
export function money(row: Row, field: string, currency: string, orZero = false): bigint {
  const value = row[field]
  if (isNothing(value)) return orZero ? 0n : refuse(field)
  const amount = typeof value === 'string' ? readAmount(value.trim(), currency) : 'not_a_number'
  return typeof amount === 'bigint' ? amount : refuse(field)
}

/** A day as `YYYY-MM-DD`, in the installation's own zone; null for the many ways of writing "unset". */
export function day(row: Row, field: string): string | null {
  const value = row[field]
  const text = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})([ T]|$)/.exec(value.trim())?.[1] : undefined
  if (text === undefined || text.startsWith('0000')) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : null
}

/** A text of people. WHMCS stores what it was given entity-encoded and what was imported raw, so entities are decoded
 *  exactly once, and only those closed by a semicolon: `AT&T` and `R&copy` stay as they are. NUL and halves of surrogate
 *  pairs, which PostgreSQL refuses, become U+FFFD. */
export function plainText(value: unknown): string {
  if (typeof value !== 'string') return ''
  return decodeHTMLStrict(value).replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Another text when any plain field of the row is another, whatever order and types the installation chose. */
export function digestOf(row: Row): string {
  const fields = Object.keys(row)
    .sort()
    .map((name) => [name, typeof row[name] === 'object' ? '' : row[name]])
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url')
}

export function refuse(what: string): never {
  throw new BillingError('unreadable', `WHMCS sent a value of "${what}" that cannot be read.`, {
    subject: what,
    temporary: false,
  })
}
