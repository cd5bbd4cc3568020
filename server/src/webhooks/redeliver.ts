import { AppError, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { wake } from '../jobs/wake.ts'
import { type DeliveryRow, getDelivery, makeDue } from './delivery-queries.ts'
import { getWebhook, type WebhookRow } from './queries.ts'
import { DELIVERIES } from './subscribe.ts'

/** Sends a delivery again, now: the same event with the same bytes, another attempt in the same log. One that is settled
 *  gets all its tries again, one that waits for its next try only skips the wait.
 *  Throws `resource_not_found`, or `resource_conflict` when the webhook is off or an attempt is under way. */
export async function redeliver(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  webhookId: Id<'hook'>,
  id: Id<'dlv'>,
): Promise<DeliveryRow> {
  return store.change(tenantId, actor, async (tx) => {
    const webhook = await getWebhook(tx, webhookId)
    const before = webhook && (await getDelivery(tx, webhookId, id))
    if (!before) throw notFound()
    refuseInactive(webhook)
    if (!(await makeDue(tx, webhookId, id))) {
      throw new AppError('resource_conflict', 'This delivery is on its way right now. Look again in ten seconds.')
    }
    await wake(tx, DELIVERIES)
    tx.audit({
      action: 'delivery.redeliver',
      resource: { type: 'delivery', id },
      changes: { before: { status: before.status } },
    })
    return (await getDelivery(tx, webhookId, id))!
  })
}

/** Throws `resource_conflict` for a webhook that is switched off. */
export function refuseInactive(webhook: WebhookRow): void {
  if (webhook.active) return
  throw new AppError('resource_conflict', 'This webhook is switched off. Switch it on first: PATCH {"active": true}.')
}
