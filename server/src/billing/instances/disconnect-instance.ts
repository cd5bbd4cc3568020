import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { type Actor, systemActor } from '../../events/audit.ts'
import { closeAlert } from '../../events/alerts.ts'
import type { Store } from '../../events/store.ts'
import { alertCode } from '../mirror/settle-run.ts'
import { voidPairing } from '../module/queries.ts'
import { closeProofAlerts } from './proof-again.ts'
import { hasPaymentsInDoubt, listConnected, lockInstance, setDisconnected } from './queries.ts'

/** Ends the connection and forgets its secrets; what was mirrored stays readable. Doing it twice does no harm. Throws
 *  `resource_conflict` while a payment's outcome is open, since without the connection it could never be learnt. */
export async function disconnectInstance(store: Store, tenantId: TenantId, actor: Actor, id: Id<'whm'>): Promise<void> {
  await store.change(tenantId, actor, async (tx) => {
    const before = await lockInstance(tx, id)
    if (!before) throw notFound()
    if (before.status === 'disconnected') return
    if (await hasPaymentsInDoubt(tx, id)) {
      throw new AppError(
        'resource_conflict',
        'A payment into this installation is under way. Wait until it is settled, or resolve it.',
      )
    }
    await setDisconnected(tx, id)
    await voidPairing(tx, id)
    if (before.errorCode !== null) await closeAlert(tx, alertCode(before.errorCode), id)
    await closeProofAlerts(tx, id)
    tx.audit({
      action: 'whmcs_instance.disconnect',
      resource: { type: 'whmcs_instance', id },
      changes: { before: { status: before.status }, after: { status: 'disconnected' } },
    })
  })
}

/** Ends every connection of a tenant that was deleted, so that another may prove the same installation. Throws
 *  `resource_conflict` while a payment's outcome is open: the others are ended, and doing it again ends what is left. */
export async function disconnectAllInstances(store: Store, tenantId: TenantId): Promise<void> {
  const tried = await Promise.allSettled(
    (await store.read(tenantId, listConnected)).map((id) =>
      disconnectInstance(store, tenantId, systemActor('end-tenants'), id),
    ),
  )
  for (const outcome of tried) if (outcome.status === 'rejected') throw outcome.reason
}
