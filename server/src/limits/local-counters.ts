import type { CallCounters, Cell, Limit, Taken } from './counters.ts'
import { presentCell, usedCalls } from './window.ts'

/** Counts kept in this process: what the API falls back to while the shared ones are out of reach. */
export interface LocalCounters extends CallCounters {
  take(limits: readonly Limit[], calls: number): Promise<Taken>
  /** Takes over what the shared counters said, so that a fallback goes on from there instead of from zero. */
  adopt(limits: readonly Limit[], taken: Taken): void
}

/** Subjects remembered. A flood from many addresses forgets the ones seen longest ago instead of filling the memory. */
const SUBJECTS_MAX = 50_000

export function createLocalCounters(nowMs: () => number, subjectsMax: number = SUBJECTS_MAX): LocalCounters {
  const cells = new Map<string, Cell>()
  const keep = (subject: string, cell: Cell) => {
    // Set anew: a map keeps the order of insertion, and the first is the one seen longest ago.
    cells.delete(subject)
    cells.set(subject, cell)
    if (cells.size > subjectsMax) cells.delete(cells.keys().next().value!)
  }

  return {
    take: async (limits, calls) => {
      const now = nowMs()
      const present = limits.map(({ subject }) => presentCell(cells.get(subject), now))
      const rooms = limits.map(({ perMinute }, index) => perMinute - usedCalls(present[index]!, now))
      const admitted = Math.max(0, Math.min(calls, ...rooms))
      const after = present.map((cell) => ({ ...cell, current: cell.current + admitted }))
      if (admitted > 0) for (const [index, { subject }] of limits.entries()) keep(subject, after[index]!)
      return { admitted, nowMs: now, cells: after }
    },
    adopt: (limits, taken) => {
      const aheadMs = taken.nowMs - nowMs()
      for (const [index, { subject }] of limits.entries()) {
        const cell = taken.cells[index]!
        keep(subject, { ...cell, startedMs: cell.startedMs - aheadMs })
      }
    },
    sweep: async () => {},
    close: async () => cells.clear(),
  }
}
