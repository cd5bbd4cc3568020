import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CELL_MS, presentCell, resetSeconds, usedCalls, waitMs } from './window.ts'

const START = 1_775_037_600_000
const limit = fc.integer({ min: 1, max: 1_000_000 })

/** Calls at these moments (milliseconds after the start), each admitted if the window has room. */
function play(perMinute: number, moments: number[]) {
  let cell = presentCell(undefined, START + (moments[0] ?? 0))
  const admitted: number[] = []
  for (const moment of moments) {
    cell = presentCell(cell, START + moment)
    if (usedCalls(cell, START + moment) >= perMinute) continue
    cell = { ...cell, current: cell.current + 1 }
    admitted.push(moment)
  }
  return { cell, admitted, nowMs: START + (moments.at(-1) ?? 0) }
}

const moments = fc
  .array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 })
  .map((pauses) => pauses.reduce<number[]>((all, pause) => [...all, (all.at(-1) ?? 0) + pause], []))

describe('the sliding window', () => {
  it('admits exactly the limit of a burst that begins at any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(10 * CELL_MS), fc.nat(59_000), (perMinute, at, spreadMs) => {
        const calls = Array.from({ length: perMinute * 2 }, (_, index) => at + (spreadMs * index) / (perMinute * 2))
        expect(play(perMinute, calls.map(Math.floor)).admitted).toHaveLength(perMinute)
      }),
    )
  })

  it('never admits more than twice the limit less one within any minute, however the calls fall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), moments, (perMinute, calls) => {
        const { admitted } = play(perMinute, calls)
        for (const [index, first] of admitted.entries()) {
          const within = admitted.slice(index).filter((moment) => moment - first < CELL_MS)
          expect(within.length).toBeLessThanOrEqual(Math.max(1, 2 * perMinute - 1))
        }
      }),
    )
  })

  it('names the wait exactly: a millisecond before it there is no room, after it there is', () => {
    fc.assert(
      fc.property(
        limit,
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        fc.nat(CELL_MS - 1),
        (perMinute, previous, current, elapsed) => {
          const cell = { startedMs: START, previous, current }
          const nowMs = START + elapsed
          const wait = waitMs(cell, perMinute, nowMs)
          const roomAfter = (ms: number) => usedCalls(presentCell(cell, nowMs + ms), nowMs + ms) < perMinute
          expect(roomAfter(wait)).toBe(true)
          if (wait > 0) expect(roomAfter(wait - 1)).toBe(false)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('lets nobody wait longer than a minute for a limit that was respected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), moments, (perMinute, calls) => {
        const { cell, nowMs } = play(perMinute, calls)
        expect(waitMs(cell, perMinute, nowMs)).toBeLessThanOrEqual(CELL_MS)
        const reset = resetSeconds(cell, perMinute, nowMs)
        expect(reset).toBeGreaterThanOrEqual(Math.floor(nowMs / 1000))
        expect(reset).toBeLessThanOrEqual(Math.floor(nowMs / 1000) + 61)
      }),
    )
  })

  it('stops counting a call two minutes later at the latest', () => {
    fc.assert(
      fc.property(limit, fc.nat(CELL_MS * 100), (current, more) => {
        const later = START + 2 * CELL_MS + more
        expect(usedCalls(presentCell({ startedMs: START, previous: 5, current }, later), later)).toBe(0)
      }),
    )
  })
})
