import { describe, expect, it } from 'vitest'
import { toEvidence } from './evidence.ts'

const reason = (weight: number, code = `c${weight}`) => ({ code, weight, text: code })

describe('evidence', () => {
  it('shows what speaks for it before what speaks against it, and adds up to the log-odds of the confidence', () => {
    const { bars, sum, longest, unit } = toEvidence([reason(-8), reason(5), reason(8.5), reason(-1.1032)])
    expect(bars.map(({ weight }) => weight)).toEqual([8.5, 5, -1.1032, -8])
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(0.9878, 4)
    expect({ longest, unit }).toEqual({ longest: 8.5, unit: 'odds' })
  })
  it('measures the sum on the same scale', () => {
    expect(toEvidence([reason(9), reason(8), reason(-2)]).longest).toBe(15)
  })
  it('keeps what does not weigh apart', () => {
    expect(toEvidence([reason(5), reason(0, 'surplus_left')]).notes.map(({ code }) => code)).toEqual(['surplus_left'])
  })
  it('knows points of the plain rules', () => {
    const { unit, sum } = toEvidence([reason(0.6), reason(0.3)])
    expect(unit).toBe('points')
    expect(sum).toBeCloseTo(0.9)
    expect(toEvidence([]).longest).toBeGreaterThan(0)
  })
})
