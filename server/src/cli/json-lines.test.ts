import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAmount } from '../base/money.ts'
import { parseExact } from './json-lines.ts'

const amountIn = (source: string): unknown => (parseExact(source) as { amount: unknown }).amount

describe('amounts in JSON', () => {
  it('are the same as written, whatever their digits', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^-?(0|[1-9]\d{0,17})(\.\d{1,5})?$/),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (text, code) => {
          const read = amountIn(`{"id":"a","amount": ${text},"total":5}`)
          expect(readAmount(String(read), code)).toEqual(readAmount(text, code))
        },
      ),
    )
  })

  it.each(['9007199254740993', '12.10', '0.1000000000000000055', '1e2', '5E-1', '007'])(
    'of %s keep what was typed',
    (text) => {
      expect(amountIn(`{"amount":${text}}`)).toBe(text)
    },
  )

  it.each(['.5', '-', 'x', '1x'])('refuses %s', (text) => {
    expect(() => amountIn(`{"amount":${text}}`)).toThrow(SyntaxError)
  })

  it('leaves texts alone that only look like an amount', () => {
    expect(parseExact('{"note":"\\"amount\\":1.10","amount":1.10}')).toEqual({ note: '"amount":1.10', amount: '1.10' })
  })
})
