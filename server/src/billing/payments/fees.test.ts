import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../../../test/setup/properties.ts'
import { shareOfFee } from './fees.ts'

describe('the share of a fee', () => {
  it('of all parts of the money is the fee, of some of them no more, and none is below zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 12 }),
        fc.nat(12),
        (feeMinor, parts, taken) => {
          const lineMinor = parts.reduce((sum, part) => sum + part, 0n)
          let beforeMinor = 0n
          const shares = parts.map((amountMinor) => {
            const share = shareOfFee(feeMinor, lineMinor, { beforeMinor, amountMinor })
            beforeMinor += amountMinor
            return share
          })
          expect(shares.every((share) => share >= 0n)).toBe(true)
          expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(feeMinor)
          expect(shares.slice(0, taken).reduce((sum, share) => sum + share, 0n) <= feeMinor).toBe(true)
        },
      ),
    )
  })

  it('is as large as the part, but for a part of the smallest unit', () => {
    expect(shareOfFee(307n, 10_000n, { beforeMinor: 0n, amountMinor: 3_333n })).toBe(102n)
    expect(shareOfFee(307n, 10_000n, { beforeMinor: 3_333n, amountMinor: 6_667n })).toBe(205n)
  })
})
