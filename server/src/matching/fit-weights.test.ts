import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Example, fitWeights } from './fit-weights.ts'
import { type Signal, weights as shipped } from './weights.ts'

const signals = Object.keys(shipped) as Signal[]
const example: fc.Arbitrary<Example> = fc
  .array(
    fc.array(fc.record({ signal: fc.constantFrom(...signals), value: fc.constantFrom(0.2, 1, 2) }), { maxLength: 6 }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((readings) => fc.integer({ min: -1, max: readings.length - 1 }).map((right) => ({ readings, right })))

describe('fitting weights', () => {
  it('never turns what speaks for a reading against it, and leaves what is fixed', () => {
    const fixed = new Set<Signal>(['prior', 'older.equal'])
    fc.assert(
      fc.property(fc.array(example, { maxLength: 20 }), (examples) => {
        const found = fitWeights(examples, shipped, { holdLines: 0.1, rounds: 40, fixed })
        for (const signal of signals) {
          expect(found[signal] * shipped[signal]).toBeGreaterThanOrEqual(0)
          if (fixed.has(signal)) expect(found[signal]).toBe(shipped[signal])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('moves a finding as far as the lines speak, and less the more it is held', () => {
    const examples = Array.from(
      { length: 60 },
      (): Example => ({
        readings: [
          [
            { signal: 'prior', value: 1 },
            { signal: 'number.digits.nothing', value: 1 },
          ],
        ],
        right: 0,
      }),
    )
    const [free, held] = [1, 50].map(
      (holdLines) =>
        fitWeights(examples, shipped, { holdLines, rounds: 200, fixed: new Set(['prior']) })['number.digits.nothing'],
    )
    expect(free).toBeGreaterThan(held!)
    expect(held).toBeGreaterThan(shipped['number.digits.nothing'])
  })

  it('changes nothing without lines', () => {
    expect(fitWeights([], shipped, { holdLines: 1, rounds: 50, fixed: new Set() })).toEqual(shipped)
  })
})
