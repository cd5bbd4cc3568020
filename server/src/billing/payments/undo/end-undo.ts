import { uuidOf } from '../../../base/ids.ts'
import { closeAlert, openAlert } from '../../../events/alerts.ts'
import type { Change } from '../../../events/store.ts'
import { wake } from '../../../jobs/wake.ts'
import { lockTransaction } from '../../../transactions/index.ts'
import type { PaymentDeps } from '../deps.ts'
import { APPLY_ACTOR } from '../outcome.ts'
import { PAYMENTS_TOPIC } from '../request-payment.ts'
import type { UndoRow, UndoStep } from './queries.ts'

export type UndoEnding =
  /** Everything is there, as a look-up showed: `externalId` is the row of the money that went out. */
  | { state: 'done'; externalId: string | null }
  /** Payymo does nothing more. `remaining`: what a person must do, in words; `foreign`: ids of money out that stopped it;
   *  `taken`: the money itself is out. */
  | { state: 'needs_person'; code: string; remaining: string[]; foreign: string[]; taken: boolean }

/** Ends the work on a taking-back: the payment is reversed, or a person must look. With its audit row, its alert, and whatever
 *  its match makes of it. Whoever leased it may call this, over the API or for the module. Returns false, and leaves everything
 *  as it is, when the fence has moved on. */
export async function endUndo(
  deps: Pick<PaymentDeps, 'store' | 'onSettled' | 'log'>,
  undo: UndoRow,
  ending: UndoEnding,
): Promise<boolean> {
  const stopped = ending.state === 'needs_person' ? ending : undefined
  const written = await deps.store.change(undo.tenantId, APPLY_ACTOR, async (tx) => {
    // The line first, as every decision locks.
    await lockTransaction(tx, undo.transactionId)
    const rows = await tx.run(
      `update undos
          set state = $4, reason_code = $5, reason = $6, remaining = $7, foreign_ids = $8, external_id = coalesce($9, external_id),
              taken_at = case when $10 then coalesce(taken_at, now()) else taken_at end,
              done_at = case when $4 = 'done' then now() else done_at end, lease_until = null, unknown_since = null, lookups_failed = 0,
              updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state in ('pending', 'sending', 'unknown')`,
      [
        tx.tenantUuid,
        uuidOf(undo.id),
        undo.fence,
        ending.state,
        stopped?.code ?? null,
        stopped?.remaining[0] ?? null,
        stopped?.remaining ?? [],
        stopped?.foreign ?? [],
        ending.state === 'done' ? ending.externalId : null,
        ending.state === 'done' || ending.taken,
      ],
    )
    if (rows === 0) return false
    for (const code of ['undo_unknown', 'undo_delayed']) await closeAlert(tx, code, undo.id)
    if (stopped) await stop(tx, undo, stopped)
    else await markReversed(tx, undo)
    const { matchId, transactionId } = undo
    await deps.onSettled(tx, { matchId, transactionId, outcome: stopped ? 'undo_stopped' : 'undone' })
    return true
  })
  deps.log.info(written ? 'undo ended' : 'undo outcome left: the lease was lost', {
    tenant_id: undo.tenantId,
    payment_id: undo.id,
    outcome: ending.state,
    ...(stopped ? { reason: stopped.code } : {}),
  })
  return written
}

/** The payment is no longer in the billing system, and its money is free. */
export async function markReversed(tx: Change, undo: Pick<UndoRow, 'id' | 'transid'>): Promise<void> {
  await tx.run(`update payments set state = 'reversed', updated_at = now() where tenant_id = $1 and id = $2`, [
    tx.tenantUuid,
    uuidOf(undo.id),
  ])
  await closeAlert(tx, 'ledger_difference', undo.id)
  tx.audit({
    action: 'payment.reverse',
    resource: { type: 'payment', id: undo.id },
    changes: { before: { state: 'applied' }, after: { state: 'reversed', taken_back_as: undo.transid } },
  })
}

async function stop(tx: Change, undo: UndoRow, ending: Extract<UndoEnding, { state: 'needs_person' }>): Promise<void> {
  tx.audit({
    action: 'payment.undo_stop',
    resource: { type: 'payment', id: undo.id },
    changes: { after: { reason: ending.code, taken_back_as: ending.taken ? undo.transid : null } },
  })
  const drop = ending.taken ? '' : ', or leave it booked'
  await openAlert(tx, {
    code: 'undo_needs_person',
    severity: 'critical',
    subject: { type: 'payment', id: undo.id },
    message: `A payment on invoice ${undo.invoiceNumber} is not wholly taken back. ${ending.remaining.join(' ')} Then decide in the review: it is taken back, ${ending.taken ? 'or ' : ''}try again${drop}.`,
  })
}

/** The system said yes. The step counts once a look-up shows it, which is due at once. */
export async function writeAnswered(
  deps: PaymentDeps,
  undo: UndoRow,
  answer: { step: UndoStep; settleMs: number },
): Promise<void> {
  await deps.store.change(undo.tenantId, APPLY_ACTOR, async (tx) => {
    const rows = await tx.run(
      `update undos
          set state = 'pending', answered = $4, settled_at = now() + $5 * interval '1 millisecond', unknown_since = null, lease_until = null,
              next_attempt_at = now(), lookups_failed = 0, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state = 'sending'`,
      [tx.tenantUuid, uuidOf(undo.id), undo.fence, answer.step, answer.settleMs],
    )
    if (rows === 0) return
    tx.audit({
      action: 'payment.undo_step',
      resource: { type: 'payment', id: undo.id },
      changes: { after: { step: answer.step, taken_back_as: undo.transid } },
    })
    await wake(tx, PAYMENTS_TOPIC)
  })
  deps.crash.at('undo_after_result')
}

/** The system said no, in its own words: this send did nothing. Whether an earlier one did shows at the next look, at once. */
export async function writeRefused(
  deps: PaymentDeps,
  undo: UndoRow,
  refusal: { step: UndoStep; code: string; words: string },
): Promise<void> {
  await deps.store.change(undo.tenantId, APPLY_ACTOR, async (tx) => {
    const rows = await tx.run(
      `update undos
          set state = $4, refusals = $5, send_started_at = $6, settled_at = $7, reason_code = $8, reason = $9, lease_until = null,
              next_attempt_at = now(), lookups_failed = 0, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state = 'sending'`,
      [
        tx.tenantUuid,
        uuidOf(undo.id),
        undo.fence,
        undo.state,
        JSON.stringify({ ...undo.refusals, [refusal.step]: refusal.words }),
        undo.sendStartedAt,
        undo.settledAt,
        refusal.code,
        refusal.words,
      ],
    )
    if (rows === 0) return
    tx.audit({
      action: 'payment.undo_refused',
      resource: { type: 'payment', id: undo.id },
      changes: { after: { step: refusal.step, reason: refusal.code } },
    })
    await wake(tx, PAYMENTS_TOPIC)
  })
  deps.crash.at('undo_after_result')
}
