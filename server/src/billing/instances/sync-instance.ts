import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { MIRROR_JOB } from '../mirror/job-name.ts'
import { wantFull } from '../module/queries.ts'
import { type InstanceRow, lockInstance } from './queries.ts'

/** Has the invoices of an installation read now instead of at its next turn; where a module brings them, it is asked for all of
 *  them at its next call. Throws `resource_conflict` where nobody can bring them yet. */
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
    if (row.mode === 'api') tx.job(MIRROR_JOB, { instanceId: id }, { onlyOne: id })
    else if (!(await wantFull(tx, id))) {
      throw new AppError(
        'resource_conflict',
        'No module is paired with this installation yet. Pair it: it sends the invoices of itself.',
      )
    }
    tx.audit({ action: 'whmcs_instance.sync', resource: { type: 'whmcs_instance', id } })
    return row
  })
}
