import { assert } from '../../base/errors.ts'
import { type Id, idOf, idOrNull, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import type { InstanceSettings } from '../instances/queries.ts'
import type { UndoState } from './undo/queries.ts'

export const PAYMENT_STATES = [
  'pending',
  'sending',
  'unknown',
  'applied',
  'refused',
  'quarantined',
  'reversed',
] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/** A payment with everything its work needs. `fence` is the number of the lease that may write its outcome. */
export interface PaymentRow {
  id: Id<'pay'>
  tenantId: TenantId
  matchId: Id<'match'>
  transactionId: Id<'txn'>
  invoiceId: Id<'inv'>
  invoiceExternalId: string
  /** As people call it: the number, or the id where there is none. */
  invoiceNumber: string
  /** Null where the invoice came by API: such a payment is never sent. */
  instanceId: Id<'whm'> | null
  part: number
  generation: number
  amountMinor: bigint
  /** How much of the amount is more than the invoice takes and becomes credit of its client. */
  surplusMinor: bigint
  /** What Stripe kept of it; null where that is not known. */
  feesMinor: bigint | null
  currency: string
  transid: string
  paidOn: string
  state: PaymentState
  attempts: number
  sendsAllowed: number
  lookupsFailed: number
  fence: string
  /** No send is under way that could still commit. */
  settled: boolean
  settledAt: Date | null
  sendStartedAt: Date | null
  foreignTransids: string[]
  overruledTransids: string[]
  /** Ids of Stripe for the money, by which a gateway may have recorded it. */
  alsoKnownAs: string[]
  reasonCode: string | null
  reason: string | null
  appliedAt: Date | null
  /** Its taking-back, where somebody asked for one. `left`: what a person must know, and what remains to be done. */
  undo: { state: UndoState; transid: string; left: string[]; reason: string | null } | null
  createdAt: Date
  updatedAt: Date
  /** The trace of whoever asked for it. */
  traceparent: string | null
}

export const PAYMENT_COLUMNS = `p.id, p.tenant_id, p.match_id, p.transaction_id, p.invoice_id, i.external_id as invoice_external_id,
  coalesce(nullif(i.number, ''), i.external_id) as invoice_number, p.instance_id, p.part, p.generation, p.amount_minor, p.surplus_minor, p.fees_minor, p.currency,
  p.transid, p.paid_on::text as paid_on, p.state, p.attempts, p.sends_allowed, p.lookups_failed, p.fence,
  (p.settled_at is null or p.settled_at <= now()) as settled, p.settled_at, p.send_started_at, p.foreign_transids, p.overruled_transids,
  p.reason_code, p.reason, p.applied_at, p.created_at, p.updated_at, p.traceparent,
  array(select x.value from transaction_aliases x
         where x.tenant_id = p.tenant_id and x.transaction_id = p.transaction_id and x.kind = 'stripe' order by x.value) as also_known_as,
  (select json_build_object('state', u.state, 'transid', u.transid, 'left', u.notes || u.remaining, 'reason', u.reason)
     from undos u where u.tenant_id = p.tenant_id and u.id = p.id) as undo`
export const PAYMENT_FROM = 'payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id'

export async function getPayment(tx: TenantTx, id: Id<'pay'>): Promise<PaymentRow | undefined> {
  const row = await tx.first<object>(
    `select ${PAYMENT_COLUMNS} from ${PAYMENT_FROM} where p.tenant_id = $1 and p.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && paymentOf(row)
}

/** Several at once, in the order given. */
export async function getPayments(tx: TenantTx, ids: readonly Id<'pay'>[]): Promise<PaymentRow[]> {
  const rows = await tx.many<object>(
    `select ${PAYMENT_COLUMNS} from ${PAYMENT_FROM} where p.tenant_id = $1 and p.id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  const byId = new Map(rows.map(paymentOf).map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** The installation that keeps the payment, of those that are sent somewhere. */
export function installationOf(payment: Pick<PaymentRow, 'instanceId'>): Id<'whm'> {
  assert(payment.instanceId !== null, 'a payment that is sent has an installation')
  return payment.instanceId
}

/** As `getPayment`, holding the payment until the transaction ends. Lock the line of money first: every decision does. */
export async function lockPayment(tx: TenantTx, id: Id<'pay'>): Promise<PaymentRow | undefined> {
  const locked = await tx.first<object>('select id from payments where tenant_id = $1 and id = $2 for no key update', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return locked && getPayment(tx, id)
}

/** Every payment ever requested of a line, held until the transaction ends; the caller holds the line. */
export async function lockPaymentsOf(tx: TenantTx, transactionId: Id<'txn'>): Promise<PaymentRow[]> {
  await tx.many('select id from payments where tenant_id = $1 and transaction_id = $2 order by id for no key update', [
    tx.tenantUuid,
    uuidOf(transactionId),
  ])
  const rows = await tx.many<object>(
    `select ${PAYMENT_COLUMNS} from ${PAYMENT_FROM} where p.tenant_id = $1 and p.transaction_id = $2 order by p.id`,
    [tx.tenantUuid, uuidOf(transactionId)],
  )
  return rows.map(paymentOf)
}

/** An invoice that is to be paid, and the installation that keeps it. */
export interface PayableInvoice {
  id: Id<'inv'>
  externalId: string
  number: string
  currency: string
  clientId: Id<'cli'>
  /** Null where the invoice came by API. */
  instance: {
    id: Id<'whm'>
    systemUrl: string
    installation: string
    status: 'pending' | 'active' | 'error' | 'disconnected'
    verified: boolean
  } | null
}

export async function listPayableInvoices(tx: TenantTx, ids: readonly Id<'inv'>[]): Promise<PayableInvoice[]> {
  const rows = await tx.many<{
    id: string
    external_id: string
    number: string
    currency: string
    client_id: string
    instance_id: string | null
    system_url: string
    installation: string
    status: NonNullable<PayableInvoice['instance']>['status']
    verified: boolean
  }>(
    `select i.id, i.external_id, coalesce(nullif(i.number, ''), i.external_id) as number, i.currency, i.client_id, w.id as instance_id,
            w.system_url, w.installation, w.status, w.verified_at is not null as verified
       from invoices i left join whmcs_instances w on w.tenant_id = i.tenant_id and w.id = i.instance_id
      where i.tenant_id = $1 and i.id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map((row) => ({
    id: idOf('inv', row.id),
    externalId: row.external_id,
    number: row.number,
    currency: row.currency,
    clientId: idOf('cli', row.client_id),
    instance:
      row.instance_id === null
        ? null
        : {
            id: idOf('whm', row.instance_id),
            systemUrl: row.system_url,
            installation: row.installation,
            status: row.status,
            verified: row.verified,
          },
  }))
}

/** The fee that goes with a payment into an installation with these settings; null for none. */
export const feesToWrite = (
  payment: Pick<PaymentRow, 'feesMinor'>,
  settings: Pick<InstanceSettings, 'stripeFees'>,
): bigint | null => (settings.stripeFees ? payment.feesMinor : null)

/** What paying into an installation needs to know about it. */
export interface PayingInstance {
  mode: 'api' | 'module'
  paymentMethod: string
  settings: InstanceSettings
  status: 'pending' | 'active' | 'error' | 'disconnected'
  verified: boolean
  /** The slowest answer it ever gave, ms as measured. */
  slowestAnswerMs: number
  /** False while the tenant is suspended, and for ever when it is deleted: nothing more is sent. */
  tenantActive: boolean
}

export async function getPayingInstance(tx: TenantTx, id: Id<'whm'>): Promise<PayingInstance> {
  const row = await tx.one<{
    mode: PayingInstance['mode']
    payment_method: string
    surplus: InstanceSettings['surplus']
    confirmation_email: boolean
    stripe_fees: boolean
    status: PayingInstance['status']
    verified: boolean
    slowest_answer_ms: number
    tenant_active: boolean
  }>(
    `select w.mode, w.payment_method, w.surplus, w.confirmation_email, w.stripe_fees, w.status, w.verified_at is not null as verified,
            w.slowest_answer_ms, t.status = 'active' as tenant_active
       from whmcs_instances w join tenants t on t.tenant_id = w.tenant_id where w.tenant_id = $1 and w.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return {
    mode: row.mode,
    paymentMethod: row.payment_method,
    settings: { surplus: row.surplus, confirmationEmail: row.confirmation_email, stripeFees: row.stripe_fees },
    status: row.status,
    verified: row.verified,
    slowestAnswerMs: row.slowest_answer_ms,
    tenantActive: row.tenant_active,
  }
}

export async function keepSlowestAnswer(tx: TenantTx, id: Id<'whm'>, answerMs: number): Promise<void> {
  await tx.run(
    'update whmcs_instances set slowest_answer_ms = $3 where tenant_id = $1 and id = $2 and slowest_answer_ms < $3',
    [tx.tenantUuid, uuidOf(id), Math.ceil(answerMs)],
  )
}

/** Which of these ids are payments that we keep a record of, at this installation. */
export async function listKnownTransids(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  transids: readonly string[],
): Promise<Set<string>> {
  if (transids.length === 0) return new Set()
  const rows = await tx.many<{ transid: string }>(
    `select transid from payments where tenant_id = $1 and instance_id = $2 and transid = any($3)
      union select transid from undos where tenant_id = $1 and instance_id = $2 and transid = any($3)`,
    [tx.tenantUuid, uuidOf(instanceId), transids],
  )
  return new Set(rows.map((row) => row.transid))
}

/** Whose payments the workers take: installations reached over the API. A module fetches those of its own installation, as long
 *  as that may be paid into at all; afterwards it is ours to end them. */
export const OURS = `(w.mode = 'api' or w.status = 'disconnected' or w.verified_at is null)`

/** Tenants for which a payment is due now. Of those suspended or deleted only payments in doubt: what may have reached WHMCS
 *  is still looked up. */
export async function listDueTenants(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    `select distinct p.tenant_id from payments p join tenants t on t.tenant_id = p.tenant_id
       join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id
      where p.state in ('pending', 'sending', 'unknown') and p.next_attempt_at <= now() and ${OURS}
        and (p.lease_until is null or p.lease_until < now()) and (p.state <> 'pending' or t.status = 'active')
      order by p.tenant_id`,
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Leases up to `limit` due payments under a rising fence: one at a time per installation and invoice, `perInstance` per
 *  installation whatever the process, none of an invoice on which another's send is not settled; takings back count as well. A `sending` whose worker
 *  died comes back as `unknown`. Instance rows are locked first, so that claims of two workers follow each other. */
export async function leaseDue(
  tx: TenantTx,
  options: { limit: number; leaseMs: number; perInstance: number },
): Promise<PaymentRow[]> {
  await tx.many(
    `select id from whmcs_instances w where tenant_id = $1 and ${OURS} and exists (
       select 1 from payments p where p.tenant_id = $1 and p.instance_id = w.id
          and p.state in ('pending', 'sending', 'unknown') and p.next_attempt_at <= now())
      order by id for no key update`,
    [tx.tenantUuid],
  )
  const leased = await tx.many<{ id: string }>(
    `with due as (
       select p.id, p.instance_id, p.next_attempt_at,
              row_number() over (partition by p.instance_id, p.invoice_id order by p.state = 'pending', p.next_attempt_at, p.id) as turn
         from payments p join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id
        where p.tenant_id = $1 and p.state in ('pending', 'sending', 'unknown') and p.next_attempt_at <= now()
          and (p.lease_until is null or p.lease_until < now()) and ${OURS}
          and (p.state <> 'pending' or (select status from tenants where tenant_id = $1) = 'active')
          and not exists (
            select 1 from payments o
             where o.tenant_id = p.tenant_id and o.instance_id = p.instance_id and o.invoice_id = p.invoice_id and o.id <> p.id
               and (o.lease_until > now() or (p.state = 'pending' and o.state in ('sending', 'unknown'))))
          and not exists (
            select 1 from undos o
             where o.tenant_id = p.tenant_id and o.instance_id = p.instance_id and o.invoice_id = p.invoice_id
               and (o.lease_until > now() or (p.state = 'pending' and o.state in ('sending', 'unknown'))))
     ), placed as (
       select id, next_attempt_at, row_number() over (partition by instance_id order by next_attempt_at, id) as place,
              $4 - (select count(*) from payments o where o.tenant_id = $1 and o.instance_id = due.instance_id and o.lease_until > now())
                 - (select count(*) from undos o where o.tenant_id = $1 and o.instance_id = due.instance_id and o.lease_until > now()) as places
         from due where turn = 1
     )
     update payments p
        set lease_until = now() + $3 * interval '1 millisecond', fence = p.fence + 1, updated_at = now(),
            unknown_since = case when p.state = 'sending' then coalesce(p.unknown_since, p.send_started_at) else p.unknown_since end,
            state = case when p.state = 'sending' then 'unknown' else p.state end
       from (select id from placed where place <= places order by next_attempt_at, id limit $2) chosen
      where p.tenant_id = $1 and p.id = chosen.id
        and p.state in ('pending', 'sending', 'unknown') and (p.lease_until is null or p.lease_until < now())
      returning p.id`,
    [tx.tenantUuid, options.limit, options.leaseMs, options.perInstance],
  )
  return getPayments(
    tx,
    leased.map((row) => idOf('pay', row.id)),
  )
}

interface PaymentRecord {
  id: string
  tenant_id: string
  match_id: string
  transaction_id: string
  invoice_id: string
  invoice_external_id: string
  invoice_number: string
  instance_id: string | null
  part: number
  generation: number
  amount_minor: string
  surplus_minor: string
  fees_minor: string | null
  currency: string
  transid: string
  paid_on: string
  state: PaymentState
  attempts: number
  sends_allowed: number
  lookups_failed: number
  fence: string
  settled: boolean
  settled_at: Date | null
  send_started_at: Date | null
  foreign_transids: string[]
  overruled_transids: string[]
  also_known_as: string[]
  reason_code: string | null
  reason: string | null
  applied_at: Date | null
  created_at: Date
  updated_at: Date
  traceparent: string | null
  undo: PaymentRow['undo']
}

export function paymentOf(record: object): PaymentRow {
  const row = record as PaymentRecord
  return {
    id: idOf('pay', row.id),
    tenantId: idOf('ten', row.tenant_id),
    matchId: idOf('match', row.match_id),
    transactionId: idOf('txn', row.transaction_id),
    invoiceId: idOf('inv', row.invoice_id),
    invoiceExternalId: row.invoice_external_id,
    invoiceNumber: row.invoice_number,
    instanceId: idOrNull('whm', row.instance_id),
    part: row.part,
    generation: row.generation,
    amountMinor: BigInt(row.amount_minor),
    surplusMinor: BigInt(row.surplus_minor),
    feesMinor: row.fees_minor === null ? null : BigInt(row.fees_minor),
    currency: row.currency,
    transid: row.transid,
    paidOn: row.paid_on,
    state: row.state,
    attempts: row.attempts,
    sendsAllowed: row.sends_allowed,
    lookupsFailed: row.lookups_failed,
    fence: row.fence,
    settled: row.settled,
    settledAt: row.settled_at,
    sendStartedAt: row.send_started_at,
    foreignTransids: row.foreign_transids,
    overruledTransids: row.overruled_transids,
    alsoKnownAs: row.also_known_as,
    reasonCode: row.reason_code,
    reason: row.reason,
    appliedAt: row.applied_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    traceparent: row.traceparent,
    undo: row.undo,
  }
}
