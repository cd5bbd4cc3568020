import { AppError } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { StripeDeps } from '../deps.ts'
import { faultError, faultMessage, isFaultCode } from './faults.ts'
import { type Finished, finishAuthorization } from './finish-authorization.ts'
import { type ConnectionRow, getConnection } from './queries.ts'
import { getState, stateDigest } from './state-queries.ts'

/** A caller hands over what Stripe sent to its own address. Returns the connection, connected or (after `error`) declined.
 *  Throws `permission_denied` for a state that is not this tenant's, or was begun by somebody else in it;
 *  `resource_conflict` for one that was used, with what came of it; `validation_failed` for one that ran out. */
export async function postCallback(
  deps: StripeDeps,
  caller: { tenantId: TenantId; actor: Actor },
  back: { code?: string | undefined; state: string; error?: string | undefined },
): Promise<ConnectionRow> {
  const { tenantId, actor } = caller
  const state = await deps.store.read(tenantId, (tx) => getState(tx, stateDigest(back.state)))
  // Another tenant's, another person's and a made-up one get the very same answer.
  if (!state || state.actor.type !== actor.type || state.actor.id !== actor.id) throw notYours()
  if (state.way !== 'caller')
    throw new AppError(
      'validation_failed',
      'Stripe sends the browser of this attempt to Payymo itself. There is nothing to hand over.',
      {
        details: [{ field: 'state', issue: 'Belongs to an attempt that returns to /callbacks/stripe' }],
      },
    )
  const finish = await finishAuthorization(
    deps,
    tenantId,
    actor,
    state,
    back.code === undefined ? { error: back.error! } : { code: back.code },
  )
  if (finish.state === 'expired') throw faultError('authorization_expired')
  if (finish.state === 'running') {
    throw new AppError(
      'resource_conflict',
      'This state is being used at this moment. Read the connection in a minute.',
      {
        details: [{ field: 'state', issue: 'Is in use' }],
        retryAfterSeconds: 30,
      },
    )
  }
  const { result } = finish
  const row = (await deps.store.read(tenantId, (tx) => getConnection(tx, result.connectionId)))!
  if (finish.state === 'used') throw used(result, row)
  if (result.outcome === 'failed') throw faultError(isFaultCode(result.error) ? result.error : 'outcome_unknown')
  return row
}

const notYours = (): AppError =>
  new AppError(
    'permission_denied',
    'This state was not made for you. Start with POST /stripe-connections/initialize.',
    {
      details: [{ field: 'state', issue: 'Is not known for this tenant' }],
    },
  )

/** The stored outcome, again. */
function used(result: Finished, row: ConnectionRow): AppError {
  const came =
    result.outcome === 'connected' ? `${row.accountId} was connected as ${row.id}.` : faultMessage(result.error)
  return new AppError('resource_conflict', `This state was used before, and works once. ${came}`, {
    details: [
      { field: 'state', issue: 'Was used before' },
      { field: 'outcome', issue: result.outcome },
      { field: 'connection_id', issue: row.id },
    ],
  })
}
