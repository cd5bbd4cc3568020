import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { type InstanceRow, lockInstance } from './queries.ts'

/** Has the invoices of an installation read now instead of at its next turn. Throws `resource_conflict` where there is nothing
 *  to read over the API. */
export async function syncInstance(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'whm'>,
): Promise<InstanceRow> {
  return store.change(tenantId, actor, async (tx) => {
    const row = await lockInstance(tx, id)
    if (!row) throw notFound()
    if (row.status === 'disconnected') throw new AppError('resource_conflict', 'This installation was disconnected.')
    if (row.mode === 'module') {
      throw new AppError('resource_conflict', 'The module of this installation sends the invoices of itself.')
    }
    tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
    tx.audit({ action: 'whmcs_instance.sync', resource: { type: 'whmcs_instance', id } })
    return row
  })
}
