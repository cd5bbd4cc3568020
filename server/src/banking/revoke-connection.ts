import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { type Actor, systemActor } from '../events/audit.ts'
import { BankFeedError } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { listLiveConsents, setConsent } from './consent-queries.ts'
import { listUnrevoked, lockConnection, setConnection, setNextSync } from './queries.ts'
import { closeFeedAlerts } from './stale-feeds.ts'

/** Ends the connection here and at the provider; its history stays. Here first, so that nothing is read any more even when
 *  the provider cannot be reached; its own consent then runs out by itself. Doing it again changes nothing. */
export async function revokeConnection(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'bank'>,
): Promise<void> {
  const requisitions = await deps.store.change(tenantId, actor, async (tx) => {
    const connection = await lockConnection(tx, id)
    if (!connection) throw notFound()
    if (connection.status === 'revoked') return []
    const consents = await listLiveConsents(tx, id)
    for (const consent of consents) await setConsent(tx, consent.uuid, { status: 'ended' })
    await setConnection(tx, id, { status: 'revoked', syncEnabled: false })
    await setNextSync(tx, id, null, false)
    await closeFeedAlerts(tx, id)
    tx.audit({
      action: 'bank_connection.revoke',
      resource: { type: 'bank_connection', id },
      changes: { before: { status: connection.status }, after: { status: 'revoked' } },
    })
    return consents.map((consent) => consent.requisitionId)
  })
  const feed = requisitions.length > 0 ? await deps.feedOf(tenantId) : undefined
  for (const requisitionId of feed ? requisitions : []) {
    try {
      await feed!.endConsent(requisitionId)
    } catch (error) {
      if (!(error instanceof BankFeedError)) throw error
      deps.log.warn('consent not ended at the provider', {
        tenant_id: tenantId,
        connection_id: id,
        reason: error.reason,
      })
    }
  }
}

/** Ends every connection of a tenant that was deleted. Doing it again ends what is left. */
export async function revokeAllConnections(deps: BankingDeps, tenantId: TenantId): Promise<void> {
  for (const id of await deps.store.read(tenantId, listUnrevoked)) {
    await revokeConnection(deps, tenantId, systemActor('end-tenants'), id)
  }
}
