import { uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { lockTransaction, MATCH_JOB } from '../../transactions/index.ts'
import { LEASE_MARGIN_MS, CALL_TIMEOUT_MS, type PaymentDeps } from './deps.ts'
import { getPayment, type PaymentRow } from './queries.ts'
import { RECORDED } from './recorded.ts'
import { presentPayment } from './schemas.ts'
import type { UndoRow } from './undo/queries.ts'

/** Every write here holds only while the lease does: `where fence = mine`. A worker that lost its lease writes nothing. */
export const APPLY_ACTOR = systemActor('apply-payment')

/** Something leased: a payment, or the taking back of one. Both tables keep leases and sends in columns of the same names. */
export type Leased = PaymentRow | UndoRow

const tableOf = (row: Leased): 'payments' | 'undos' => ('undoes' in row ? 'undos' : 'payments')

export type Ending =
  /** `seen`: the look-up found exactly this payment, under this id of WHMCS's own. Without it the answer of WHMCS is all we have, and reading back follows
   *  under the same lease. */
  | { state: 'applied'; seen: string | undefined }
  | { state: 'refused'; code: string; words: string }
  | { state: 'quarantined'; code: string; words: string; foreign: string[] }

/** Step 6: ends the work on a payment, with its audit row, its event, and whatever its match makes of it. Returns false, and
 *  leaves everything as it is, when the fence has moved on. */
export async function writeEnding(deps: PaymentDeps, payment: PaymentRow, ending: Ending): Promise<boolean> {
  const written = await deps.store.change(payment.tenantId, APPLY_ACTOR, async (tx) => {
    // The line first, as every decision locks.
    await lockTransaction(tx, payment.transactionId)
    const reason = ending.state === 'applied' ? undefined : ending
    const seen = ending.state === 'applied' ? ending.seen : undefined
    const rows = await tx.run(
      `update payments
          set state = $4, reason_code = $5, reason = $6, foreign_transids = $7, external_payment_id = coalesce($8, external_payment_id),
              applied_at = case when $4 = 'applied' then now() else applied_at end,
              verified_at = case when $9 then now() else verified_at end, checked_at = case when $9 then now() else checked_at end,
              lease_until = case when $4 = 'applied' and not $9 then lease_until end,
              unknown_since = null, lookups_failed = 0, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state in ('pending', 'sending', 'unknown')`,
      [
        tx.tenantUuid,
        uuidOf(payment.id),
        payment.fence,
        ending.state,
        reason?.code ?? null,
        reason?.words ?? null,
        ending.state === 'quarantined' ? ending.foreign : [],
        seen ?? null,
        seen !== undefined,
      ],
    )
    if (rows === 0) return false
    await sayEnding(tx, payment, ending)
    await deps.onSettled(tx, {
      matchId: payment.matchId,
      transactionId: payment.transactionId,
      outcome: ending.state,
    })
    // The line is that payment: matching says so.
    if (ending.state === 'refused' && ending.code === RECORDED) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
    return true
  })
  deps.crash.at('after_result')
  deps.log.info(written ? 'payment settled' : 'payment outcome left: the lease was lost', {
    tenant_id: payment.tenantId,
    payment_id: payment.id,
    outcome: ending.state,
    ...(ending.state === 'applied' ? {} : { reason: ending.code }),
  })
  return written
}

const ACTIONS = { applied: 'payment.apply', refused: 'payment.refuse', quarantined: 'payment.quarantine' } as const

async function sayEnding(tx: Change, before: PaymentRow, ending: Ending): Promise<void> {
  const payment = (await getPayment(tx, before.id))!
  for (const code of ['payment_unknown', 'payment_delayed']) await closeAlert(tx, code, payment.id)
  tx.audit({
    action: ACTIONS[ending.state],
    resource: { type: 'payment', id: payment.id },
    changes: {
      before: { state: before.state },
      after: {
        state: payment.state,
        attempts: payment.attempts,
        ...(ending.state === 'applied' ? {} : { reason: ending.code }),
      },
    },
  })
  if (ending.state !== 'quarantined') return
  tx.event('payment.quarantined', payment.id, presentPayment(payment))
  await openAlert(tx, {
    code: 'payment_quarantined',
    severity: 'critical',
    subject: { type: 'payment', id: payment.id },
    message: `A payment of ${formatAmount(payment.amountMinor, payment.currency)} ${payment.currency} waits for you. ${ending.words} See in WHMCS what holds, then decide in the review: it is there, send it again, or leave it.`,
  })
}

/** Step 4: says that a send begins, and counts it, before a byte leaves. Refused when the lease is lost or has less left than
 *  the send may take, and when the tenant was suspended or deleted a moment ago. From here on a dead worker leaves an unknown outcome: the last moment at which this send can have
 *  started is when the lease has just enough left. `also` is written with it. */
export async function beginSend(
  deps: PaymentDeps,
  payment: Leased,
  settleMs: number,
  also?: (tx: Change) => Promise<unknown>,
): Promise<boolean> {
  const neededMs = deps.scaled(CALL_TIMEOUT_MS) + deps.scaled(LEASE_MARGIN_MS)
  return deps.store.change(payment.tenantId, APPLY_ACTOR, async (tx) => {
    const rows = await tx.run(
      `update ${tableOf(payment)}
          set state = 'sending', attempts = attempts + 1, send_started_at = lease_until - $4 * interval '1 millisecond',
              settled_at = lease_until + ($5 - $4) * interval '1 millisecond',
              next_attempt_at = lease_until + greatest($5 - $4, 0) * interval '1 millisecond',
              reason_code = null, reason = null, lookups_failed = 0, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state in ('pending', 'unknown')
          and lease_until - clock_timestamp() > $4 * interval '1 millisecond'
          and (select status from tenants where tenant_id = $1) = 'active'`,
      [tx.tenantUuid, uuidOf(payment.id), payment.fence, neededMs, settleMs],
    )
    if (rows === 1) await also?.(tx)
    return rows === 1
  })
}

/** Step 5, the moment before the send: whether the lease is still ours and long enough. */
export async function mayStillSend(deps: PaymentDeps, payment: Leased): Promise<boolean> {
  const neededMs = deps.scaled(CALL_TIMEOUT_MS) + deps.scaled(LEASE_MARGIN_MS)
  const row = await deps.store.read(payment.tenantId, (tx) =>
    tx.first<{ enough: boolean }>(
      `select lease_until - clock_timestamp() > $4 * interval '1 millisecond' as enough from ${tableOf(payment)}
        where tenant_id = $1 and id = $2 and fence = $3 and state = 'sending'`,
      [tx.tenantUuid, uuidOf(payment.id), payment.fence, neededMs],
    ),
  )
  return row?.enough === true
}

/** Nothing left this machine: the payment is as it was before step 4, this send is not counted, and it is tried later. */
export async function takeSendBack(
  deps: PaymentDeps,
  payment: Leased,
  later: { code: string; words: string; delayMs: number; failed: boolean },
): Promise<void> {
  await deps.store.change(payment.tenantId, APPLY_ACTOR, (tx) =>
    tx.run(
      `update ${tableOf(payment)}
          set state = $4, attempts = attempts - 1, send_started_at = $5, settled_at = $6, lease_until = null, reason_code = $7, reason = $8,
              next_attempt_at = now() + $9 * interval '1 millisecond', lookups_failed = $10, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state = 'sending'`,
      [
        tx.tenantUuid,
        uuidOf(payment.id),
        payment.fence,
        payment.state,
        payment.sendStartedAt,
        payment.settledAt,
        later.code,
        later.words,
        later.delayMs,
        payment.lookupsFailed + (later.failed ? 1 : 0),
      ],
    ),
  )
}

/** The answer does not say what became of the send. It may have started, or still commit, up to this moment: the settle time
 *  counts from now. */
export async function writeUnknown(
  deps: PaymentDeps,
  payment: Leased,
  unknown: { code: string; words: string; settleMs: number; firstLookMs: number },
): Promise<boolean> {
  const written = await deps.store.change(payment.tenantId, APPLY_ACTOR, async (tx) => {
    const rows = await tx.run(
      `update ${tableOf(payment)}
          set state = 'unknown', unknown_since = coalesce(unknown_since, now()), send_started_at = now(), lease_until = null,
              settled_at = now() + $4 * interval '1 millisecond', next_attempt_at = now() + $5 * interval '1 millisecond',
              reason_code = $6, reason = $7, updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state in ('sending', 'unknown')`,
      [
        tx.tenantUuid,
        uuidOf(payment.id),
        payment.fence,
        unknown.settleMs,
        Math.min(unknown.settleMs, unknown.firstLookMs),
        unknown.code,
        unknown.words,
      ],
    )
    if (rows === 0) return false
    tx.audit({
      action: tableOf(payment) === 'undos' ? 'payment.undo_lose_sight' : 'payment.lose_sight',
      resource: { type: 'payment', id: payment.id },
      changes: { before: { state: payment.state }, after: { state: 'unknown', reason: unknown.code } },
    })
    return true
  })
  deps.crash.at(tableOf(payment) === 'undos' ? 'undo_after_result' : 'after_result')
  return written
}

/** Not now: the lease is given back, nothing is sent and no attempt is used up. `failed` counts towards the back-off;
 *  without `delayMs` the payment waits until its last send has settled. */
export async function postpone(
  deps: PaymentDeps,
  payment: Leased,
  later: { code?: string; words?: string; delayMs?: number; failed: boolean },
): Promise<void> {
  await deps.store.change(payment.tenantId, APPLY_ACTOR, (tx) =>
    tx.run(
      `update ${tableOf(payment)}
          set lease_until = null, reason_code = coalesce($5, reason_code), reason = coalesce($6, reason), lookups_failed = $7,
              next_attempt_at = case when $4::float8 is null then greatest(settled_at, now()) else now() + $4 * interval '1 millisecond' end,
              updated_at = now()
        where tenant_id = $1 and id = $2 and fence = $3 and state in ('pending', 'unknown')`,
      [
        tx.tenantUuid,
        uuidOf(payment.id),
        payment.fence,
        later.delayMs ?? null,
        later.code ?? null,
        later.words ?? null,
        later.failed ? payment.lookupsFailed + 1 : 0,
      ],
    ),
  )
}
