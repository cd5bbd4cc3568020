import type { Id, TenantId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import type { StripeDeps } from '../deps.ts'
import { setFault } from './changes.ts'
import { FAULTS, type FaultCode } from './faults.ts'
import { lockConnection } from './queries.ts'
import { listOpenStates, type Outcome, setOutcome } from './state-queries.ts'

/** `{ connectionId }`: queued when a try begins, for the moment after its end. */
export const EXPIRE_JOB = 'stripe.expire-authorization'

/** Ends the tries nobody came back from, and those whose exchange was cut off by a crash: the code was or was not sent, and must
 *  not be sent again. Does nothing where an outcome is known. */
export async function expireAuthorization(
  deps: Pick<StripeDeps, 'store'>,
  tenantId: TenantId,
  connectionId: Id<'strc'>,
): Promise<void> {
  await deps.store.change(tenantId, systemActor('stripe authorization'), async (tx) => {
    for (const state of await listOpenStates(tx, connectionId)) {
      if (!state.expired) continue
      await endAuthorization(tx, state, 'failed', state.consumed ? 'outcome_unknown' : 'authorization_expired')
    }
  })
}

/** A try that connected nothing: its connection shows why, unless it is somebody's already. */
export async function endAuthorization(
  tx: Change,
  state: { uuid: string; connectionId: Id<'strc'> },
  outcome: Exclude<Outcome, 'connected'>,
  code: FaultCode,
): Promise<void> {
  const connection = await lockConnection(tx, state.connectionId)
  if (!(await setOutcome(tx, state.uuid, outcome, { error: code }))) return
  if (connection?.status === 'pending')
    await setFault(tx, connection.id, { code, message: FAULTS[code].message }, { stopReading: true })
  tx.audit({
    action: 'stripe_connection.not_connected',
    resource: { type: 'stripe_connection', id: state.connectionId },
    changes: { after: { error: code } },
  })
}
