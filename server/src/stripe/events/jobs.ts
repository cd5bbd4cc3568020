import { eachApart } from '../../base/each-apart.ts'
import type { Id } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { Sweep } from '../../http/slice.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { EVENTS_JOB, type EventsDeps } from './deps.ts'
import { KEPT_DAYS } from './keep-events.ts'
import { forgetOld, listDue, listForgetful } from './queries.ts'
import { workEvents } from './work-events.ts'

const ACTOR = systemActor('stripe events')
const DUE_MS = 15_000
const SWEEP_MS_MIN = 250
const FORGET_MS = 86_400_000
const FORGET_ROWS = 1_000

export const eventJobs = (deps: EventsDeps): JobKind[] => [
  {
    queue: EVENTS_JOB,
    concurrency: 10,
    // A minute of work, and the batch that was under way then.
    expireInSeconds: 600,
    // The sweep brings back what is left.
    retryLimit: 1,
    retryDelaySeconds: 15,
    handle: (data) => workEvents(deps, { tenantId: data.tenantId, id: data.connectionId as Id<'strc'> }),
  },
]

/** Brings back events whose next try is due, or whose worker died; and forgets old ones. */
export const eventSweeps = (deps: EventsDeps): Sweep[] => [
  {
    name: 'stripe-events',
    everyMs: Math.max(SWEEP_MS_MIN, deps.scaled(DUE_MS)),
    run: async () =>
      eachApart(await deps.store.directory(listDue), (ref) =>
        deps.store.change(ref.tenantId, ACTOR, async (tx) =>
          tx.job(EVENTS_JOB, { connectionId: ref.id }, { onlyOne: ref.id }),
        ),
      ),
  },
  {
    name: 'stripe-old-events',
    everyMs: Math.max(SWEEP_MS_MIN, deps.scaled(FORGET_MS)),
    run: async () =>
      eachApart(await deps.store.directory((tx) => listForgetful(tx, KEPT_DAYS)), async (tenantId) => {
        let forgotten: number
        do {
          forgotten = await deps.store.change(tenantId, ACTOR, (tx) => forgetOld(tx, KEPT_DAYS, FORGET_ROWS))
        } while (forgotten >= FORGET_ROWS)
      }),
  },
]
