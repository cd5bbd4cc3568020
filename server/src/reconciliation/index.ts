/** Runs the engine on the tenant's money and invoices, keeps matches, and turns approved ones into payments. */
import type { Log } from '../base/log.ts'
import { noteRecordedTwice, noteReturned } from '../billing/index.ts'
import { systemActor } from '../events/audit.ts'
import type { Slice } from '../http/slice.ts'
import { MATCH_JOB } from '../transactions/index.ts'
import { createAsk } from './ask-aside.ts'
import { bulkRoutes } from './bulk-routes.ts'
import { historyRoutes } from './history-routes.ts'
import { type MatchingDeps, matchTransactions } from './match-transactions.ts'
import { noteShadow } from './note-shadow.ts'
import { reportRoutes } from './report/routes.ts'
import { shadowRoutes } from './report/shadow-routes.ts'
import { createRests, type Rests } from './rest-between-runs.ts'
import { closeReturnedThere, type ToldReturns } from './returned-there.ts'
import { reconciliationRoutes } from './routes.ts'
import { runRoutes } from './run-routes.ts'

export type { MatchingDeps } from './match-transactions.ts'
export { releaseTransfer, takeAsTransfer } from './set-transfer.ts'
export { settleMatch } from './settle-match.ts'

/** `now`: the time of day, which says what day it is for a tenant. `toldReturns`: money that went back at its provider. */
export function reconciliationSlice(
  given: Omit<MatchingDeps, 'ask'> & { log: Log; now?(): Date; toldReturns?: ToldReturns; rests?: Rests },
): Slice {
  const deps = { ...given, ask: createAsk() }
  const now = deps.now ?? (() => new Date())
  const rests = given.rests ?? createRests(() => performance.now())
  return {
    routes: [
      ...reconciliationRoutes(deps),
      ...bulkRoutes({ ...deps, report: (error) => deps.log.error('decision failed', { error }) }),
      ...runRoutes(deps),
      ...historyRoutes(deps),
      ...reportRoutes({ store: deps.store, now }),
      ...shadowRoutes({ store: deps.store, now }),
    ],
    jobs: [
      {
        queue: MATCH_JOB,
        concurrency: 2,
        expireInSeconds: 300,
        retryLimit: 5,
        retryDelaySeconds: 5,
        handle: async ({ tenantId, transactionIds }) => {
          const only = typeof transactionIds === 'string' ? new Set(transactionIds.split(',')) : undefined
          const delayMs = only ? 0 : rests.leftMs(tenantId)
          if (delayMs > 0) {
            await deps.store.change(tenantId, systemActor('matching'), async (tx) =>
              tx.job(MATCH_JOB, {}, { onlyOne: tenantId, delayMs }),
            )
            return
          }
          const beganAt = performance.now()
          await deps.store.change(tenantId, systemActor('matching'), async (tx) => {
            await noteReturned(tx)
            await noteRecordedTwice(tx)
            if (deps.toldReturns) await closeReturnedThere(tx, deps.toldReturns)
          })
          const run = await matchTransactions(deps, tenantId, only)
          await noteShadow(deps, tenantId)
          if (!only) rests.ran(tenantId, performance.now() - beganAt)
          deps.log.info('matched', { tenant_id: tenantId, count: run.looked, outcome: { ...run } })
        },
      },
    ],
  }
}
