import { notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { revokeKey as markRevoked } from './queries.ts'

/** Ends a key: refused in every process within five seconds. Throws `resource_not_found` when it is unknown or ended. */
export async function revokeKey(store: Store, tenantId: TenantId, actor: Actor, id: Id<'key'>): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    if (!(await markRevoked(tx, id))) throw notFound()
    tx.audit({ action: 'api_key.revoke', resource: { type: 'api_key', id } })
  })
}
