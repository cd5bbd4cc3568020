import { isCurrency, readAmount } from '../base/money.ts'

/** A row of a file that cannot be used; the sentence names the field. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
}

export type Row = Record<string, unknown>

export function asRow(value: unknown, what = 'The line'): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RowFault(`${what} is not a JSON object.`)
  return value as Row
}

/** What the API takes for a bank's text: more than a bank or a shop writes into one field, and little enough for each line to take
 *  moments. */
const TEXT_CHARACTERS_MAX = 4_000

/** A text or a number as text; empty for null and for a field that is not there. */
export function text(row: Row, field: string): string {
  const value = row[field]
  if (typeof value === 'string') {
    if (value.length <= TEXT_CHARACTERS_MAX) return value
    throw new RowFault(`"${field}" has ${value.length} characters, which is more than ${TEXT_CHARACTERS_MAX}.`)
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new RowFault(`"${field}" is a number of more digits than can be kept; write it in quotation marks.`)
    return String(value)
  }
  if (value === undefined || value === null) return ''
  throw new RowFault(`"${field}" is not a text.`)
}

export function neededText(row: Row, field: string): string {
  const value = text(row, field).trim()
  if (value === '') throw new RowFault(`"${field}" is missing.`)
  return value
}

/** Currencies that came before. The same text is given again: a book of a million rows keeps it once. */
const currencies = new Map<string, string>()

export function currency(row: Row, field = 'currency'): string {
  const written = neededText(row, field)
  const known = currencies.get(written)
  if (known !== undefined) return known
  const code = written.toUpperCase()
  if (!isCurrency(code)) throw new RowFault(`"${field}" is ${JSON.stringify(code.slice(0, 20))}, which is no currency.`)
  currencies.set(code, code)
  return code
}

/** An amount in minor units; undefined where the field is not there. */
export function amount(row: Row, field: string, code: string): bigint | undefined {
  const value = text(row, field).trim()
  if (value === '') return undefined
  const amountMinor = readAmount(value, code)
  if (typeof amountMinor === 'bigint') return amountMinor
  throw new RowFault(
    `"${field}" is ${JSON.stringify(value.slice(0, 40))}, which is no amount in ${code} (${amountMinor.replaceAll('_', ' ')}).`,
  )
}

/** Days that came before, each kept once: a file has few different ones. */
const days = new Map<string, string>()
const DAYS_KNOWN_MAX = 10_000

/** A day at the start of an ISO date or time; null where the field is not there or unset (`0000-00-00`). */
export function day(row: Row, field: string): string | null {
  const value = text(row, field).trim()
  const known = days.get(value)
  if (known !== undefined) return known
  if (value === '' || value.startsWith('0000') || value.startsWith('-')) return null
  const found = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(value)?.[1]
  if (found !== undefined && isDay(found)) {
    if (days.size < DAYS_KNOWN_MAX) days.set(found, found)
    return found
  }
  throw new RowFault(`"${field}" is ${JSON.stringify(value.slice(0, 40))}, which is no day such as 2026-03-31.`)
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether the day exists. By arithmetic, since a file may hold millions. */
function isDay(iso: string): boolean {
  const year = Number(iso.slice(0, 4))
  const month = Number(iso.slice(5, 7))
  const date = Number(iso.slice(8, 10))
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return date >= 1 && date <= (DAYS[month - 1] ?? 0) && (month !== 2 || date < 29 || isLeap)
}
