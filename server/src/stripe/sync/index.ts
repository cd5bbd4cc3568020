/** The regular reading of Stripe accounts, one at a time, within the reads that Stripe allows. */
import { eachApart } from '../../base/each-apart.ts'
import type { Id } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { Sweep } from '../../http/slice.ts'
import type { JobKind } from '../../jobs/queue.ts'
import type { StripeDeps } from '../deps.ts'
import { SYNC_JOB } from '../job-names.ts'
import { watchBudget } from './budget.ts'
import type { SyncDeps } from './deps.ts'
import { listDue, putOff } from './queries.ts'
import { syncConnection } from './sync-connection.ts'

export { type Budget, type BudgetState, readBudget } from './budget.ts'
export type { SyncDeps } from './deps.ts'
export { syncRoutes } from './routes.ts'
export { syncConnection, type SyncOutcome } from './sync-connection.ts'

const SWEEP_MS = 30_000
const BUDGET_SWEEP_MS = 600_000
const AT_ONCE = 200
/** A job that was lost is found after this. */
const LOST_MS = 3_600_000

export const syncJobs = (deps: SyncDeps): JobKind[] => [
  {
    queue: SYNC_JOB,
    concurrency: 4,
    // As long as a sync may hold its connection, and a little more.
    expireInSeconds: 960,
    retryLimit: 3,
    retryDelaySeconds: 30,
    handle: async (data) => {
      const ref = { tenantId: data.tenantId, id: data.connectionId as Id<'strc'> }
      await syncConnection(deps, ref, data.by === 'scheduled' ? 'scheduled' : 'asked')
    },
  },
]

export const syncSweeps = (deps: StripeDeps): Sweep[] => [
  { name: 'due Stripe connections', everyMs: deps.scaled(SWEEP_MS), run: () => queueDue(deps) },
  { name: 'reads of Stripe', everyMs: deps.scaled(BUDGET_SWEEP_MS), run: () => watchBudget(deps) },
]

async function queueDue(deps: StripeDeps): Promise<void> {
  await eachApart(await deps.store.directory((tx) => listDue(tx, AT_ONCE)), ({ tenantId, id }) =>
    deps.store.change(tenantId, systemActor('schedule'), async (tx) => {
      tx.job(SYNC_JOB, { connectionId: id, by: 'scheduled' }, { onlyOne: id })
      await putOff(tx, id, deps.scaled(LOST_MS))
    }),
  )
}
