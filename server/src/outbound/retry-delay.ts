/** A provider that asks for more than a day means "tomorrow". */
const RETRY_AFTER_MS_MAX = 24 * 3_600_000

export interface RetryPlan {
  /** What the provider asked for, in ms, as read by `readRetryAfter`. */
  retryAfterMs?: number | null
  /** Longest wait of the first retry, ms; doubles with each further one. Default 1 s. */
  baseMs?: number
  /** Longest wait of any retry that the provider did not ask for, ms. Default 15 min. */
  capMs?: number
  /** 0 inclusive to 1 exclusive. */
  random?: () => number
}

/** How long to wait before retry number `attempt` (from 1), in whole ms: exponential with full jitter, so that callers who
 *  failed together do not return together. What a provider asked for is never undercut, up to a day; the jitter then
 *  comes on top. The wait is planned time: the caller applies its time scale. Nothing is retried here. */
export function retryDelayMs(attempt: number, plan: RetryPlan = {}): number {
  const { retryAfterMs = null, baseMs = 1_000, capMs = 15 * 60_000, random = Math.random } = plan
  // 2 ** 50 ms is far beyond any cap, and keeps the power finite.
  const spanMs = Math.min(capMs, baseMs * 2 ** Math.min(50, Math.max(0, Math.trunc(attempt) - 1)))
  const jitterMs = Math.floor(random() * spanMs)
  return retryAfterMs === null
    ? jitterMs
    : Math.min(RETRY_AFTER_MS_MAX, Math.ceil(Math.max(0, retryAfterMs))) + jitterMs
}

/** Reads a Retry-After header (whole seconds or an HTTP date) into ms from now; null when absent or unreadable, 0 for a
 *  moment that has passed. Source: RFC 9110, 10.2.3. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = /^[A-Z][a-z]{2}[a-z]*,? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}
