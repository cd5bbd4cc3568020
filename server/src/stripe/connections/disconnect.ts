import { notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { type Actor, systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { closeConnectionAlerts, nameOf, openDisconnectedAlert } from './alerts.ts'
import { setDisconnected } from './changes.ts'
import { DEAUTHORIZE_JOB, deauthorizeConnection } from './deauthorize.ts'
import { type ConnectionRow, getConnection, listConnected, lockConnection } from './queries.ts'
import { presentConnection } from './schemas.ts'
import { listOpenStates, setOutcome } from './state-queries.ts'
import { withFeed } from './with-feed.ts'

const RETRY_MS = 60_000

/** Ends the connection here and then at Stripe; what was read stays. Here first, so that nothing is read any more even when Stripe
 *  cannot be reached: it is told again by a job. Doing it again changes nothing. Throws `resource_not_found`. */
export async function disconnectConnection(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'strc'>,
): Promise<void> {
  const ended = await deps.store.change(tenantId, actor, async (tx) => {
    const before = await lockConnection(tx, id)
    if (!before) throw notFound()
    if (before.status === 'disconnected') return false
    await endConnection(deps, tx, before, 'asked')
    await closeConnectionAlerts(tx, id)
    if (before.kind === 'connect_oauth' && before.accountId !== null)
      tx.job(DEAUTHORIZE_JOB, { connectionId: id }, { delayMs: deps.scaled(RETRY_MS), onlyOne: id })
    return true
  })
  if (!ended) return
  if (await deauthorizeConnection(deps, tenantId, id)) return
  deps.log.warn('stripe not told of a disconnection yet', { tenant_id: tenantId, connection_id: id })
}

/** The merchant took our access away in Stripe: all there is to do is to stop. `occurredAt`: when, by Stripe's clock. A message
 *  older than the connection itself (late, or repeated after it was made again) may be about the one before: then a call shows
 *  whether we are let in. Throws StripeFeedError when Stripe does not say. */
export async function disconnectedByStripe(
  deps: StripeDeps,
  ref: ConnectionRef,
  reason: string,
  occurredAt?: Date,
): Promise<void> {
  const seen = await deps.store.read(ref.tenantId, (tx) => getConnection(tx, ref.id))
  if (!seen || !isConnected(seen)) return
  const older = occurredAt && seen.connectedAt && occurredAt.getTime() < seen.connectedAt.getTime() - SKEW_MS
  if (older && (await isLetIn(deps, ref))) return
  await deps.store.change(ref.tenantId, systemActor('stripe event'), async (tx) => {
    const before = await lockConnection(tx, ref.id)
    if (!before || !isConnected(before) || before.connectedAt?.getTime() !== seen.connectedAt?.getTime()) return
    await endConnection(deps, tx, before, 'by_stripe', reason)
    await closeConnectionAlerts(tx, ref.id)
    await openDisconnectedAlert(
      tx,
      ref.id,
      `${nameOf(before)} was disconnected in Stripe's own dashboard: nothing is read from it any more, and what was read stays. If nobody meant to, connect it again; it goes on where it was.`,
    )
  })
}

/** Stripe counts whole seconds, and its clock is not ours. Nobody connects an account again this quickly. */
const SKEW_MS = 5_000

const isConnected = ({ status }: ConnectionRow): boolean => status === 'active' || status === 'error'

async function isLetIn(deps: StripeDeps, ref: ConnectionRef): Promise<boolean> {
  try {
    await withFeed(deps, ref, (feed) => feed.getAccount())
    return true
  } catch (error) {
    if (error instanceof StripeFeedError && error.fault === 'revoked') return false
    throw error
  }
}

/** Ends every connection of a tenant that was deleted. Doing it again ends what is left. */
export async function disconnectAllStripe(deps: StripeDeps, tenantId: TenantId): Promise<void> {
  for (const id of await deps.store.read(tenantId, listConnected))
    await disconnectConnection(deps, tenantId, systemActor('end-tenants'), id)
}

async function endConnection(
  deps: StripeDeps,
  tx: Change,
  before: ConnectionRow,
  how: 'asked' | 'by_stripe',
  reason?: string,
): Promise<void> {
  const { id } = before
  for (const state of await listOpenStates(tx, id))
    await setOutcome(tx, state.uuid, 'failed', { error: 'disconnected' })
  await setDisconnected(tx, id, how)
  tx.event('stripe_connection.disconnected', id, presentConnection(deps, (await getConnection(tx, id))!))
  tx.audit({
    action: 'stripe_connection.disconnect',
    resource: { type: 'stripe_connection', id },
    changes: {
      before: { status: before.status },
      after: { status: 'disconnected', by: how, ...(reason === undefined ? {} : { reason }) },
    },
  })
}
