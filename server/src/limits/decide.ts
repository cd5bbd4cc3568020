import type { Cell, Limit, Taken } from './counters.ts'
import type { CountCall } from './counting.ts'
import { resetSeconds, usedCalls, waitMs } from './window.ts'

/** What a caller may know of one decision: how it went, and how the tightest of the limits stands. */
export interface Decision<L extends Limit> {
  admitted: boolean
  /** The one with the fewest calls left; of a refused call the one that stays full the longest. */
  tightest: L
  remaining: number
  resetSeconds: number
  /** Until a call would be admitted again; 0 for an admitted one. */
  waitMs: number
}

/** Undefined only for `closed` calls, when nobody can count. */
export type Decide = <L extends Limit>(limits: readonly L[], closed: boolean) => Promise<Decision<L> | undefined>

/** Refusals remembered at most; the oldest is forgotten first. */
const REFUSALS_MAX = 50_000

/** Decides about calls, and remembers a refusal until it runs out: nothing but time makes room in a full window, so there is no
 *  need to ask again. Who goes on calling costs neither the database nor Redis anything. */
export function createDecide(count: CountCall, nowMs: () => number): Decide {
  const refusals = new Map<string, { untilMs: number; resetSeconds: number }>()

  const remembered = <L extends Limit>(limits: readonly L[]): Decision<L> | undefined => {
    const now = nowMs()
    for (const limit of limits) {
      const refusal = refusals.get(keyOf(limit))
      if (!refusal) continue
      const wait = refusal.untilMs - now
      if (wait > 0)
        return { admitted: false, tightest: limit, remaining: 0, resetSeconds: refusal.resetSeconds, waitMs: wait }
      refusals.delete(keyOf(limit))
    }
    return undefined
  }

  return async (limits, closed) => {
    const known = remembered(limits)
    if (known) return known
    const taken = await count(limits, closed)
    if (!taken) return undefined
    const decision = decisionOf(limits, taken)
    if (!decision.admitted) {
      refusals.set(keyOf(decision.tightest), {
        untilMs: nowMs() + decision.waitMs,
        resetSeconds: decision.resetSeconds,
      })
      if (refusals.size > REFUSALS_MAX) refusals.delete(refusals.keys().next().value!)
    }
    return decision
  }
}

/** Reads the counts of a decided call. */
function decisionOf<L extends Limit>(limits: readonly L[], taken: Taken): Decision<L> {
  const admitted = taken.admitted > 0
  const standings = limits.map((limit, index) => standing(limit, taken.cells[index]!, taken.nowMs))
  const order = admitted
    ? (one: Standing<L>, other: Standing<L>) =>
        one.remaining - other.remaining || one.tightest.perMinute - other.tightest.perMinute
    : (one: Standing<L>, other: Standing<L>) => other.waitMs - one.waitMs
  const [tightest] = standings.sort(order)
  return { ...tightest!, admitted, waitMs: admitted ? 0 : Math.max(1, tightest!.waitMs) }
}

type Standing<L extends Limit> = Omit<Decision<L>, 'admitted'>

const standing = <L extends Limit>(limit: L, cell: Cell, nowMs: number): Standing<L> => ({
  tightest: limit,
  remaining: Math.max(0, limit.perMinute - usedCalls(cell, nowMs)),
  resetSeconds: resetSeconds(cell, limit.perMinute, nowMs),
  waitMs: waitMs(cell, limit.perMinute, nowMs),
})

const keyOf = ({ subject, perMinute }: Limit): string => `${subject} ${perMinute}`
