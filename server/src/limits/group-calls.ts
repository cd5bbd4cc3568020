import type { CallCounters, Limit, Taken } from './counters.ts'

/** One call among those decided together: `admitted` is 1 or 0. */
export type TakeCall = (limits: readonly Limit[]) => Promise<Taken>

/** Decides calls one by one, but asks the counters for equal ones together: while a question about certain limits is under way,
 *  further calls under the same limits wait and go into the next. A burst of one tenant is then a few questions and not
 *  thousands, and a process never waits for its own lock. Each call gets the count as it stood after its own turn. */
export function groupCalls(counters: Pick<CallCounters, 'take'>): TakeCall {
  const waiting = new Map<string, { resolve(taken: Taken): void; reject(error: unknown): void }[]>()

  const ask = async (key: string, limits: readonly Limit[]): Promise<void> => {
    for (let group = waiting.get(key)!; group.length > 0; group = waiting.get(key)!) {
      waiting.set(key, [])
      try {
        const taken = await counters.take(limits, group.length)
        for (const [turn, { resolve }] of group.entries()) resolve(afterTurn(taken, turn))
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    waiting.delete(key)
  }

  return (limits) =>
    new Promise((resolve, reject) => {
      const key = limits.map(({ subject, perMinute }) => `${subject} ${perMinute}`).join(' ')
      const group = waiting.get(key)
      if (group) {
        group.push({ resolve, reject })
      } else {
        waiting.set(key, [{ resolve, reject }])
        void ask(key, limits)
      }
    })
}

function afterTurn(taken: Taken, turn: number): Taken {
  const after = Math.max(0, taken.admitted - turn - 1)
  return {
    admitted: turn < taken.admitted ? 1 : 0,
    nowMs: taken.nowMs,
    cells: taken.cells.map((cell) => ({ ...cell, current: cell.current - after })),
  }
}
