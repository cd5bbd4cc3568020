import { AppError } from '../base/errors.ts'
import { newId, type TenantId, uuidOf } from '../base/ids.ts'
import type { Vault } from '../database/vault.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import type { Outbound } from '../outbound/index.ts'
import { secretPlace } from './claim-deliveries.ts'
import { getWebhook, insertWebhook, type WebhookRow } from './queries.ts'
import { newSecret } from './signing.ts'

/** Subscribes an address to events. The returned `secret` is seen here only. Throws `validation_failed` for an address that
 *  we would never call. */
export async function createWebhook(
  deps: { store: Store; vault: Vault; outbound: Outbound },
  tenantId: TenantId,
  actor: Actor,
  wanted: { url: string; events: string[] },
): Promise<{ webhook: WebhookRow; secret: string }> {
  await refuseBadAddress(deps.outbound, wanted.url)
  return deps.store.change(tenantId, actor, async (tx) => {
    const id = newId('hook')
    const secret = newSecret()
    const sealedSecret = await deps.vault.seal(tx, secretPlace(uuidOf(id)), secret)
    await insertWebhook(tx, { id, ...wanted, sealedSecret })
    tx.audit({ action: 'webhook.create', resource: { type: 'webhook', id }, changes: { after: wanted } })
    return { webhook: (await getWebhook(tx, id))!, secret }
  })
}

/** Looks the name up, so never inside a transaction. Throws `validation_failed` with the reason. */
export async function refuseBadAddress(outbound: Outbound, url: string): Promise<void> {
  const fault = await outbound.checkUrl(url, 'tenant')
  if (fault === null) return
  throw new AppError('validation_failed', 'Payymo cannot call this address', {
    details: [{ field: 'url', issue: fault }],
  })
}
