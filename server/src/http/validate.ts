import { z } from 'zod'
import { AppError, type FaultyField } from '../base/errors.ts'
import { type IdPrefix, isId } from '../base/ids.ts'
import { decimalsOf, isCurrency, readAmount } from '../base/money.ts'

/** The value in its shape. Throws `invalid_request` that names every bad field at once, in the specification's words; `whole` is
 *  the name of the value itself. */
export function check(schema: z.ZodType, value: unknown, whole = ''): unknown {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const details = result.error.issues.flatMap((issue) =>
    faultsOf(issue).map((fault) => (fault.field === '' ? { ...fault, field: whole } : fault)),
  )
  const missing = details.some((fault) => fault.issue === MISSING)
  throw new AppError(
    'invalid_request',
    missing ? 'The request is missing required parameters' : 'The request contains invalid parameters',
    { details },
  )
}

const MISSING = 'This field is required'
const NOT_ABOVE_ZERO = 'Amount must be greater than zero'

type Issue = z.core.$ZodIssue

function faultsOf(issue: Issue, prefix: PropertyKey[] = []): FaultyField[] {
  const path = [...prefix, ...issue.path]
  const field = fieldName(path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: fieldName([...path, key]), issue: 'This field is not known' }))
  if (issue.code === 'invalid_union') return unionFaults(issue, path, field)
  const missing = issue.input === undefined && path.length > 0 && MISSING_CODES.has(issue.code)
  return [{ field, issue: missing ? MISSING : words(issue) }]
}

const MISSING_CODES: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value'])
/** Of a name that the caller made up, enough to find it again. */
const NAME_MAX = 200

const fieldName = (path: PropertyKey[]): string =>
  path
    .map((part) => String(part).slice(0, NAME_MAX))
    .join('.')
    .slice(0, 4 * NAME_MAX)
    .toWellFormed()

/** The branch that was meant: the one that names its own kind, else the one whose faults lie deepest. */
function unionFaults(issue: Issue & { code: 'invalid_union' }, path: PropertyKey[], field: string): FaultyField[] {
  const kind = (issue as { discriminator?: string }).discriminator
  const value = kind === undefined ? issue.input : (issue.input as Record<string, unknown> | undefined)?.[kind]
  if (value === undefined && path.length > 0) return [{ field, issue: MISSING }]
  if (hasOwnWords(issue)) return [{ field, issue: issue.message }]
  const depth = (issues: Issue[]) => Math.min(...issues.map((one) => one.path.length))
  const [meant] = [...issue.errors].sort((one, other) => depth(other) - depth(one))
  if (!meant) return [{ field, issue: 'Has an invalid value' }]
  if (depth(meant) > 0) return meant.flatMap((one) => faultsOf(one, path))
  const kinds = issue.errors.flatMap(([one]) => (one?.code === 'invalid_type' ? [nameOf(one.expected)] : []))
  if (kinds.length === issue.errors.length) return [{ field, issue: `Must be ${[...new Set(kinds)].join(' or ')}` }]
  return meant.flatMap((one) => faultsOf(one, path))
}

const hasOwnWords = ({ message }: Issue): boolean => !/^(Invalid|Too small|Too big|Unrecognized)\b/.test(message)

/** What is wrong, as a sentence about the field. Shapes may bring words of their own; these are for what the library would say. */
function words(issue: Issue): string {
  if (hasOwnWords(issue)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `Must be ${nameOf(issue.expected)}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `Must be ${String(issue.values[0])}`
        : `Must be one of: ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return bound(
        issue.origin,
        `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`,
        issue.minimum,
      )
    case 'too_big':
      return bound(
        issue.origin,
        `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`,
        issue.maximum,
      )
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'Does not have the right form'
    default:
      return 'Has an invalid value'
  }
}

const FORMATS: Record<string, string> = {
  email: 'Must be an email address',
  url: 'Must be an address such as https://example.com/path',
  date: 'Must be a date such as 2025-04-10',
  datetime: 'Must be a time such as 2025-04-10T14:30:00Z',
}

function bound(origin: string, amount: string, count: number | bigint): string {
  const many = count === 1 || count === 1n ? '' : 's'
  if (origin === 'string') return `Must have ${amount} character${many}`
  return origin === 'array' || origin === 'set' ? `Must hold ${amount} item${many}` : `Must be ${amount}`
}

const NAMES: Record<string, string> = {
  int: 'a whole number',
  array: 'a list',
  boolean: 'true or false',
  record: 'an object',
}

const nameOf = (type: string): string => NAMES[type] ?? `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`

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

const NOT_A_NUMBER = 'Must be a number or a decimal string'
/** Thirteen digits, a point and decimals need far less; unbounded digits would cost time without bound. */
const AMOUNT_TEXT_MAX = 64

/** An amount as the request typed it (number or decimal string), still without its currency. */
export const amountSchema = z
  .union([z.string(), z.number()], { error: (issue) => (issue.input === undefined ? MISSING : NOT_A_NUMBER) })
  .transform(String)
  .refine(isAmountText, NOT_A_NUMBER)
  .meta({ examples: [1250.0] })

/** As `amountSchema`, for amounts of money that moved. */
export const paidAmountSchema = amountSchema
  .refine(
    (text) => !isAmountText(text) || (!text.startsWith('-') && /[1-9]/.test(text.split(/[eE]/)[0]!)),
    NOT_ABOVE_ZERO,
  )
  .meta({ examples: [1250.0] })

function isAmountText(text: string): boolean {
  return text.length <= AMOUNT_TEXT_MAX && /^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/.test(text)
}

/** The shape, which also says when `amount` has more decimals than `currency`, together with all other faults. */
export const withDecimalsOf = <S extends z.ZodObject>(shape: S): S =>
  shape.refine(
    ({ amount, currency }) => amount === undefined || readAmountText(amount, currency) !== 'too_many_decimals',
    {
      path: ['amount'],
      error: (issue) => tooManyDecimals((issue.input as { currency: string }).currency),
      when: ({ value }) => {
        const { amount, currency } = (value ?? {}) as { amount?: unknown; currency?: unknown }
        return (
          typeof amount === 'string' && isAmountText(amount) && typeof currency === 'string' && isCurrency(currency)
        )
      },
    },
  )

const tooManyDecimals = (currency: string): string =>
  `Must have at most ${decimalsOf(currency)} decimals in ${currency}`

const readAmountText = (amount: unknown, currency: unknown) =>
  readAmount(plainDecimal(String(amount)), String(currency))

/** Minor units of an amount above zero, or the fault in the specification's words. `too_large` is against a rule (422), all
 *  else is malformed (400). */
export function amountAboveZero(text: string, currency: string, field = 'amount'): bigint {
  const amount = readAmount(plainDecimal(text), currency)
  if (amount === 'too_large') {
    throw new AppError('validation_failed', 'The amount is too large', {
      details: [{ field, issue: 'Must be at most 9999999999999.99: thirteen digits before the decimal point' }],
    })
  }
  if (amount === 'not_a_number') throw faulty(field, NOT_A_NUMBER)
  if (amount === 'too_many_decimals') throw faulty(field, tooManyDecimals(currency))
  if (amount <= 0n) throw faulty(field, NOT_ABOVE_ZERO)
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

/** Whether the calendar has this day, written YYYY-MM-DD. */
export function isRealDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** A text of people, as they wrote it: whoever shows it elsewhere than in JSON makes it harmless there. */
export const textSchema = (max: number) => z.string().max(max, `Must have at most ${max} characters`)
