import type { Id, TenantId } from '../../base/ids.ts'
import { isUniqueViolation } from '../../database/transaction.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import type { StripeDeps } from '../deps.ts'
import { SYNC_JOB } from '../job-names.ts'
import { closeConnectionAlerts } from './alerts.ts'
import { addReads, type AccountFacts, setConnected, setDisconnected } from './changes.ts'
import type { Granted } from './connect-client.ts'
import { type ConnectionRow, getConnection, lockByAccount, lockConnection, ONE_TENANT } from './queries.ts'
import { presentConnection } from './schemas.ts'
import { setOutcome, type StateRow } from './state-queries.ts'

/** The account is connected: state, connection, event and first reading in one change. A connection of this tenant that had the
 *  account before goes on under its id, so that its history stays one; the row of this try then points there.
 *  Answers `account_taken` when another tenant has the account, `disconnected` when this try was disconnected meanwhile. */
export async function keepAuthorized(
  deps: StripeDeps,
  tenantId: TenantId,
  actor: Actor,
  state: StateRow,
  granted: Granted,
  facts: AccountFacts,
): Promise<{ connectionId: Id<'strc'> } | 'account_taken' | 'disconnected'> {
  const keep = () =>
    deps.store.change(tenantId, actor, async (tx) => {
      const begun = await lockConnection(tx, state.connectionId)
      if (begun?.status !== 'pending') return 'disconnected'
      const known = await lockByAccount(tx, granted.accountId, granted.livemode)
      const connectionId = known?.id ?? begun.id
      if (!(await setOutcome(tx, state.uuid, 'connected', { connectionId }))) return 'disconnected'
      if (known) await pointTo(tx, begun.id, known.id)
      await setConnected(tx, connectionId, {
        kind: 'connect_oauth',
        ...granted,
        facts,
        sealedApiKey: null,
        sealedWebhookSecret: null,
        missingPermissions: [],
      })
      await addReads(tx, connectionId, 1)
      await beginReading(deps, tx, connectionId, known)
      return { connectionId }
    })
  try {
    return await keep()
  } catch (error) {
    if (!isUniqueViolation(error, ONE_TENANT)) throw error
  }
  // Two tries of this tenant for one account, at once: the other stands now, and is gone on with.
  try {
    return await keep()
  } catch (error) {
    if (!isUniqueViolation(error, ONE_TENANT)) throw error
    return 'account_taken'
  }
}

/** What follows, however the account was connected. `before`: as it was, where the connection is not new. */
export async function beginReading(
  deps: Pick<StripeDeps, 'publicUrl'>,
  tx: Change,
  id: Id<'strc'>,
  before: ConnectionRow | undefined,
): Promise<void> {
  const after = (await getConnection(tx, id))!
  await closeConnectionAlerts(tx, id)
  if (before?.status !== 'active') tx.event('stripe_connection.active', id, presentConnection(deps, after))
  tx.job(SYNC_JOB, { connectionId: id }, { onlyOne: id })
  tx.audit({
    action: 'stripe_connection.activate',
    resource: { type: 'stripe_connection', id },
    changes: {
      ...(before ? { before: { status: before.status, kind: before.kind } } : {}),
      after: {
        status: 'active',
        kind: after.kind,
        account_id: after.accountId,
        account_name: after.accountName,
        livemode: after.livemode,
        scope: after.scope,
      },
    },
  })
}

const pointTo = (tx: Change, id: Id<'strc'>, known: Id<'strc'>): Promise<void> =>
  setDisconnected(tx, id, 'continued', {
    code: 'continued',
    message: `The account was connected before, and goes on as ${known}.`,
  })
