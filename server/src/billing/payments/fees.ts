import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { PaymentDeps } from './deps.ts'
import { APPLY_ACTOR } from './outcome.ts'
import type { PaymentRow } from './queries.ts'
import { sendsOf } from './pace.ts'

/** What the gateway kept of each line of money, in the smallest unit of the line's own currency, zero or more. A line of which
 *  that is not known, or was kept in another currency, is left out. */
export type FeesOf = (tx: TenantTx, transactionIds: readonly Id<'txn'>[]) => Promise<ReadonlyMap<Id<'txn'>, bigint>>

/** The share of a fee that falls on a part of the money, where the parts before it come to `beforeMinor`. All parts of the whole
 *  money come to the fee exactly, in whatever portions. Pure. */
export const shareOfFee = (
  feeMinor: bigint,
  lineMinor: bigint,
  part: { beforeMinor: bigint; amountMinor: bigint },
): bigint => (feeMinor * (part.beforeMinor + part.amountMinor)) / lineMinor - (feeMinor * part.beforeMinor) / lineMinor

/** Notes on payments that were never sent what the gateway kept of them, in the caller's change, which holds their leases. Returns them as they
 *  are then. What was sent once stays as it was sent. */
export async function noteFees(tx: TenantTx, feesOf: FeesOf, payments: readonly PaymentRow[]): Promise<PaymentRow[]> {
  const fees = await feesOf(tx, [...new Set(payments.map((payment) => payment.transactionId))])
  const noted: PaymentRow[] = []
  for (const payment of payments) {
    const feeMinor = fees.get(payment.transactionId)
    const feesMinor = feeMinor === undefined ? null : await shareOf(tx, payment, feeMinor)
    if (feesMinor === null || feesMinor === payment.feesMinor) {
      noted.push(payment)
      continue
    }
    await tx.run('update payments set fees_minor = $4 where tenant_id = $1 and id = $2 and fence = $3', [
      tx.tenantUuid,
      uuidOf(payment.id),
      payment.fence,
      feesMinor,
    ])
    noted.push({ ...payment, feesMinor })
  }
  return noted
}

/** What of the fee falls on this payment: by the payments of its line that live, in the order in which they were requested, and never
 *  more than the others leave. */
async function shareOf(tx: TenantTx, payment: PaymentRow, feeMinor: bigint): Promise<bigint | null> {
  const row = await tx.first<{ line: string; before: string; noted: string }>(
    `select t.amount_minor as line,
            coalesce(sum(o.amount_minor) filter (where o.id < $3), 0)::text as before,
            coalesce(sum(o.fees_minor) filter (where o.id <> $3), 0)::text as noted
       from transactions t
       left join payments o on o.tenant_id = t.tenant_id and o.transaction_id = t.id and o.state not in ('refused', 'reversed')
      where t.tenant_id = $1 and t.id = $2 group by t.amount_minor`,
    [tx.tenantUuid, uuidOf(payment.transactionId), uuidOf(payment.id)],
  )
  if (!row) return null
  const share = shareOfFee(feeMinor, BigInt(row.line), {
    beforeMinor: BigInt(row.before),
    amountMinor: payment.amountMinor,
  })
  const left = feeMinor - BigInt(row.noted)
  const capped = share < left ? share : left
  return capped < 0n ? 0n : capped
}

/** The payment with its fee, just before its first send: Stripe may have settled it since it was approved. Whether it is written into
 *  the billing system is the installation's setting. */
export async function withFees(deps: Pick<PaymentDeps, 'store' | 'feesOf'>, payment: PaymentRow): Promise<PaymentRow> {
  const { feesOf } = deps
  if (!feesOf || payment.alsoKnownAs.length === 0 || sendsOf(payment) > 0) return payment
  const [noted] = await deps.store.change(payment.tenantId, APPLY_ACTOR, (tx) => noteFees(tx, feesOf, [payment]))
  return noted ?? payment
}
