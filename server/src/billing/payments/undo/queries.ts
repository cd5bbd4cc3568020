import { type Id, idOf, type TenantId, uuidOf } from '../../../base/ids.ts'
import type { TenantTx, Tx } from '../../../database/transaction.ts'
import { OURS } from '../queries.ts'

export const UNDO_STATES = ['pending', 'sending', 'unknown', 'done', 'needs_person', 'dropped'] as const
export type UndoState = (typeof UNDO_STATES)[number]

/** What is written in the billing system, in this order: the money goes out, the invoice opens again, the credit goes. */
export const UNDO_STEPS = ['money', 'reopen', 'credit'] as const
export type UndoStep = (typeof UNDO_STEPS)[number]

/** The taking back of a payment, with everything its work needs. `fence` is the number of the lease that may write its outcome. */
export interface UndoRow {
  /** The payment's. */
  id: Id<'pay'>
  tenantId: TenantId
  matchId: Id<'match'>
  transactionId: Id<'txn'>
  invoiceId: Id<'inv'>
  invoiceExternalId: string
  invoiceNumber: string
  instanceId: Id<'whm'>
  /** The client in the billing system, as mirrored. */
  clientExternalId: string
  amountMinor: bigint
  /** How much of the payment was to become credit, as it was decided. */
  paidSurplusMinor: bigint
  currency: string
  /** The id of the payment there. */
  undoes: string
  /** A person declared the payment to be there: under which id, Payymo does not know. */
  declared: boolean
  generation: number
  /** The id of the money going out there. */
  transid: string
  state: UndoState
  step: UndoStep | null
  answered: UndoStep | null
  refusals: Partial<Record<UndoStep, string>>
  attempts: number
  sendsAllowed: number
  lookupsFailed: number
  fence: string
  settled: boolean
  settledAt: Date | null
  sendStartedAt: Date | null
  surplusMinor: bigint | null
  totalMinor: bigint | null
  owedMinor: bigint | null
  takenAt: Date | null
  overruledIds: string[]
  notes: string[]
  remaining: string[]
  reasonCode: string | null
  reason: string | null
  leaseUntil: Date | null
  traceparent: string | null
}

const COLUMNS = `u.id, u.tenant_id, u.match_id, u.transaction_id, u.invoice_id, i.external_id as invoice_external_id,
  coalesce(nullif(i.number, ''), i.external_id) as invoice_number, u.instance_id, c.external_id as client_external_id, p.amount_minor,
  p.surplus_minor as paid_surplus_minor,  p.currency, p.transid as undoes, p.resolution is not distinct from 'applied' as declared, u.generation, u.transid, u.state, u.step,
  u.answered, u.refusals, u.attempts, u.sends_allowed, u.lookups_failed, u.fence, (u.settled_at is null or u.settled_at <= now()) as settled,
  u.settled_at, u.send_started_at, u.surplus_minor, u.total_minor, u.owed_minor, u.taken_at, u.overruled_ids, u.notes, u.remaining,
  u.reason_code, u.reason, u.lease_until, u.traceparent`
const FROM = `undos u join payments p on p.tenant_id = u.tenant_id and p.id = u.id
  join invoices i on i.tenant_id = u.tenant_id and i.id = u.invoice_id join clients c on c.tenant_id = i.tenant_id and c.id = i.client_id`

export async function getUndo(tx: TenantTx, id: Id<'pay'>): Promise<UndoRow | undefined> {
  const row = await tx.first<object>(`select ${COLUMNS} from ${FROM} where u.tenant_id = $1 and u.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && undoOf(row)
}

/** As `getUndo`, holding it until the transaction ends. Lock the line of money first: every decision does. */
export async function lockUndo(tx: TenantTx, id: Id<'pay'>): Promise<UndoRow | undefined> {
  const locked = await tx.first<object>('select id from undos where tenant_id = $1 and id = $2 for no key update', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return locked && getUndo(tx, id)
}

/** Every taking back that belongs to the match, in the order of its payments. */
export async function listUndos(tx: TenantTx, matchId: Id<'match'>): Promise<UndoRow[]> {
  const rows = await tx.many<object>(
    `select ${COLUMNS} from ${FROM} where u.tenant_id = $1 and u.match_id = $2 order by u.id`,
    [tx.tenantUuid, uuidOf(matchId)],
  )
  return rows.map(undoOf)
}

/** The generations that takings back of this line have used, by the payment they take back. */
export async function listUndoneGenerations(tx: TenantTx, transactionId: Id<'txn'>): Promise<Map<Id<'pay'>, number>> {
  const rows = await tx.many<{ id: string; generation: number }>(
    'select id, generation from undos where tenant_id = $1 and transaction_id = $2',
    [tx.tenantUuid, uuidOf(transactionId)],
  )
  return new Map(rows.map((row) => [idOf('pay', row.id), row.generation]))
}

/** Which of these ids are money that we took out at this installation. */
export async function listKnownOut(
  tx: TenantTx,
  instanceId: Id<'whm'>,
  transids: readonly string[],
): Promise<Set<string>> {
  if (transids.length === 0) return new Set()
  const rows = await tx.many<{ transid: string }>(
    `select transid from undos where tenant_id = $1 and instance_id = $2 and transid = any($3) and state <> 'dropped'`,
    [tx.tenantUuid, uuidOf(instanceId), transids],
  )
  return new Set(rows.map((row) => row.transid))
}

/** Tenants for which a taking back is due now that a module does not fetch. Of those suspended or deleted only what may have reached WHMCS. */
export async function listTenantsToUndo(tx: Tx): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    `select distinct u.tenant_id from undos u join tenants t on t.tenant_id = u.tenant_id
       join whmcs_instances w on w.tenant_id = u.tenant_id and w.id = u.instance_id
      where ${OURS} and u.state in ('pending', 'sending', 'unknown') and u.next_attempt_at <= now()
        and (u.lease_until is null or u.lease_until < now()) and (u.state <> 'pending' or t.status = 'active')
      order by u.tenant_id`,
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Leases up to `limit` takings back that are due, under a rising fence; the same rules as for payments, with which they share
 *  invoices and installations: one at a time per invoice, `perInstance` per installation, none beside a send that is not
 *  settled. `of`: `api`, all installations that Payymo reaches itself; or one that is reached by its module. */
export async function leaseUndos(
  tx: TenantTx,
  options: { of: 'api' | Id<'whm'>; limit: number; leaseMs: number; perInstance: number },
): Promise<UndoRow[]> {
  const instance = options.of === 'api' ? null : uuidOf(options.of)
  const mine = options.of === 'api' ? `${OURS} and $2::uuid is null` : `w.mode = 'module' and w.id = $2::uuid`
  const due = `u.state in ('pending', 'sending', 'unknown') and u.next_attempt_at <= now() and (u.lease_until is null or u.lease_until < now())`
  await tx.many(
    `select id from whmcs_instances w where tenant_id = $1 and ${mine} and exists (
       select 1 from undos u where u.tenant_id = $1 and u.instance_id = w.id and ${due}) order by id for no key update`,
    [tx.tenantUuid, instance],
  )
  const leased = await tx.many<{ id: string }>(
    `with due as (
       select u.id, u.instance_id, u.next_attempt_at,
              row_number() over (partition by u.instance_id, u.invoice_id order by u.state = 'pending', u.next_attempt_at, u.id) as turn
         from undos u join whmcs_instances w on w.tenant_id = u.tenant_id and w.id = u.instance_id
        where u.tenant_id = $1 and ${mine} and ${due}
          and (u.state <> 'pending' or (select status from tenants where tenant_id = $1) = 'active')
          and not exists (
            select 1 from undos o
             where o.tenant_id = u.tenant_id and o.instance_id = u.instance_id and o.invoice_id = u.invoice_id and o.id <> u.id
               and (o.lease_until > now() or (u.state = 'pending' and o.state in ('sending', 'unknown'))))
          and not exists (
            select 1 from payments o
             where o.tenant_id = u.tenant_id and o.instance_id = u.instance_id and o.invoice_id = u.invoice_id
               and (o.lease_until > now() or (u.state = 'pending' and o.state in ('sending', 'unknown'))))
     ), placed as (
       select id, next_attempt_at, row_number() over (partition by instance_id order by next_attempt_at, id) as place,
              $5 - (select count(*) from undos o where o.tenant_id = $1 and o.instance_id = due.instance_id and o.lease_until > now())
                 - (select count(*) from payments o where o.tenant_id = $1 and o.instance_id = due.instance_id and o.lease_until > now()) as places
         from due where turn = 1
     )
     update undos u
        set lease_until = now() + $4 * interval '1 millisecond', fence = u.fence + 1, updated_at = now(),
            unknown_since = case when u.state = 'sending' then coalesce(u.unknown_since, u.send_started_at) else u.unknown_since end,
            state = case when u.state = 'sending' then 'unknown' else u.state end
       from (select id from placed where place <= places order by next_attempt_at, id limit $3) chosen
      where u.tenant_id = $1 and u.id = chosen.id and ${due}
      returning u.id`,
    [tx.tenantUuid, instance, options.limit, options.leaseMs, options.perInstance],
  )
  const rows = await tx.many<object>(
    `select ${COLUMNS} from ${FROM} where u.tenant_id = $1 and u.id = any($2::uuid[]) order by u.id`,
    [tx.tenantUuid, leased.map((row) => row.id)],
  )
  return rows.map(undoOf)
}

/** Marks what is to be compared again as looked at, so that another process takes the next ones. A hundred at once. */
export async function takeToVerify(tx: TenantTx, [windowMs, againMs]: readonly [number, number]): Promise<UndoRow[]> {
  const taken = await tx.many<{ id: string }>(
    `update undos set checked_at = now()
      where tenant_id = $1 and id in (
        select u.id from undos u join whmcs_instances w on w.tenant_id = u.tenant_id and w.id = u.instance_id
         where u.tenant_id = $1 and u.state = 'done' and u.resolution is distinct from 'applied' and w.status <> 'disconnected' and w.mode = 'api'
           and u.done_at > now() - $2 * interval '1 millisecond' and coalesce(u.checked_at, u.done_at) < now() - $3 * interval '1 millisecond'
         order by u.checked_at nulls first, u.id limit 100 for no key update of u skip locked)
      returning id`,
    [tx.tenantUuid, windowMs, againMs],
  )
  const rows = await tx.many<object>(
    `select ${COLUMNS} from ${FROM} where u.tenant_id = $1 and u.id = any($2::uuid[]) order by u.id`,
    [tx.tenantUuid, taken.map((row) => row.id)],
  )
  return rows.map(undoOf)
}

interface UndoRecord {
  id: string
  tenant_id: string
  match_id: string
  transaction_id: string
  invoice_id: string
  invoice_external_id: string
  invoice_number: string
  instance_id: string
  client_external_id: string
  amount_minor: string
  paid_surplus_minor: string
  currency: string
  undoes: string
  declared: boolean
  generation: number
  transid: string
  state: UndoState
  step: UndoStep | null
  answered: UndoStep | null
  refusals: UndoRow['refusals']
  attempts: number
  sends_allowed: number
  lookups_failed: number
  fence: string
  settled: boolean
  settled_at: Date | null
  send_started_at: Date | null
  surplus_minor: string | null
  total_minor: string | null
  owed_minor: string | null
  taken_at: Date | null
  overruled_ids: string[]
  notes: string[]
  remaining: string[]
  reason_code: string | null
  reason: string | null
  lease_until: Date | null
  traceparent: string | null
}

const minorOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text))

function undoOf(record: object): UndoRow {
  const row = record as UndoRecord
  return {
    id: idOf('pay', row.id),
    tenantId: idOf('ten', row.tenant_id),
    matchId: idOf('match', row.match_id),
    transactionId: idOf('txn', row.transaction_id),
    invoiceId: idOf('inv', row.invoice_id),
    invoiceExternalId: row.invoice_external_id,
    invoiceNumber: row.invoice_number,
    instanceId: idOf('whm', row.instance_id),
    clientExternalId: row.client_external_id,
    amountMinor: BigInt(row.amount_minor),
    paidSurplusMinor: BigInt(row.paid_surplus_minor),
    currency: row.currency,
    undoes: row.undoes,
    declared: row.declared,
    generation: row.generation,
    transid: row.transid,
    state: row.state,
    step: row.step,
    answered: row.answered,
    refusals: row.refusals,
    attempts: row.attempts,
    sendsAllowed: row.sends_allowed,
    lookupsFailed: row.lookups_failed,
    fence: row.fence,
    settled: row.settled,
    settledAt: row.settled_at,
    sendStartedAt: row.send_started_at,
    surplusMinor: minorOf(row.surplus_minor),
    totalMinor: minorOf(row.total_minor),
    owedMinor: minorOf(row.owed_minor),
    takenAt: row.taken_at,
    overruledIds: row.overruled_ids,
    notes: row.notes,
    remaining: row.remaining,
    reasonCode: row.reason_code,
    reason: row.reason,
    leaseUntil: row.lease_until,
    traceparent: row.traceparent,
  }
}
