import { AppError } from './errors.ts'
import { scanJson } from './json-scan.ts'
import { formatAmount } from './money.ts'

/** Fields that hold amounts: their numbers keep the digits as typed instead of becoming floats. */
const AMOUNT_FIELDS = new Set(['amount', 'total', 'balance', 'fee', 'net', 'max_auto_amount', 'fee_tolerance'])
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** JSON that keeps numbers as they were typed: in Node since 22, in the types not yet. */
interface SourceJson {
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}
const sourceJson = JSON as unknown as SourceJson

/** An amount for JSON: a number in major units with exactly the decimals of its currency, `1250.00`. */
export function jsonAmount(amountMinor: bigint, currency: string): unknown {
  return sourceJson.rawJSON(formatAmount(amountMinor, currency))
}

export const writeJson = (value: unknown): string => JSON.stringify(value)

/** Reads JSON from outside. Amount fields come as text, digit for digit. Throws `invalid_request` for what is no JSON, for keys
 *  given twice or named `__proto__`, `constructor` or `prototype`, for NUL and lone surrogates, for numbers beyond a double,
 *  and for more than 32 levels, 1,000 items in an array or fields in an object, or 50,000 values in all. */
export function readJson(text: string): unknown {
  scanJson(text)
  const hazard = /\\u0000|\0/.test(text) || !text.isWellFormed() || /\\u[dD][89a-fA-F]/.test(text)
  try {
    const value: unknown = JSON.parse(text, function (key, value: unknown, context?: { source?: string }) {
      if (FORBIDDEN_KEYS.has(key)) throw refusal(`The key "${key}" is not allowed.`, key, 'This name is not allowed')
      if (hazard) refuseHazards(key, 'body')
      if (typeof value === 'number') {
        if (AMOUNT_FIELDS.has(key)) return context?.source ?? String(value)
        if (!Number.isFinite(value)) throw refusal('The body holds a number that is too large.', key, 'Is too large')
      }
      if (hazard && typeof value === 'string') refuseHazards(value, key)
      return value
    })
    return value
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refusal(`The body is not valid JSON: ${(error as Error).message.slice(0, 120)}`, 'body', 'Is not valid JSON')
  }
}

/** The same text for the same content: keys sorted, spaces gone, numbers digit for digit. Throws what `readJson` throws of the
 *  body's size and form. */
export function canonicalJson(text: string): string {
  scanJson(text)
  const value: unknown = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value === 'number') return sourceJson.rawJSON(context?.source ?? String(value))
    if (typeof value !== 'object' || value === null || Array.isArray(value) || sourceJson.isRawJSON(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
  return JSON.stringify(value)
}

function refuseHazards(text: string, key: string): void {
  if (!text.includes('\0') && text.isWellFormed()) return
  const message = 'Texts must not hold NUL characters or halves of surrogate pairs.'
  throw refusal(
    message,
    key.toWellFormed().replaceAll('\0', ''),
    'Must not hold NUL characters or halves of surrogate pairs',
  )
}

const refusal = (message: string, field: string, issue: string): AppError =>
  new AppError('invalid_request', message, { details: [{ field: field.slice(0, 200) || 'body', issue }] })
