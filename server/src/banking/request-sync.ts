import { AppError, notFound } from '../base/errors.ts'
import { type Id, newId, type TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { BankingDeps } from './deps.ts'
import { lockConnection } from './queries.ts'
import { SYNC_JOB } from './sync-connection.ts'
import { findOpenSync, getSync, insertSync, type SyncRow } from './sync-queries.ts'

/** Asks for a read now; a second ask before it begins joins the first. Throws `resource_conflict` without a living consent. */
export async function requestSync(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'bank'>,
): Promise<SyncRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const connection = await lockConnection(tx, id)
    if (!connection) throw notFound()
    if (connection.provider === 'file')
      throw new AppError('validation_failed', 'This connection reads statement files. Upload one instead.')
    if (!['active', 'expiring', 'error'].includes(connection.status)) {
      throw new AppError(
        'resource_conflict',
        connection.status === 'revoked'
          ? 'This connection was revoked. Make a new one in its place.'
          : `The connection is ${connection.status}. Give consent at the bank first (reconnect).`,
      )
    }
    const waiting = await findOpenSync(tx, id)
    const syncId = waiting?.id ?? newId('sync')
    if (!waiting) await insertSync(tx, syncId, id)
    tx.job(SYNC_JOB, { connectionId: id, by: 'asked' }, { onlyOne: id })
    tx.audit({ action: 'bank_connection.sync', resource: { type: 'bank_connection', id } })
    return (await getSync(tx, syncId))!
  })
}
