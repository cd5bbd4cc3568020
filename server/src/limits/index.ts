import type { Log } from '../base/log.ts'
import type { Slice } from '../http/slice.ts'
import type { ReportOutage } from './counting.ts'
import type { RateLimits } from './create-limits.ts'

export { createLimits, type LimitsDeps, type RateLimits, type TakeOne, type Use } from './create-limits.ts'
export { networkOf } from './limits-of-call.ts'

/** Cells count for two minutes; those that lie about longer cost a little space. Real minutes, so not scaled. */
const SWEEP_MS = 60_000

/** What the limiter looks after: old counts. */
export const limitsSlice = (limits: RateLimits): Slice => ({
  sweeps: [{ name: 'rate cells', everyMs: SWEEP_MS, run: limits.sweep }],
})

/** Writes the beginning and the end of an outage of the shared counters into the log. */
export const logOutages =
  (log: Log): ReportOutage =>
  (outage, error) => {
    if (outage === 'begins') log.error('rate limits: this process counts by itself', { error })
    else log.info('rate limits: all processes count together again')
  }
