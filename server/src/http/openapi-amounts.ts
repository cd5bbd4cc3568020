import { decimalsOf } from '../base/money.ts'

/** Fields that hold amounts of money, wherever they stand (contract 3.2). */
const AMOUNT =
  /^(amount|total|balance|fee|net|max_auto_amount|fee_tolerance|items_total|fees_total|difference|surplus|fees)$|_amount$|_difference$/

export const isAmountField = (name: string): boolean => AMOUNT.test(name)

/** How an amount is described. `decimal` is a format of the OpenAPI registry. */
export const AMOUNT_FORMAT = {
  format: 'decimal',
  description:
    'In major units, with exactly the decimals of its currency. Read it as a decimal, not as a float: digits are exact.',
} as const

interface RawJson {
  rawJSON(text: string): unknown
}

/** An example as the API would write it: amounts with the decimals of the currency that stands beside or above them
 *  (`1250.00`). All other values stay as they are. */
export function exampleJson(value: unknown, currency = 'EUR', field = ''): unknown {
  if (Array.isArray(value)) return value.map((part) => exampleJson(part, currency, field))
  if (typeof value === 'number' && isAmountField(field)) {
    return (JSON as unknown as RawJson).rawJSON(value.toFixed(decimalsOf(currency)))
  }
  if (typeof value !== 'object' || value === null || isRaw(value)) return value
  const own = (value as { currency?: unknown }).currency
  const ofHere = typeof own === 'string' && /^[A-Z]{3}$/.test(own) ? own : currency
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, exampleJson(part, ofHere, name)]))
}

const isRaw = (value: object): boolean => (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value)
