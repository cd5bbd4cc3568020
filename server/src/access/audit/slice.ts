import type { Clock, Scaled } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Store } from '../../events/store.ts'
import type { Slice } from '../../http/slice.ts'
import { createAuditHeads } from './heads.ts'
import { auditRoutes } from './routes.ts'

const HOUR_MS = 3_600_000

/** The audit trail as an API, and the daily copy of each chain's head outside the database. */
export function auditSlice(deps: { store: Store; dataDir: string; clock: Clock; scaled: Scaled; log: Log }): Slice {
  const heads = createAuditHeads(deps)
  return {
    routes: auditRoutes({ store: deps.store, heads, clock: deps.clock }),
    // Looks every hour, so that a new tenant's first head of the day is not a day late; writes one a day.
    sweeps: [{ name: 'audit-heads', everyMs: deps.scaled(HOUR_MS), run: heads.keep }],
  }
}
