import type { Id } from '../base/ids.ts'
import type { AppendedEvent, Subscriber } from '../events/store.ts'
import { wake } from '../jobs/wake.ts'
import { insertDeliveries } from './delivery-queries.ts'
import { listSubscriptions } from './queries.ts'
import { wants } from './subscriptions.ts'

/** What the worker on deliveries is woken by. */
export const DELIVERIES = 'deliveries'

/** Writes one delivery for each event and each switched-on webhook that wants it, in the transaction of the change, and
 *  wakes the worker once. A test event goes to the webhook it names and to no other, whatever they subscribe to. */
export const subscribeWebhooks: Subscriber = async (tx, events) => {
  const subscriptions = await listSubscriptions(tx)
  const wanted = events.flatMap((event) => {
    const target = event.type === 'webhook.test' ? testTarget(event) : undefined
    return subscriptions
      .filter(({ id, events: patterns }) => (target ? id === target : wants(patterns, event.type)))
      .map(({ id }) => ({ webhookId: id, eventId: event.id, eventType: event.type }))
  })
  if (wanted.length === 0) return
  await insertDeliveries(tx, wanted)
  await wake(tx, DELIVERIES)
}

const testTarget = (event: AppendedEvent): Id<'hook'> =>
  (JSON.parse(event.body) as { data: { id: Id<'hook'> } }).data.id
