import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalsOf, formatAmount, parseAmount, readAmount } from './money.ts'

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF', 'USD', 'TND')

describe('amounts', () => {
  it('round trip exactly at sixteen digits and beyond, in every number of decimals', () => {
    fc.assert(
      fc.property(
        currency,
        fc.bigInt({ min: -(10n ** 13n - 1n), max: 10n ** 13n - 1n }),
        fc.nat(9999),
        (code, whole, rest) => {
          const scale = 10n ** BigInt(decimalsOf(code))
          const minor = whole * scale + (BigInt(rest) % scale)
          expect(parseAmount(formatAmount(minor, code), code)).toBe(minor)
        },
      ),
    )
    expect(formatAmount(9_007_199_254_740_993n, 'EUR')).toBe('90071992547409.93')
    expect(parseAmount('9999999999999.999', 'KWD')).toBe(9_999_999_999_999_999n)
  })

  it('reads short amounts and the same ones behind zeros alike', () => {
    fc.assert(
      fc.property(currency, fc.stringMatching(/^\d{0,8}\.?\d{0,5}$/), (code, text) => {
        expect(readAmount(text, code)).toBe(
          readAmount(text === '' || text.startsWith('.') ? text : `00000000000${text}`, code),
        )
      }),
    )
  })

  it.each([
    ['5', 'EUR', 500n],
    ['5.1', 'EUR', 510n],
    ['5.100000', 'EUR', 510n],
    ['-3.5', 'EUR', -350n],
    ['0005', 'JPY', 5n],
    ['1.234', 'KWD', 1234n],
  ])('reads %s %s', (text, code, minor) => {
    expect(readAmount(text, code)).toBe(minor)
  })

  it.each([
    ['5.001', 'EUR', 'too_many_decimals'],
    ['5.5', 'JPY', 'too_many_decimals'],
    ['12345678901234', 'EUR', 'too_large'],
    ['1,5', 'EUR', 'not_a_number'],
    ['1e3', 'EUR', 'not_a_number'],
    ['', 'EUR', 'not_a_number'],
    ['.5', 'EUR', 'not_a_number'],
    ['0x10', 'EUR', 'not_a_number'],
  ])('refuses %s %s as %s', (text, code, fault) => {
    expect(readAmount(text, code)).toBe(fault)
  })
})
