/** A misbehaviour to come. Without `endpoint` and `account` it meets every call below `/v1` and `/oauth`.
 *  rate_limited: 429 with the reason header; lock_timeout: 429 without it; error_500, error_503: Stripe's own failures; bare_502: a
 *  proxy's JSON without `error`; html: a proxy's page; empty: 500 without a body; reset: the connection is cut before anything is
 *  done; reset_after: the work is done, then it is cut; slow: waits before answering; slow_body: a few bytes at a time;
 *  cut_body: ends half-way. */
export interface FaultRequest {
  kind: FaultKind
  /** `charges`, `charges/id`, `oauth/token` …: the names of the counters; `charges` meets all that begin with it. */
  endpoint?: string
  account?: string
  /** For `rate_limited`: `global-rate`, `endpoint-rate`, `global-concurrency`, `endpoint-concurrency`, `resource-specific`. */
  reason?: string
  delayMs?: number
  /** How many calls it meets; default 1, 0 = until cleared. */
  times?: number
  /** How many fitting calls pass untouched first. */
  skip?: number
}

export const FAULT_KINDS = [
  'rate_limited',
  'lock_timeout',
  'error_500',
  'error_503',
  'bare_502',
  'html',
  'empty',
  'reset',
  'reset_after',
  'slow',
  'slow_body',
  'cut_body',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault extends FaultRequest {
  id: number
  met: number
}

/** Takes the first fault that meets this call, counting it down. */
export function takeFault(faults: Fault[], endpoint: string, account: string | null): Fault | null {
  for (const fault of faults) {
    const fits =
      fault.endpoint === undefined || endpoint === fault.endpoint || endpoint.startsWith(`${fault.endpoint}/`)
    if (!fits || (fault.account !== undefined && fault.account !== account)) continue
    fault.met += 1
    if (fault.met <= (fault.skip ?? 0)) continue
    const times = fault.times ?? 1
    if (times !== 0 && fault.met - (fault.skip ?? 0) >= times) faults.splice(faults.indexOf(fault), 1)
    return fault
  }
  return null
}
