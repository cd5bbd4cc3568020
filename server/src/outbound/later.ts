/** Says "not now": the work has not failed and no attempt is used up; it goes back to its queue until `retryAt`. */
export class LaterError extends Error {
  override readonly name = 'LaterError'
  /** `open`: the breaker keeps calls away. `full`: the bulkhead's places are taken. */
  readonly reason: 'open' | 'full'
  /** From now, ms. */
  readonly retryInMs: number
  /** The same moment on the clock that the breaker or bulkhead was given, ms. */
  readonly retryAt: number

  constructor(reason: 'open' | 'full', nowMs: number, retryInMs: number) {
    super(reason === 'open' ? 'Calls are paused after many failures' : 'All places for calls are taken')
    this.reason = reason
    this.retryInMs = retryInMs
    this.retryAt = nowMs + retryInMs
  }
}
