/** Banks: consents, accounts, and the regular reading of their lines. */
import { eachApart } from '../base/each-apart.ts'
import type { Id } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import type { Slice } from '../http/slice.ts'
import { BankFeedError } from './bank-feed.ts'
import { callbackRoutes } from './callback.ts'
import type { BankingDeps } from './deps.ts'
import { endConsents } from './end-consents.ts'
import { finishConsent } from './finish-consent.ts'
import { endForgottenImports, IMPORT_JOB, importQueued } from './import-later.ts'
import { importRoutes } from './import-routes.ts'
import { listPendingConsents, setConsent } from './consent-queries.ts'
import { listDueConnections, setNextSync } from './queries.ts'
import { bankingRoutes } from './routes.ts'
import { tellStaleFeeds } from './stale-feeds.ts'
import { SYNC_JOB, syncConnection } from './sync-connection.ts'

export type { BankFeed } from './bank-feed.ts'
export { finishConsent } from './finish-consent.ts'
export { createGocardless } from './gocardless/index.ts'
export { initializeConnection, referenceDigest } from './initialize-connection.ts'
export { revokeAllConnections } from './revoke-connection.ts'
export type { BankingDeps }

const SWEEP_MS = 30_000
const ENDING_SWEEP_MS = 600_000
const AT_ONCE = 200
/** A consent that cannot be read just now is asked for again after this; what the provider asks for goes before. */
const UNREAD_POLL_MS = 300_000

export function bankingSlice(deps: BankingDeps): Slice {
  return {
    routes: [...bankingRoutes(deps), ...importRoutes(deps), ...callbackRoutes(deps)],
    jobs: [
      {
        queue: SYNC_JOB,
        concurrency: 8,
        // A read of several accounts, each up to a minute.
        expireInSeconds: 900,
        retryLimit: 3,
        retryDelaySeconds: 30,
        handle: (data) =>
          syncConnection(
            deps,
            data.tenantId,
            data.connectionId as Id<'bank'>,
            data.by === 'asked' ? 'asked' : 'scheduled',
          ),
      },
      {
        queue: IMPORT_JOB,
        // A file of 64 MiB takes some memory while it is read.
        concurrency: 1,
        expireInSeconds: 900,
        retryLimit: 3,
        retryDelaySeconds: 10,
        handle: (data) => importQueued(deps, data.tenantId, data.importId as Id<'imp'>),
      },
    ],
    sweeps: [
      { name: 'due bank connections', everyMs: deps.scaled(SWEEP_MS), run: () => queueDueConnections(deps) },
      { name: 'pending bank consents', everyMs: deps.scaled(SWEEP_MS), run: () => pollConsents(deps) },
      { name: 'stale bank feeds', everyMs: deps.scaled(ENDING_SWEEP_MS), run: () => tellStaleFeeds(deps) },
      { name: 'ending bank consents', everyMs: deps.scaled(ENDING_SWEEP_MS), run: () => endConsents(deps) },
      { name: 'forgotten imports', everyMs: deps.scaled(ENDING_SWEEP_MS), run: () => endForgottenImports(deps) },
    ],
  }
}

async function queueDueConnections(deps: BankingDeps): Promise<void> {
  await eachApart(await deps.store.directory((tx) => listDueConnections(tx, AT_ONCE)), ({ tenantId, id }) =>
    deps.store.change(tenantId, systemActor('schedule'), async (tx) => {
      tx.job(SYNC_JOB, { connectionId: id, by: 'scheduled' }, { onlyOne: id })
      // Not due again until the job has said so; a lost job is found an hour later.
      await setNextSync(tx, id, deps.scaled(3_600_000), false)
    }),
  )
}

/** People close browsers: a consent given without coming back is found by asking. */
async function pollConsents(deps: BankingDeps): Promise<void> {
  await eachApart(await deps.store.directory((tx) => listPendingConsents(tx, AT_ONCE)), async ({ tenantId, uuid }) => {
    try {
      await finishConsent(deps, tenantId, uuid, { returned: false })
    } catch (error) {
      if (!(error instanceof BankFeedError)) throw error
      deps.log.warn('consent not read', { tenant_id: tenantId, reason: error.reason })
      const askedMs = error.notBefore ? error.notBefore.getTime() - deps.clock.now().getTime() : 0
      await deps.store.change(tenantId, systemActor('schedule'), (tx) =>
        setConsent(tx, uuid, { pollInMs: Math.max(deps.scaled(UNREAD_POLL_MS), askedMs) }),
      )
    }
  })
}
