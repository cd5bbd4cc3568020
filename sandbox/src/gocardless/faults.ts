import type { RowName, Shape } from './refusals.ts'

/** A misbehaviour to come. Without `endpoint` and `account` it meets every call.
 *  slow: waits `delayMs` before answering; slow_body: sends the headers, then a few bytes every `delayMs`;
 *  drop: cuts the connection before anything is done; drop_after: does the work, then cuts; cut_body: ends the body half-way;
 *  500 and 503: the bank's own failures in flat form; html: a proxy's error page with 502; empty: 500 without a body;
 *  error: a row of the error table by `row`, in body shape `shape` (1 to 6, default 1). */
export interface FaultRequest {
  kind: 'slow' | 'slow_body' | 'drop' | 'drop_after' | 'cut_body' | '500' | '503' | 'html' | 'empty' | 'error'
  /** `token/new`, `accounts/transactions` …: the names of the counters; `accounts` meets all that begin with it. */
  endpoint?: string
  /** Key of a bank account or one of its account ids. */
  account?: string
  row?: RowName
  shape?: Shape
  delayMs?: number
  /** How many calls it meets; default 1, 0 = until cleared. */
  times?: number
  /** How many fitting calls pass untouched first. */
  skip?: number
}

export interface Fault extends FaultRequest {
  id: number
  met: number
}

/** Takes the first fault that meets this call, counting it down. `isAccount` says whether a fault's account is the one called. */
export function takeFault(faults: Fault[], endpoint: string, isAccount: (account: string) => boolean): Fault | null {
  for (const fault of faults) {
    const fits =
      fault.endpoint === undefined || endpoint === fault.endpoint || endpoint.startsWith(`${fault.endpoint}/`)
    if (!fits || (fault.account !== undefined && !isAccount(fault.account))) continue
    fault.met += 1
    if (fault.met <= (fault.skip ?? 0)) continue
    const times = fault.times ?? 1
    const left = times - (fault.met - (fault.skip ?? 0))
    if (times !== 0 && left <= 0) faults.splice(faults.indexOf(fault), 1)
    return fault
  }
  return null
}
