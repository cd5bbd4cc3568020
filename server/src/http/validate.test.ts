import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AppError } from '../base/errors.ts'
import { check, currencySchema, idSchema, paidAmountSchema, withDecimalsOf } from './validate.ts'

function faultsOf(schema: z.ZodType, value: unknown): { message: string; details: Record<string, string> } {
  try {
    check(schema, value, 'body')
    return { message: '', details: {} }
  } catch (error) {
    const { message, details } = error as AppError
    return { message, details: Object.fromEntries(details.map(({ field, issue }) => [field, issue])) }
  }
}

const payment = withDecimalsOf(
  z.strictObject({
    account_id: idSchema('acc'),
    amount: paidAmountSchema,
    currency: currencySchema,
    account: z.strictObject({ name: z.string().min(1).max(5), currency: currencySchema }).optional(),
    direction: z.enum(['credit', 'debit']).optional(),
    lines: z
      .array(z.strictObject({ n: z.int().min(1) }))
      .max(3)
      .optional(),
    target: z.union([z.string(), z.boolean()]).optional(),
  }),
)
const kinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), name: z.string() }),
  z.strictObject({ kind: z.literal('feed'), url: z.url() }),
])

describe('check', () => {
  it('names all faults at once, in the words of the specification', () => {
    expect(faultsOf(payment, { amount: 0 })).toEqual({
      message: 'The request is missing required parameters',
      details: {
        account_id: 'This field is required',
        amount: 'Amount must be greater than zero',
        currency: 'This field is required',
      },
    })
  })

  it('names nested fields by their path, and what nobody knows', () => {
    const wrong = {
      account_id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
      amount: '1.234',
      currency: 'EUR',
      account: { name: '', colour: 1 },
      direction: 'up',
      lines: [{ n: 0 }, {}],
      target: 3,
      shade: 1,
    }
    expect(faultsOf(payment, wrong).details).toEqual({
      account_id: 'Must be an id that begins with acc_',
      amount: 'Must have at most 2 decimals in EUR',
      'account.name': 'Must have at least 1 character',
      'account.currency': 'This field is required',
      'account.colour': 'This field is not known',
      direction: 'Must be one of: credit, debit',
      'lines.0.n': 'Must be at least 1',
      'lines.1.n': 'This field is required',
      target: 'Must be a string or true or false',
      shade: 'This field is not known',
    })
  })

  it('says that a list is too long before it looks into it', () => {
    expect(faultsOf(payment, { lines: [{ n: 0 }, {}, {}, {}] }).details.lines).toBe('Must hold at most 3 items')
    expect(faultsOf(payment, { lines: [{ n: 1.5 }] }).details['lines.0.n']).toBe('Must be a whole number')
  })

  it('asks for the kind first where there are several', () => {
    expect(faultsOf(kinds, {}).details).toEqual({ kind: 'This field is required' })
    expect(faultsOf(kinds, { kind: 'feed', url: 'nonsense' }).details).toEqual({
      url: 'Must be an address such as https://example.com/path',
    })
  })

  it.each([
    [[], 'body'],
    [null, 'body'],
    ['text', 'body'],
  ])('%j is no object', (value, field) => {
    expect(faultsOf(payment, value).details).toEqual({ [field]: 'Must be an object' })
  })

  it.each([
    ['12.50', 'EUR', undefined],
    ['0.00', 'EUR', 'Amount must be greater than zero'],
    ['-1', 'EUR', 'Amount must be greater than zero'],
    ['0e5', 'EUR', 'Amount must be greater than zero'],
    ['1.5', 'JPY', 'Must have at most 0 decimals in JPY'],
    ['1.25e3', 'EUR', undefined],
    ['1,25', 'EUR', 'Must be a number or a decimal string'],
    ['9'.repeat(1_000_000), 'EUR', 'Must be a number or a decimal string'],
    [[], 'EUR', 'Must be a number or a decimal string'],
  ])('an amount of %s in %s', (amount, currency, issue) => {
    const { details } = faultsOf(payment, { account_id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab', amount, currency })
    expect(details.amount).toBe(issue)
  })

  it('shortens names that the caller made up', () => {
    const [field] = Object.keys(faultsOf(z.strictObject({}), { ['x'.repeat(100_000)]: 1 }).details)
    expect(field).toHaveLength(200)
  })
})
