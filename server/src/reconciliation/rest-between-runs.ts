import type { TenantId } from '../base/ids.ts'

/** Shorter runs cost too little to wait for. */
const RUN_MS_MIN = 3_000
/** A tenant's runs take at most half of the time, unless that made money wait longer than this. */
const REST_MS_MAX = 30_000

export interface Rests {
  /** How long the tenant's next run should still wait, in milliseconds; 0: not at all. */
  leftMs(tenantId: TenantId): number
  /** A run took so long. */
  ran(tenantId: TenantId, tookMs: number): void
}

/** Every change of money or invoices asks for a run, and a run looks at all undecided lines together: in a large book, while a
 *  statement or an account is being read, one would follow the other without end. What took long rests, and what is asked for
 *  meanwhile is one run. Each process counts its own; `nowMs` never goes back. */
export function createRests(nowMs: () => number): Rests {
  const until = new Map<TenantId, number>()
  return {
    leftMs: (tenantId) => {
      const left = (until.get(tenantId) ?? 0) - nowMs()
      if (left > 0) return left
      until.delete(tenantId)
      return 0
    },
    ran: (tenantId, tookMs) => {
      if (tookMs >= RUN_MS_MIN) until.set(tenantId, nowMs() + Math.min(REST_MS_MAX, tookMs))
    },
  }
}
