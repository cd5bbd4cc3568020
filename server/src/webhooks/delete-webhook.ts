import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { closeAlert } from '../events/alerts.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { stopWaiting } from './delivery-queries.ts'
import { lockWebhook, markWebhookDeleted } from './queries.ts'

/** Ends a webhook: nothing more is sent, its secrets are gone. Throws `resource_not_found`. */
export async function deleteWebhook(store: Store, tenantId: TenantId, actor: Actor, id: Id<'hook'>): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    const before = await lockWebhook(tx, id)
    if (!before || !(await markWebhookDeleted(tx, id))) throw notFound()
    await stopWaiting(tx, id)
    await closeAlert(tx, 'webhook_disabled', id)
    await closeAlert(tx, 'webhook_failing', id)
    tx.audit({
      action: 'webhook.delete',
      resource: { type: 'webhook', id },
      changes: { before: { url: before.url, events: before.events } },
    })
  })
}
