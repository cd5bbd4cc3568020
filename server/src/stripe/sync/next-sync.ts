import type { BudgetState } from './budget.ts'
import type { Habits } from './queries.ts'

export const HOUR_MS = 3_600_000
/** Where events come by themselves, nothing moves, or reads run short. */
export const SELDOM_MS = 6 * HOUR_MS
/** Two days of hourly readings that found nothing. */
const QUIET_SYNCS = 48
/** First wait after a failure: it doubles with the time since the last success, up to the interval. */
const RETRY_MS = 120_000
/** A page cap was reached: the rest is read at once. */
export const GO_ON_MS = 1_000

/** When to read again, in milliseconds, before jitter and scaling. `later` asks for its own time and is handled by the caller. */
export function nextSyncMs(after: { habits: Habits; budget: BudgetState; done: boolean; failed: boolean }): number {
  const { habits, budget, done, failed } = after
  const seldom = budget !== 'free' || habits.events || habits.quietSyncs >= QUIET_SYNCS
  const interval = seldom ? SELDOM_MS : HOUR_MS
  if (failed) return Math.min(interval, Math.max(RETRY_MS, habits.sinceSyncMs ?? RETRY_MS))
  return done || budget === 'spent' ? interval : GO_ON_MS
}
