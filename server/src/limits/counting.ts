import { bounded } from './bounded.ts'
import type { CallCounters, Limit, Taken } from './counters.ts'
import { groupCalls } from './group-calls.ts'
import { createLocalCounters } from './local-counters.ts'

/** Hears once that the shared counters are out of reach (with what went wrong), and once that they are back. */
export type ReportOutage = (outage: 'begins' | 'ends', error?: unknown) => void

/** Counts one call, whatever the state of the shared counters. Undefined only for `closed` calls, when nobody can count. */
export type CountCall = (limits: readonly Limit[], closed: boolean) => Promise<Taken | undefined>

/** How long a call waits for the shared counters, and how often one call tries them again during an outage. */
const BOUND_MS = 250
const RETRY_MS = 1_000

/** Three states. Counting together: the shared counters decide. Outage: a decision failed or was slow; from then on this process
 *  counts for itself, with the same numbers and from the counts last seen, and `closed` calls are refused. Trying: once a second
 *  one call asks the shared counters again while all others go on as in the outage; its success ends the outage, and nothing else
 *  does, so that a wavering server is reported once a second at most. */
export function createCounting(options: {
  shared: CallCounters
  nowMs(): number
  report: ReportOutage
  boundMs?: number
}): CountCall {
  const { shared, nowMs, report, boundMs = BOUND_MS } = options
  const takeShared = groupCalls(shared)
  const local = createLocalCounters(nowMs)
  let outage = false
  let tryAtMs = 0

  return async (limits, closed) => {
    const trying = outage && nowMs() >= tryAtMs
    if (trying) tryAtMs = nowMs() + RETRY_MS
    if (!outage || trying) {
      try {
        const taken = await bounded(takeShared(limits), boundMs)
        if (trying) {
          outage = false
          report('ends')
        }
        local.adopt(limits, taken)
        return taken
      } catch (error) {
        if (!outage) report('begins', error)
        outage = true
        tryAtMs = nowMs() + RETRY_MS
      }
    }
    return closed ? undefined : local.take(limits, 1)
  }
}
