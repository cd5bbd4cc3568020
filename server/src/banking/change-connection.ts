import { AppError, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { closeAlert } from '../events/alerts.ts'
import type { Actor } from '../events/audit.ts'
import type { BankingDeps } from './deps.ts'
import { type ConnectionRow, getConnection, lockConnection, setConnection, setNextSync } from './queries.ts'
import { beginReading, STALE_FEED } from './stale-feeds.ts'

/** Renames a connection, or switches its regular reading off and on. Throws `resource_conflict` for a revoked one. */
export async function changeConnection(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'bank'>,
  patch: { name?: string | undefined; sync_enabled?: boolean | undefined },
): Promise<ConnectionRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const before = await lockConnection(tx, id)
    if (!before) throw notFound()
    if (before.status === 'revoked')
      throw new AppError('resource_conflict', 'This connection was revoked. Make a new one in its place.')
    await setConnection(tx, id, {
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.sync_enabled === undefined ? {} : { syncEnabled: patch.sync_enabled }),
    })
    if (patch.sync_enabled === true && !before.syncEnabled) await beginReading(tx, id)
    // Whoever switches reading off knows that nothing comes.
    if (patch.sync_enabled === false)
      for (const code of ['bank_feed_failing', STALE_FEED]) await closeAlert(tx, code, id)
    if (patch.sync_enabled === true && before.provider !== 'file' && before.nextSyncAt === null)
      await setNextSync(tx, id, 0, false)
    tx.audit({
      action: 'bank_connection.change',
      resource: { type: 'bank_connection', id },
      changes: { before: { name: before.name, sync_enabled: before.syncEnabled }, after: patch },
    })
    return (await getConnection(tx, id))!
  })
}
