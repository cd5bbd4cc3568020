import { assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { type DeliveryRow, latestTest } from './delivery-queries.ts'
import { lockWebhook } from './queries.ts'
import { presentWebhook } from './schemas.ts'
import { refuseInactive } from './redeliver.ts'

/** Sends `webhook.test` to this webhook alone, whatever it subscribes to. Returns the delivery, which is still to come.
 *  Throws `resource_not_found`, or `resource_conflict` when the webhook is switched off. */
export async function testWebhook(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'hook'>,
): Promise<DeliveryRow> {
  await store.change(tenantId, actor, async (tx) => {
    const webhook = await lockWebhook(tx, id)
    if (!webhook) throw notFound()
    refuseInactive(webhook)
    tx.event('webhook.test', id, presentWebhook(webhook))
    tx.audit({ action: 'webhook.test', resource: { type: 'webhook', id } })
  })
  // The delivery is written at the end of the change, by the same subscriber as every other.
  const delivery = await store.read(tenantId, (tx) => latestTest(tx, id))
  assert(delivery, 'a test event has a delivery')
  return delivery
}
