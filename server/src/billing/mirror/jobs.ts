import { eachApart } from '../../base/each-apart.ts'
import type { Id } from '../../base/ids.ts'
import type { Sweep } from '../../http/slice.ts'
import type { JobData, JobKind } from '../../jobs/queue.ts'
import { listDue, takeDue } from '../instances/queries.ts'
import { MIRROR_JOB } from './job-name.ts'
import { mirrorActor, type MirrorDeps, mirrorInstance } from './mirror-instance.ts'
import { nextInMs } from './settle-run.ts'

const DUE_MAX = 500
const SWEEP_MS = 15_000

/** The job that reads an installation. It is not retried by the queue: its own next turn comes, and says so. */
export function mirrorJob(deps: MirrorDeps): JobKind {
  return {
    queue: MIRROR_JOB,
    concurrency: 4,
    expireInSeconds: 900,
    retryLimit: 0,
    retryDelaySeconds: 60,
    handle: (data: JobData) => mirrorInstance(deps, data.tenantId, data.instanceId as Id<'whm'>),
  }
}

/** Starts the readings that are due, over all tenants. Several processes may do so at once: each reading is taken once. */
export function mirrorSweep({ store, scaled }: MirrorDeps): Sweep {
  return {
    name: MIRROR_JOB,
    everyMs: Math.max(100, scaled(SWEEP_MS)),
    run: async () => {
      await eachApart(await store.directory((tx) => listDue(tx, DUE_MAX)), ({ tenantId, instanceId }) =>
        store.change(tenantId, mirrorActor, async (tx) => {
          if (await takeDue(tx, instanceId, nextInMs(scaled)))
            tx.job(MIRROR_JOB, { instanceId }, { onlyOne: instanceId })
        }),
      )
    },
  }
}
