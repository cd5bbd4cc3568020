import { AppError } from '../../base/errors.ts'
import type { Id } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { getInstance } from '../instances/queries.ts'
import { verifyInstance } from '../instances/verify-instance.ts'
import type { ModuleDeps } from './deps.ts'

/** Job that looks for the proof of a module that was just paired. */
export const PROVE_JOB = 'prove-module'
const ACTOR = systemActor(PROVE_JOB)
/** Waits before the second and each further look (planned): a web server may cache the 404 it gave before. */
const AGAIN_MS = [60_000, 600_000, 3_600_000] as const

/** Looks whether WHMCS, seen from outside, answers with the module's proof. Behind a firewall it does not: then the tenant
 *  proves it by file or DNS, and nothing is wrong. */
export function proveJob(deps: ModuleDeps): JobKind {
  return {
    queue: PROVE_JOB,
    concurrency: 4,
    expireInSeconds: 120,
    retryLimit: 2,
    retryDelaySeconds: 60,
    handle: async ({ tenantId, instanceId, attempt }) => {
      const id = instanceId as Id<'whm'>
      const instance = await deps.store.read(tenantId, (tx) => getInstance(tx, id))
      if (!instance || instance.verifiedAt !== null || instance.status === 'disconnected') return
      try {
        await verifyInstance(deps, tenantId, ACTOR, id, 'module')
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'service_unavailable') throw error
        const tried = Number(attempt)
        const againInMs = AGAIN_MS[tried - 1]
        deps.log.info('no proof of the module yet', { instance_id: id, attempt: tried, reason: error.code })
        if (againInMs === undefined || error.code === 'resource_conflict') return
        await deps.store.change(tenantId, ACTOR, async (tx) =>
          tx.job(PROVE_JOB, { instanceId: id, attempt: tried + 1 }, { onlyOne: id, delayMs: deps.scaled(againInMs) }),
        )
      }
    },
  }
}
