import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { createRests } from './rest-between-runs.ts'

test('what took long rests as long, at most half a minute, and others do not wait for it', () => {
  let now = 0
  const rests = createRests(() => now)
  const [large, small] = [newId('ten'), newId('ten')]
  rests.ran(large, 5_000)
  rests.ran(small, 2_900)
  expect([rests.leftMs(large), rests.leftMs(small)]).toEqual([5_000, 0])
  now = 4_999
  expect(rests.leftMs(large)).toBe(1)
  now = 5_000
  expect(rests.leftMs(large)).toBe(0)
  rests.ran(large, 120_000)
  expect(rests.leftMs(large)).toBe(30_000)
})

test('however runs follow each other, they take half of the time or wait half a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 3_000, max: 90_000 }), { minLength: 1, maxLength: 30 }), (runs) => {
      let now = 0
      const rests = createRests(() => now)
      const tenant = newId('ten')
      for (const tookMs of runs) {
        now += tookMs
        rests.ran(tenant, tookMs)
        const left = rests.leftMs(tenant)
        expect(left === 30_000 || left === tookMs).toBe(true)
        now += left
        expect(rests.leftMs(tenant)).toBe(0)
      }
    }),
  )
})
