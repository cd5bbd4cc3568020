import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from '../src/amounts.ts'
import { AMOUNT_FIELDS } from '../src/generated/types.ts'

it('amounts keep every digit, in any field that is one', () => {
  const text =
    '{"amount": 9999999999999.99, "total":1250.00,"nested":[{"balance" : -0.10}], "max_auto_amount":null, "fee_tolerance":0}'
  expect(parseJson(text)).toEqual({
    amount: '9999999999999.99',
    total: '1250.00',
    nested: [{ balance: '-0.10' }],
    max_auto_amount: null,
    fee_tolerance: '0',
  })
})

it('texts that look like amounts are left alone', () => {
  const value = { description: '"amount": 12.50, \\"amount\\":1', amount: '7', confidence: 0.9731, 'a"amount': 3 }
  expect(parseJson(JSON.stringify(value))).toEqual(value)
})

it('every other document reads as JSON.parse reads it', () => {
  const names = fc.oneof(fc.string(), fc.constantFrom(...AMOUNT_FIELDS))
  fc.assert(
    fc.property(
      fc.letrec((tie) => ({
        node: fc.oneof(
          { depthSize: 'small' },
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.array(tie('node')),
          fc.dictionary(names, tie('node'), { noNullPrototype: true }),
        ),
      })).node,
      fc.constantFrom(undefined, 2),
      (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const expected: unknown = JSON.parse(text, (name, part: unknown, context?: { source?: string }) =>
          typeof part === 'number' && AMOUNT_FIELDS.has(name) ? context?.source : part,
        )
        expect(parseJson(text)).toEqual(expected)
      },
    ),
  )
})

it('what is no JSON is refused', () => {
  for (const text of ['', '{"amount": 1.}', '{"amount": 01}', '{"amount": "1}', '{"amount":1.5 2}']) {
    expect(() => parseJson(text), text).toThrow(SyntaxError)
  }
})
