import { AppError, assert, notFound } from '../../base/errors.ts'
import { type Id, type TenantId, uuidOf } from '../../base/ids.ts'
import { closeAlert } from '../../events/alerts.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { wake } from '../../jobs/wake.ts'
import { lockTransaction } from '../../transactions/index.ts'
import type { PaymentDeps } from './deps.ts'
import { SENDS_MAX } from './judge.ts'
import { getPayment, lockPayment, type PaymentRow } from './queries.ts'
import { PAYMENTS_TOPIC } from './request-payment.ts'
import { lockUndo } from './undo/queries.ts'
import { resolveUndo } from './undo/resolve-undo.ts'

export type Resolution = 'applied' | 'retry' | 'drop'

/** A person decides about a quarantined payment, or about one whose taking-back waits for a person (`resolveUndo`).
 *  `applied`: it is there, whatever id it stands under; it counts as booked and is not compared again.
 *  `retry`: send it again, up to five more times, each after a look-up as ever: what stands under our own id still keeps it
 *  from being sent, payments under foreign ids that it was quarantined for no longer do.
 *  `drop`: it is not to be sent; the match has failed and the money is free again.
 *  Throws `resource_not_found`, and `resource_conflict` when nothing of the payment waits for a person. */
export async function resolvePayment(
  deps: Pick<PaymentDeps, 'store' | 'onSettled'>,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'pay'>,
  resolution: Resolution,
): Promise<PaymentRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const seen = await getPayment(tx, id)
    if (!seen) throw notFound()
    // The line first, as every decision locks.
    await lockTransaction(tx, seen.transactionId)
    const payment = await lockPayment(tx, id)
    assert(payment, 'a payment is never removed')
    const undo = payment.state === 'applied' ? await lockUndo(tx, id) : undefined
    if (undo?.state === 'needs_person') {
      await resolveUndo(tx, deps, undo, resolution)
      return (await getPayment(tx, id))!
    }
    if (payment.state !== 'quarantined') {
      throw new AppError(
        'resource_conflict',
        `This payment is ${payment.state}; only a quarantined one is resolved, or one whose taking-back waits for you.`,
      )
    }
    await write(tx, payment, resolution)
    await closeAlert(tx, 'payment_quarantined', id)
    tx.audit({
      action: 'payment.resolve',
      resource: { type: 'payment', id },
      changes: { before: { state: 'quarantined', reason: payment.reasonCode }, after: { resolution } },
    })
    if (resolution === 'retry') await wake(tx, PAYMENTS_TOPIC)
    else {
      await deps.onSettled(tx, {
        matchId: payment.matchId,
        transactionId: payment.transactionId,
        outcome: resolution === 'applied' ? 'applied' : 'refused',
      })
    }
    return (await getPayment(tx, id))!
  })
}

/** The fence rises with each: a worker that was thought dead must not overwrite what a person said. */
async function write(tx: Change, payment: PaymentRow, resolution: Resolution): Promise<void> {
  const key = [tx.tenantUuid, uuidOf(payment.id)]
  if (resolution === 'applied') {
    await tx.run(
      `update payments set state = 'applied', resolution = 'applied', applied_at = now(), unknown_since = null, lease_until = null,
              reason_code = null, reason = null, fence = fence + 1, updated_at = now()
        where tenant_id = $1 and id = $2`,
      key,
    )
  } else if (resolution === 'drop') {
    await tx.run(
      `update payments set state = 'refused', resolution = 'drop', reason_code = 'dropped', reason = 'Dropped by a person.',
              unknown_since = null, lease_until = null, fence = fence + 1, updated_at = now()
        where tenant_id = $1 and id = $2`,
      key,
    )
  } else {
    await tx.run(
      `update payments set state = case when attempts = 0 then 'pending' else 'unknown' end, resolution = 'retry',
              unknown_since = case when attempts = 0 then null else now() end, sends_allowed = attempts + $3,
              overruled_transids = overruled_transids || foreign_transids, foreign_transids = '{}', lookups_failed = 0,
              next_attempt_at = now(), lease_until = null, fence = fence + 1, updated_at = now()
        where tenant_id = $1 and id = $2`,
      [...key, SENDS_MAX],
    )
  }
}
