import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'

/** A payment of ours on an invoice, wherever its line stands. */
export interface OwnPayment {
  invoiceId: Id<'inv'>
  transid: string
  amountMinor: bigint
  paidOn: string
  /** A person said that it is there, under whatever id. */
  saidToBeThere: boolean
}

/** Our payments that the mirror does not show: under way, booked a moment ago, or standing there under another id. */
export async function listUnseenPayments(tx: TenantTx): Promise<OwnPayment[]> {
  const rows = await tx.many<{
    invoice_id: string
    transid: string
    amount_minor: string
    paid_on: string
    said: boolean
  }>(
    `select p.invoice_id, p.transid, p.amount_minor, p.paid_on::text as paid_on, p.resolution is not distinct from 'applied' as said
       from payments p
      where p.tenant_id = $1 and p.state in ('pending', 'sending', 'unknown', 'quarantined', 'applied')
        and not exists (select 1 from invoice_payments seen
          where seen.tenant_id = p.tenant_id and seen.invoice_id = p.invoice_id and seen.transid = p.transid)
      order by p.id`,
    [tx.tenantUuid],
  )
  return rows.map((row) => ({
    invoiceId: idOf('inv', row.invoice_id),
    transid: row.transid,
    amountMinor: BigInt(row.amount_minor),
    paidOn: row.paid_on,
    saidToBeThere: row.said,
  }))
}

/** The payments in the billing system that a line was found to be, as `invoice|id there`. */
export async function listExplained(tx: TenantTx): Promise<Set<string>> {
  const rows = await tx.many<{ invoice_id: string; external_payment_id: string }>(
    'select invoice_id, external_payment_id from match_allocations where tenant_id = $1 and external_payment_id is not null',
    [tx.tenantUuid],
  )
  return new Set(rows.map((row) => paymentKey(idOf('inv', row.invoice_id), row.external_payment_id)))
}

export const paymentKey = (invoiceId: Id<'inv'>, externalId: string): string => `${invoiceId}|${externalId}`

/** Which of these payments still stand there with this amount and explain no line yet, as `paymentKey` names them. The caller
 *  holds their invoices. */
export async function listExplaining(
  tx: TenantTx,
  payments: readonly { invoiceId: Id<'inv'>; externalId: string; amountMinor: bigint }[],
): Promise<Set<string>> {
  const rows = await tx.many<{ invoice_id: string; external_id: string }>(
    `select p.invoice_id, p.external_id
       from unnest($2::uuid[], $3::text[], $4::bigint[]) as wanted (invoice_id, external_id, amount_minor)
       join invoice_payments p on p.tenant_id = $1 and p.invoice_id = wanted.invoice_id and p.external_id = wanted.external_id
        and p.amount_minor = wanted.amount_minor
      where not exists (select 1 from match_allocations l
          where l.tenant_id = $1 and l.invoice_id = p.invoice_id and l.external_payment_id = p.external_id)`,
    [
      tx.tenantUuid,
      payments.map((payment) => uuidOf(payment.invoiceId)),
      payments.map((payment) => payment.externalId),
      payments.map((payment) => String(payment.amountMinor)),
    ],
  )
  return new Set(rows.map((row) => paymentKey(idOf('inv', row.invoice_id), row.external_id)))
}
