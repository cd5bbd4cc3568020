import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareAmounts, readTyped, restOf, sumOf, toAmount, toMinor } from './money.ts'

const amounts = fc.record({ minor: fc.bigInt(-(10n ** 15n), 10n ** 15n), decimals: fc.integer({ min: 0, max: 3 }) })

describe('amounts as text', () => {
  it('come back digit by digit', () => {
    fc.assert(
      fc.property(amounts, ({ minor, decimals }) => {
        expect(toMinor(toAmount(minor, decimals))).toEqual({ minor, decimals })
      }),
    )
  })
  it('are parts and rest of one sum', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 10n ** 12n), { maxLength: 9 }), (parts) => {
        const texts = parts.map((part) => toAmount(part, 2))
        expect(restOf(sumOf(['0.00', ...texts]), texts)).toBe('0.00')
      }),
    )
  })
  it('go below zero where the parts are more', () => {
    expect(restOf('44.05', ['40.00', '4.06'])).toBe('-0.01')
    expect(compareAmounts('44.05', '44.1')).toBe(-1)
  })
})

describe('a typed amount', () => {
  it.each([
    ['44,05', 2, '44.05'],
    ['44.05', 2, '44.05'],
    ['1.250,00', 2, '1250.00'],
    ['1,250.00', 2, '1250.00'],
    ["1'250.5", 2, '1250.50'],
    ['1.250', 2, '1250.00'],
    ['1.250', 3, '1.250'],
    ['1250', 0, '1250'],
    ['€ 7', 2, '7.00'],
    ['.5', 2, '0.50'],
    ['0', 2, undefined],
    ['44.055', 2, '44055.00'],
    ['44.0555', 2, undefined],
    ['-4', 2, undefined],
    ['', 2, undefined],
    ['FL-20633', 2, undefined],
  ])('%s with %i decimals is %s', (typed, decimals, amount) => {
    expect(readTyped(typed, decimals)).toBe(amount)
  })
})
