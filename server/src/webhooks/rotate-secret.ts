import { notFound } from '../base/errors.ts'
import { type Id, type TenantId, uuidOf } from '../base/ids.ts'
import type { Vault } from '../database/vault.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { previousSecretPlace, secretPlace } from './claim-deliveries.ts'
import { getSealedSecrets, getWebhook, lockWebhook, replaceSecret, type WebhookRow } from './queries.ts'
import { newSecret } from './signing.ts'

/** How long both secrets sign (contract 4.7). A second rotation within it ends the oldest at once. */
const OVERLAP_HOURS = 24

/** Gives the webhook a new secret, seen here only; the present one signs along for 24 hours, so that receivers can change
 *  over without losing an event. Throws `resource_not_found`. */
export async function rotateSecret(
  deps: { store: Store; vault: Vault },
  tenantId: TenantId,
  actor: Actor,
  id: Id<'hook'>,
): Promise<{ webhook: WebhookRow; secret: string }> {
  return deps.store.change(tenantId, actor, async (tx) => {
    if (!(await lockWebhook(tx, id))) throw notFound()
    const { sealedSecret } = await getSealedSecrets(tx, id)
    const present = await deps.vault.open(tx, secretPlace(uuidOf(id)), sealedSecret)
    const secret = newSecret()
    await replaceSecret(tx, id, {
      sealedSecret: await deps.vault.seal(tx, secretPlace(uuidOf(id)), secret),
      sealedPrevious: await deps.vault.seal(tx, previousSecretPlace(uuidOf(id)), present.reveal()),
      overlapHours: OVERLAP_HOURS,
    })
    tx.audit({ action: 'webhook.rotate_secret', resource: { type: 'webhook', id } })
    return { webhook: (await getWebhook(tx, id))!, secret }
  })
}
