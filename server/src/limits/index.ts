import type { Slice } from '../http/slice.ts'
import type { RateLimits } from './create-limits.ts'

export { createLimits, type LimitsDeps, type RateLimits, type TakeOne } from './create-limits.ts'
export { networkOf } from './limits-of-call.ts'

/** Cells count for two minutes; those that lie about longer cost a little space. Real minutes, so not scaled. */
const SWEEP_MS = 60_000

/** What the limiter looks after: old counts. */
export const limitsSlice = (limits: RateLimits): Slice => ({
  sweeps: [{ name: 'rate cells', everyMs: SWEEP_MS, run: limits.sweep }],
})
