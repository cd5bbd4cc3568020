import { z } from 'zod'
import { AppError, type FaultyField } from '../base/errors.ts'
import { type IdPrefix, isId } from '../base/ids.ts'
import { decimalsOf, isCurrency, readAmount } from '../base/money.ts'

/** The value in its shape. Throws `invalid_request` that names every bad field at once, in the specification's words. */
export function check(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const details = result.error.issues.flatMap((issue) => faultsOf(issue))
  const missing = details.some((fault) => fault.issue === MISSING)
  throw new AppError(
    'invalid_request',
    missing ? 'The request is missing required parameters' : 'The request contains invalid parameters',
    { details },
  )
}

const MISSING = 'This field is required'

function faultsOf(issue: z.core.$ZodIssue, prefix: PropertyKey[] = []): FaultyField[] {
  const field = [...prefix, ...issue.path].map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field ? `${field}.${key}` : key, issue: 'This field is not known' }))
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return [{ field, issue: MISSING }]
  if (issue.code === 'invalid_type') return [{ field, issue: `Must be ${article(issue.expected)}` }]
  if (issue.code === 'invalid_value')
    return [{ field, issue: `Must be one of: ${issue.values.map(String).join(', ')}` }]
  if (issue.code === 'invalid_union') {
    const discriminated = issue.errors.flat()
    if (issue.input === undefined) return [{ field, issue: MISSING }]
    return discriminated[0]
      ? faultsOf(discriminated[0], [...prefix, ...issue.path])
      : [{ field, issue: 'Has an invalid value' }]
  }
  return [{ field, issue: issue.message }]
}

const article = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`

/** An id of the given kind, wherever a request names one. */
export const idSchema = <P extends IdPrefix>(prefix: P) =>
  z
    .string()
    .refine((text) => isId(prefix, text), `Must be an id that begins with ${prefix}_`)
    .meta({ examples: [`${prefix}_01jrfzq4v8m2k9d7t5x3w1c0ab`] })

/** Ids in the path: whatever is no id simply does not exist. */
export const pathId = z.object({ id: z.string() })

/** A currency code of ISO 4217, upper case. */
export const currencySchema = z
  .string()
  .refine((code) => /^[A-Z]{3}$/.test(code) && isCurrency(code), 'Must be a currency code of ISO 4217 such as EUR')
  .meta({ examples: ['EUR'] })

/** An amount as the request typed it (number or decimal string), still without its currency. */
export const amountSchema = z
  .union([z.string(), z.number()], {
    error: (issue) => (issue.input === undefined ? MISSING : 'Must be a number or a decimal string'),
  })
  .transform(String)
  .meta({ examples: [1250.0] })

/** Minor units of an amount above zero, or the fault in the specification's words. `too_large` is against a rule (422), all
 *  else is malformed (400). */
export function amountAboveZero(text: string, currency: string, field = 'amount'): bigint {
  const amount = readAmount(plainDecimal(text), currency)
  if (amount === 'too_large') {
    throw new AppError('validation_failed', 'The amount is too large', {
      details: [{ field, issue: 'Must be at most 9999999999999.99: thirteen digits before the decimal point' }],
    })
  }
  if (amount === 'not_a_number') throw faulty(field, 'Must be a number or a decimal string')
  if (amount === 'too_many_decimals')
    throw faulty(field, `Must have at most ${decimalsOf(currency)} decimals in ${currency}`)
  if (amount <= 0n) throw faulty(field, 'Amount must be greater than zero')
  return amount
}

/** `1.25e3`, as some JSON writers put it, means 1250. Exact: only digits move. */
function plainDecimal(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/.exec(text)
  if (!parts) return text
  const [, sign, whole, fraction = '', exponent] = parts
  const digits = whole! + fraction
  const point = whole!.length + Number.parseInt(exponent!, 10)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return point >= digits.length
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

const faulty = (field: string, issue: string): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', { details: [{ field, issue }] })

/** A calendar day or a time: `2025-04-10` or `2025-04-10T14:30:00Z`. */
export const daySchema = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) &&
      isRealDay(text.slice(0, 10)) &&
      !Number.isNaN(Date.parse(text)),
    'Must be a date such as 2025-04-10 or a time such as 2025-04-10T14:30:00Z',
  )
  .meta({ examples: ['2025-04-10T14:30:00Z'] })

function isRealDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** A text of people, without control characters that would break a terminal or a table. */
export const textSchema = (max: number) => z.string().max(max, `Must have at most ${max} characters`)
