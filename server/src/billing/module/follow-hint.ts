import type { Id } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { BillingError } from '../billing-system.ts'
import { getInstance } from '../instances/queries.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { refreshInvoice } from '../mirror/refresh-invoice.ts'
import type { ModuleDeps } from './deps.ts'
import { getEvent } from './event-queries.ts'
import { listKnown } from './run-queries.ts'
import { listOpenOf, want } from './wanted-queries.ts'

/** Job that follows a hint of a module; its data names the hint. */
export const HINT_JOB = 'follow-module-hint'
const ACTOR = systemActor(HINT_JOB)
const KINDS: ReadonlySet<string> = new Set([
  'invoice.created',
  'invoice.changed',
  'invoice.paid',
  'invoice.cancelled',
  'invoice.refunded',
  'payment.added',
  'client.changed',
])

/** A hint is never believed (reliability 33): a module is asked for the invoices it may concern, an installation that is
 *  reached over the API is read. Doing it again asks again and changes nothing. */
export function hintJob(deps: ModuleDeps): JobKind {
  return {
    queue: HINT_JOB,
    concurrency: 20,
    expireInSeconds: 300,
    retryLimit: 3,
    retryDelaySeconds: 5,
    handle: async ({ tenantId, instanceId, eventId }) => {
      const id = instanceId as Id<'whm'>
      const found = await deps.store.read(tenantId, async (tx) => {
        const [instance, hint] = [await getInstance(tx, id), await getEvent(tx, id, String(eventId))]
        if (!instance || instance.status === 'disconnected' || !hint || !KINDS.has(hint.event)) return undefined
        const named = hint.invoiceId === null ? [] : [hint.invoiceId]
        const wanted = hint.clientId === null || named.length > 0 ? named : await listOpenOf(tx, id, hint.clientId)
        return { mode: instance.mode, wanted, known: await listKnown(tx, id, named) }
      })
      if (!found) return
      if (found.mode === 'module') {
        await deps.store.change(tenantId, ACTOR, (tx) => want(tx, id, found.wanted))
        return
      }
      const [known] = found.known.values()
      try {
        if (known) {
          await refreshInvoice(deps, tenantId, known.id)
          return
        }
      } catch (error) {
        if (!(error instanceof BillingError)) throw error
        deps.log.info('hint of a module left to the next reading', { instance_id: id, reason: error.code })
      }
      await deps.store.change(tenantId, ACTOR, async (tx) => tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id }))
    },
  }
}
