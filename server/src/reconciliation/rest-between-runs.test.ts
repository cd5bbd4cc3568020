import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { createRests } from './rest-between-runs.ts'

test('what took long rests three times as long, at most a minute, and others do not wait for it', () => {
  let now = 0
  const rests = createRests(() => now)
  const [large, small] = [newId('ten'), newId('ten')]
  rests.ran(large, 5_000)
  rests.ran(small, 200)
  expect([rests.leftMs(large), rests.leftMs(small)]).toEqual([15_000, 0])
  now = 14_999
  expect(rests.leftMs(large)).toBe(1)
  now = 15_000
  expect(rests.leftMs(large)).toBe(0)
  rests.ran(large, 120_000)
  expect(rests.leftMs(large)).toBe(60_000)
})

test('however runs follow each other, they take a quarter of the time or wait a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1_000, max: 90_000 }), { minLength: 1, maxLength: 30 }), (runs) => {
      let now = 0
      const rests = createRests(() => now)
      const tenant = newId('ten')
      for (const tookMs of runs) {
        now += tookMs
        rests.ran(tenant, tookMs)
        const left = rests.leftMs(tenant)
        expect(left === 60_000 || left === 3 * tookMs).toBe(true)
        now += left
        expect(rests.leftMs(tenant)).toBe(0)
      }
    }),
  )
})
