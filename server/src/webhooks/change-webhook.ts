import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { closeAlert } from '../events/alerts.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import type { Outbound } from '../outbound/index.ts'
import { refuseBadAddress } from './create-webhook.ts'
import { stopWaiting } from './delivery-queries.ts'
import { getWebhook, lockWebhook, updateWebhook, type WebhookRow } from './queries.ts'

/** Changes address, types, or whether anything is sent. Switching off stops what waits; switching on forgets former
 *  failures. Throws `resource_not_found`, or `validation_failed` for an address that we would never call. */
export async function changeWebhook(
  deps: { store: Store; outbound: Outbound },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'hook'>,
  patch: { url?: string | undefined; events?: string[] | undefined; active?: boolean | undefined },
): Promise<WebhookRow> {
  if (patch.url !== undefined) await refuseBadAddress(deps.outbound, patch.url)
  return deps.store.change(tenantId, actor, async (tx) => {
    const before = await lockWebhook(tx, id)
    if (!before) throw notFound()
    const wanted = {
      url: patch.url ?? before.url,
      events: patch.events ?? before.events,
      active: patch.active ?? before.active,
    }
    await updateWebhook(tx, id, wanted)
    if (before.active && !wanted.active) await stopWaiting(tx, id)
    if (!before.active && wanted.active) {
      await closeAlert(tx, 'webhook_disabled', id)
      await closeAlert(tx, 'webhook_failing', id)
    }
    tx.audit({
      action: 'webhook.change',
      resource: { type: 'webhook', id },
      changes: { before: { url: before.url, events: before.events, active: before.active }, after: wanted },
    })
    return (await getWebhook(tx, id))!
  })
}
