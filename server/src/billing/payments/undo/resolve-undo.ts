import { AppError } from '../../../base/errors.ts'
import { uuidOf } from '../../../base/ids.ts'
import { closeAlert } from '../../../events/alerts.ts'
import type { Change } from '../../../events/store.ts'
import { wake } from '../../../jobs/wake.ts'
import type { PaymentDeps } from '../deps.ts'
import { SENDS_MAX } from '../judge.ts'
import { PAYMENTS_TOPIC } from '../request-payment.ts'
import type { Resolution } from '../resolve-payment.ts'
import { markReversed } from './end-undo.ts'
import type { UndoRow } from './queries.ts'

/** A person decides about a taking-back that waits for one; the caller holds the line, the payment and this.
 *  `applied`: it is taken back, by whatever hand; Payymo touches nothing more, and the payment is reversed.
 *  `retry`: Payymo goes on where it stopped, each step up to five more times, after a look-up as ever. Money out that stopped it
 *  and was none of ours no longer does.
 *  `drop`: the payment stays booked. Throws `resource_conflict` when the money is out already. */
export async function resolveUndo(
  tx: Change,
  deps: Pick<PaymentDeps, 'onSettled'>,
  undo: UndoRow,
  resolution: Resolution,
): Promise<void> {
  if (resolution === 'drop' && undo.takenAt !== null) {
    throw new AppError(
      'resource_conflict',
      `The money is out of invoice ${undo.invoiceNumber} in WHMCS already (${undo.transid}), so the payment does not stay booked. Say applied when the rest is done, or retry.`,
    )
  }
  const key = [tx.tenantUuid, uuidOf(undo.id)]
  if (resolution === 'retry') {
    await tx.run(
      `update undos set state = case when attempts = 0 then 'pending' else 'unknown' end, resolution = 'retry',
              unknown_since = case when attempts = 0 then null else now() end, sends_allowed = attempts + $3, refusals = '{}', answered = null,
              overruled_ids = overruled_ids || foreign_ids, foreign_ids = '{}', remaining = '{}', reason_code = null, reason = null,
              lookups_failed = 0, next_attempt_at = now(), lease_until = null, fence = fence + 1, updated_at = now()
        where tenant_id = $1 and id = $2`,
      [...key, SENDS_MAX],
    )
    await wake(tx, PAYMENTS_TOPIC)
  } else {
    const state = resolution === 'applied' ? 'done' : 'dropped'
    await tx.run(
      `update undos set state = $3, resolution = $4, done_at = case when $3 = 'done' then now() end, unknown_since = null, remaining = '{}',
              reason_code = null, reason = null, lease_until = null, fence = fence + 1, updated_at = now()
        where tenant_id = $1 and id = $2`,
      [...key, state, resolution],
    )
    if (state === 'done') await markReversed(tx, undo)
  }
  await closeAlert(tx, 'undo_needs_person', undo.id)
  tx.audit({
    action: 'payment.undo_resolve',
    resource: { type: 'payment', id: undo.id },
    changes: { before: { reason: undo.reasonCode }, after: { resolution } },
  })
  const { matchId, transactionId } = undo
  await deps.onSettled(tx, { matchId, transactionId, outcome: resolution === 'applied' ? 'undone' : 'undo_stopped' })
}
