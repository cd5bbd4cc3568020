import { AppError, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { wake } from '../jobs/wake.ts'
import { eventsToReplay, insertDeliveries } from './delivery-queries.ts'
import { lockWebhook } from './queries.ts'
import { refuseInactive } from './redeliver.ts'
import { DELIVERIES } from './subscribe.ts'
import { wants } from './subscriptions.ts'

/** One call stays one short transaction. */
const EVENTS_MAX = 10_000

/** Sends the events of a time range again, those the webhook subscribes to, each as a new delivery of the same event.
 *  onlyFailed: those whose newest delivery here is failed or dead. dryRun: only counts. Returns the number of events.
 *  Throws `resource_not_found`, `resource_conflict` when the webhook is off, `validation_failed` beyond 10,000 events. */
export async function replayEvents(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'hook'>,
  wanted: { from: string; to: string | null; onlyFailed: boolean; dryRun: boolean },
): Promise<number> {
  return store.change(tenantId, actor, async (tx) => {
    const webhook = await lockWebhook(tx, id)
    if (!webhook) throw notFound()
    refuseInactive(webhook)
    const range = { from: wanted.from, to: wanted.to, onlyFailed: wanted.onlyFailed, limit: EVENTS_MAX + 1 }
    const found = await eventsToReplay(tx, id, range)
    if (found.length > EVENTS_MAX) {
      throw new AppError('validation_failed', 'The range holds too many events for one replay', {
        details: [{ field: 'from', issue: `Choose a range with at most ${EVENTS_MAX} events` }],
      })
    }
    const events = found.filter(({ eventType }) => eventType !== 'webhook.test' && wants(webhook.events, eventType))
    if (events.length === 0 || wanted.dryRun) return events.length
    await insertDeliveries(
      tx,
      events.map((event) => ({ webhookId: id, ...event })),
    )
    await wake(tx, DELIVERIES)
    tx.audit({
      action: 'webhook.replay',
      resource: { type: 'webhook', id },
      changes: { after: { from: wanted.from, to: wanted.to, only_failed: wanted.onlyFailed, events: events.length } },
    })
    return events.length
  })
}
