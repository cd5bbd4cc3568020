import { describe, expect, it } from 'vitest'
import { consentShare, daysLeft } from './days.ts'

const NOW_MS = Date.parse('2025-04-10T14:30:00Z')

describe('the days a consent has left', () => {
  it.each([
    ['2025-04-10T14:30:01Z', 1],
    ['2025-04-11T14:30:00Z', 1],
    ['2025-04-11T14:30:01Z', 2],
    ['2025-04-10T14:30:00Z', 0],
    ['2025-01-01T00:00:00Z', 0],
  ])('until %s are %i', (expiresAt, days) => {
    expect(daysLeft(expiresAt, NOW_MS)).toBe(days)
  })
  it('fill a ring of 90 or 180 days', () => {
    expect([0, 45, 90, 135, 180, 400].map(consentShare)).toEqual([0, 0.5, 1, 0.75, 1, 1])
  })
})
