import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minorOf } from './amounts.ts'

describe("Stripe's integers", () => {
  it.each([
    ['EUR', 12_100n, 12_100n],
    ['JPY', 500n, 500n],
    ['BHD', 5_120n, 5_120n],
    ['ISK', 500n, 5n],
    ['UGX', 500n, 5n],
    ['MGA', 500n, 50_000n],
    ['HUF', 10_050n, 10_050n],
    ['ISK', -700n, -7n],
  ])('%s: %i are %i minor units', (currency, amount, minor) => {
    expect(minorOf(amount, currency)).toBe(minor)
  })

  it('are never rounded', () => {
    expect(minorOf(550n, 'ISK')).toBeUndefined()
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), (amount) => {
        const minor = minorOf(amount, 'UGX')
        expect(minor === undefined).toBe(amount % 100n !== 0n)
        if (minor !== undefined) expect(minor * 100n).toBe(amount)
      }),
    )
  })
})
