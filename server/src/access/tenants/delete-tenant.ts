import { notFound } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { refuseWithChildren } from './check-rules.ts'
import { lockTenant, markDeleted } from './queries.ts'

/** Deletes a tenant: its keys end at once, its work stops, its row stays readable as `deleted`. What it had is given back,
 *  exported and removed later (`endTenants`). Doing it twice does no harm. Throws `resource_conflict` for a partner whose
 *  tenants were not deleted first. */
export async function deleteTenant(store: Store, tenantId: TenantId, actor: Actor): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    const before = await lockTenant(tx, { children: true })
    if (!before) throw notFound()
    if (before.status === 'deleted') return
    await refuseWithChildren(tx, 'This partner has tenants. Delete them first.')
    await markDeleted(tx)
    tx.audit({
      action: 'tenant.delete',
      resource: { type: 'tenant', id: tenantId },
      changes: { before: { status: before.status }, after: { status: 'deleted' } },
    })
  })
}
