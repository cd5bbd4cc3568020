import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import { type ConnectionRow, lockConnection } from '../connections/index.ts'
import type { StripeDeps } from '../deps.ts'
import { SYNC_JOB } from '../job-names.ts'

/** Asks for a reading now; a second ask before it begins joins the first. Throws `resource_conflict` for what is not connected. */
export async function requestSync(
  deps: Pick<StripeDeps, 'store'>,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'strc'>,
): Promise<ConnectionRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const connection = await lockConnection(tx, id)
    if (!connection) throw notFound()
    if (connection.status === 'disconnected')
      throw new AppError('resource_conflict', 'This account was disconnected. Connect it again.')
    if (connection.accountId === null)
      throw new AppError(
        'resource_conflict',
        'No account is connected yet. Finish at Stripe, or start again with POST /stripe-connections/initialize.',
      )
    tx.job(SYNC_JOB, { connectionId: id, by: 'asked' }, { onlyOne: id })
    tx.audit({ action: 'stripe_connection.sync', resource: { type: 'stripe_connection', id } })
    return connection
  })
}
