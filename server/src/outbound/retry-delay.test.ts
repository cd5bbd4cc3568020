import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRetryAfter, retryDelayMs } from './retry-delay.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attempt = fc.integer({ min: 1, max: 10_000 })

describe('retryDelayMs', () => {
  it('is a whole number from 0 up to the doubling span, never above the cap', () => {
    fc.assert(
      fc.property(attempt, random, fc.integer({ min: 1, max: 60_000 }), (attempt, chance, baseMs) => {
        const delay = retryDelayMs(attempt, { baseMs, random: () => chance })
        expect(Number.isInteger(delay)).toBe(true)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(Math.min(15 * 60_000, baseMs * 2 ** (attempt - 1)))
      }),
    )
  })

  it('never undercuts what the provider asked for, within a day', () => {
    fc.assert(
      fc.property(attempt, random, fc.integer({ min: 0, max: 86_400_000 }), (attempt, chance, retryAfterMs) => {
        const delay = retryDelayMs(attempt, { retryAfterMs, random: () => chance })
        expect(delay).toBeGreaterThanOrEqual(retryAfterMs)
        expect(delay).toBeLessThanOrEqual(retryAfterMs + 15 * 60_000)
      }),
    )
  })

  it('uses the whole span and grows with the attempt', () => {
    const spans = [1, 2, 3, 4, 20].map((attempt) => retryDelayMs(attempt, { random: () => 1 - 2 ** -53 }))
    expect(spans).toEqual([999, 1_999, 3_999, 7_999, 899_999])
    expect(retryDelayMs(4, { random: () => 0 })).toBe(0)
    expect(retryDelayMs(1, { retryAfterMs: 10 ** 12, random: () => 0 })).toBe(86_400_000)
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 01 Mar 2026 12:01:30 GMT', 90_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s → %s', (header, ms) => expect(readRetryAfter(header, now)).toBe(ms))
})
