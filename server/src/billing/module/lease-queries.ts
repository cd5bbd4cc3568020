import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { BilledPayment } from '../billing-system.ts'
import { type InstanceRow, lockInstance } from '../instances/queries.ts'
import { getPayments, type PaymentRow } from '../payments/queries.ts'

/** Payments that may be offered to the module now. What a module was offered before needs no time to settle, since it looks
 *  before it books; what the API sent does. One at a time per invoice, and none while another's outcome on it is open. $1 tenant,
 *  $2 installation. */
const DUE = `select p.id, p.next_attempt_at,
         row_number() over (partition by p.invoice_id order by p.state = 'pending', p.next_attempt_at, p.id) as turn
    from payments p
   where p.tenant_id = $1 and p.instance_id = $2 and p.state in ('pending', 'sending', 'unknown') and p.next_attempt_at <= now()
     and (p.lease_until is null or p.lease_until < now())
     and (p.settled_at is null or p.settled_at <= now() or p.offered_fence = p.fence)
     and p.attempts < p.sends_allowed
     and not exists (
       select 1 from payments o
        where o.tenant_id = p.tenant_id and o.instance_id = p.instance_id and o.invoice_id = p.invoice_id and o.id <> p.id
          and (o.lease_until > now() or (p.state = 'pending' and o.state in ('sending', 'unknown'))))
     and not exists (
       select 1 from undos o
        where o.tenant_id = p.tenant_id and o.instance_id = p.instance_id and o.invoice_id = p.invoice_id
          and (o.lease_until > now() or (p.state = 'pending' and o.state in ('sending', 'unknown'))))`

/** The installation, held so that two calls at once share the payments out; undefined where it may not be paid into at this
 *  moment, or its tenant rests. */
export async function lockPayable(tx: TenantTx, instanceId: Id<'whm'>): Promise<InstanceRow | undefined> {
  const now = await lockInstance(tx, instanceId)
  if (!now || now.status !== 'active' || now.verifiedAt === null || now.mode !== 'module') return undefined
  const tenant = await tx.first<{ status: string }>('select status from tenants where tenant_id = $1', [tx.tenantUuid])
  return tenant?.status === 'active' ? now : undefined
}

/** Payments that would be offered next. */
export async function listDue(tx: TenantTx, instanceId: Id<'whm'>, limit: number): Promise<PaymentRow[]> {
  const rows = await tx.many<{ id: string }>(
    `with due as (${DUE}) select id from due where turn = 1 order by next_attempt_at, id limit $3`,
    [tx.tenantUuid, uuidOf(instanceId), limit],
  )
  return getPayments(
    tx,
    rows.map((row) => idOf('pay', row.id)),
  )
}

/** Gives the module up to `limit` due payments under a rising fence, `atOnce` at most in all, and counts the offer: from now
 *  on it may book each. The caller holds the installation, so that two such calls follow each other. */
export async function leaseOffers(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  options: { limit: number; atOnce: number; leaseMs: number; settleMs: number },
): Promise<(PaymentRow & { leasedUntil: Date })[]> {
  const leased = await tx.many<{ id: string; lease_until: Date }>(
    `with due as (${DUE}),
     places as (
       select $4 - (select count(*) from payments where tenant_id = $1 and instance_id = $2 and lease_until > now())
                 - (select count(*) from undos where tenant_id = $1 and instance_id = $2 and lease_until > now()) as free)
     update payments p
        set state = 'sending', attempts = p.attempts + 1, fence = p.fence + 1, offered_fence = p.fence + 1,
            lease_until = now() + $5 * interval '1 millisecond', next_attempt_at = now() + $5 * interval '1 millisecond',
            send_started_at = now() + $5 * interval '1 millisecond', settled_at = now() + ($5 + $6) * interval '1 millisecond',
            reason_code = null, reason = null, lookups_failed = 0, updated_at = now()
       from (select id from due where turn = 1 order by next_attempt_at, id limit greatest(0, least($3, (select free from places)))) chosen
      where p.tenant_id = $1 and p.id = chosen.id and p.state in ('pending', 'sending', 'unknown')
        and (p.lease_until is null or p.lease_until < now())
      returning p.id, p.lease_until`,
    [tx.tenantUuid, uuidOf(instanceId), options.limit, options.atOnce, options.leaseMs, options.settleMs],
  )
  const until = new Map(leased.map((row) => [idOf('pay', row.id), row.lease_until]))
  const rows = await getPayments(tx, [...until.keys()].sort())
  return rows.map((row) => ({ ...row, leasedUntil: until.get(row.id)! }))
}

/** Payments whose offers are used up and whose last one ran out without a result. */
export async function listExhausted(tx: TenantTx, instanceId: Id<'whm'>): Promise<PaymentRow[]> {
  const rows = await tx.many<{ id: string }>(
    `select id from payments
      where tenant_id = $1 and instance_id = $2 and state in ('sending', 'unknown') and attempts >= sends_allowed
        and next_attempt_at <= now() and (lease_until is null or lease_until < now()) and offered_fence = fence
      order by id limit 100`,
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  return getPayments(
    tx,
    rows.map((row) => idOf('pay', row.id)),
  )
}

/** Payments in doubt that no module will ever be offered again. */
export async function listInDoubt(tx: TenantTx, instanceId: Id<'whm'>): Promise<PaymentRow[]> {
  const rows = await tx.many<{ id: string }>(
    `select id from payments
      where tenant_id = $1 and instance_id = $2 and state in ('sending', 'unknown') and (lease_until is null or lease_until < now())
        and settled_at <= now()
      order by id limit 100`,
    [tx.tenantUuid, uuidOf(instanceId)],
  )
  return getPayments(
    tx,
    rows.map((row) => idOf('pay', row.id)),
  )
}

/** How much longer an offer is the module's, ms. */
export async function leaseLeftMs(
  tx: TenantTx,
  table: 'payments' | 'undos',
  offered: { id: Id<'pay'>; fence: string },
): Promise<number> {
  const row = await tx.first<{ left_ms: number | null }>(
    `select greatest(0, extract(epoch from lease_until - now()) * 1000)::float8 as left_ms from ${table}
      where tenant_id = $1 and id = $2 and fence = $3`,
    [tx.tenantUuid, uuidOf(offered.id), offered.fence],
  )
  return Math.ceil(row?.left_ms ?? 0)
}

/** Payments that the mirror shows on the invoices of these payments, oldest first. */
export async function listMirrored(
  tx: TenantTx,
  payments: readonly { invoiceId: Id<'inv'> }[],
): Promise<Map<Id<'inv'>, BilledPayment[]>> {
  const rows = await tx.many<{
    invoice_id: string
    external_id: string
    invoice_external_id: string
    transid: string
    amount_minor: string
    paid_on: string
    gateway: string
  }>(
    `select p.invoice_id, p.external_id, i.external_id as invoice_external_id, p.transid, p.amount_minor, p.paid_on::text as paid_on, p.gateway
       from invoice_payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and p.invoice_id = any($2::uuid[]) order by length(p.external_id), p.external_id`,
    [tx.tenantUuid, payments.map((payment) => uuidOf(payment.invoiceId))],
  )
  const found = new Map<Id<'inv'>, BilledPayment[]>()
  for (const row of rows) {
    const id = idOf('inv', row.invoice_id)
    const payment = {
      externalId: row.external_id,
      invoiceExternalId: row.invoice_external_id,
      transid: row.transid,
      amountMinor: BigInt(row.amount_minor),
      paidOn: row.paid_on,
      gateway: row.gateway,
    }
    found.set(id, [...(found.get(id) ?? []), payment])
  }
  return found
}
