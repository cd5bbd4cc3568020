import type { Id, TenantId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { StripeDeps } from '../deps.ts'
import { noteDeauthorised } from './changes.ts'
import { deauthorize } from './connect-client.ts'
import { getConnection, isConnectedAnywhere } from './queries.ts'

/** `{ connectionId }`: queued with every disconnection, for the case that Stripe could not be told at once. */
export const DEAUTHORIZE_JOB = 'stripe.deauthorize'

/** Has Stripe end our access, unless somebody has the account connected: Stripe knows of the platform and the account only, so
 *  that would cut them off. False when Stripe did not say, and is to be told again. */
export async function deauthorizeUnlessConnected(
  deps: StripeDeps,
  tenantId: TenantId,
  account: { accountId: string; livemode: boolean },
): Promise<boolean> {
  const { accountId, livemode } = account
  if (await deps.store.directory((tx) => isConnectedAnywhere(tx, accountId, livemode))) return true
  const platform = await deps.platformOf(tenantId)
  if (platform?.secretKey === undefined || platform.clientId === undefined) return true
  const { secretKey, clientId } = platform
  return (await deauthorize(deps, tenantId, { secretKey, clientId }, accountId)) === 'done'
}

/** Tells Stripe of a disconnection, once; a connection that was made again meanwhile is left alone. False: try again later. */
export async function deauthorizeConnection(deps: StripeDeps, tenantId: TenantId, id: Id<'strc'>): Promise<boolean> {
  const row = await deps.store.read(tenantId, (tx) => getConnection(tx, id))
  if (row?.status !== 'disconnected' || row.disconnectReason !== 'asked') return true
  if (row.kind !== 'connect_oauth' || row.accountId === null) return true
  const { accountId, livemode } = row
  if (!(await deauthorizeUnlessConnected(deps, tenantId, { accountId, livemode }))) return false
  await deps.store.change(tenantId, systemActor('stripe deauthorise'), (tx) => noteDeauthorised(tx, id))
  return true
}
