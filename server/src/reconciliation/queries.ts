import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Reason } from '../matching/index.ts'
import type { CheckAnswer } from './spot-checks.ts'

export type MatchState = 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded'

export type ReversalState = 'pending' | 'done' | 'needs_person'

export interface MatchAllocation {
  invoiceId: Id<'inv'>
  invoiceNumber: string
  amountMinor: bigint
  currency: string
}

export interface MatchRow {
  id: Id<'match'>
  transactionId: Id<'txn'>
  status: MatchState
  confidence: string
  score: string
  matchReason: string
  reasons: Reason[]
  withheld: Reason[]
  allocations: MatchAllocation[]
  decidedBy: string | null
  decidedAt: Date | null
  paymentIds: Id<'pay'>[]
  /** How its taking-back stands; null when nobody asked for it. */
  reversal: { state: ReversalState; left: string[] } | null
  reversedBy: string | null
  /** What a person said of it, where it was drawn by lot for a look; `answer` null: nobody looked yet. */
  spotCheck: { answer: CheckAnswer | null; answeredBy: string | null; answeredAt: Date | null } | null
  createdAt: Date
  updatedAt: Date
}

export const MATCH_COLUMNS = `m.id, m.transaction_id, m.status, m.confidence, m.score, m.match_reason, m.reasons, m.withheld, m.decided_by,
  m.decided_at, m.reversal_state, m.reversal_left, m.reversed_by, m.created_at, m.updated_at,
  (select json_agg(json_build_object('invoice_id', l.invoice_id, 'number', coalesce(nullif(i.number, ''), i.external_id),
            'amount_minor', l.amount_minor::text, 'currency', l.currency) order by l.position)
     from match_allocations l join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
    where l.tenant_id = m.tenant_id and l.match_id = m.id) as allocations,
  (select json_build_object('answer', s.answer, 'answered_by', s.answered_by, 'answered_at', s.answered_at)
     from spot_checks s where s.tenant_id = m.tenant_id and s.match_id = m.id) as spot_check,
  (select array_agg(p.id order by p.id) from payments p where p.tenant_id = m.tenant_id and p.match_id = m.id) as payment_ids`

export async function getMatch(tx: TenantTx, id: Id<'match'>): Promise<MatchRow | undefined> {
  const row = await tx.first<object>(`select ${MATCH_COLUMNS} from matches m where m.tenant_id = $1 and m.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && matchOf(row)
}

/** Several at once, in no particular order. */
export async function getMatches(tx: TenantTx, ids: readonly Id<'match'>[]): Promise<MatchRow[]> {
  const rows = await tx.many<object>(
    `select ${MATCH_COLUMNS} from matches m where m.tenant_id = $1 and m.id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map(matchOf)
}

/** As `getMatch`, holding the match against other decisions until the transaction ends. */
export async function lockMatch(tx: TenantTx, id: Id<'match'>): Promise<MatchRow | undefined> {
  const locked = await tx.first<object>('select id from matches where tenant_id = $1 and id = $2 for no key update', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return locked && getMatch(tx, id)
}

/** The suggestions still open for these lines. */
export async function listSuggested(tx: TenantTx, transactionIds: readonly Id<'txn'>[]): Promise<MatchRow[]> {
  const rows = await tx.many<object>(
    `select ${MATCH_COLUMNS} from matches m where m.tenant_id = $1 and m.transaction_id = any($2::uuid[]) and m.status = 'suggested'`,
    [tx.tenantUuid, transactionIds.map(uuidOf)],
  )
  return rows.map(matchOf)
}

/** The match that decided the line, if one did: approved, applied or failed. */
export const getDecided = async (tx: TenantTx, transactionId: Id<'txn'>): Promise<MatchRow | undefined> =>
  (await listDecided(tx, [transactionId]))[0]

/** The same for several lines: at most one of each. */
export async function listDecided(tx: TenantTx, transactionIds: readonly Id<'txn'>[]): Promise<MatchRow[]> {
  const rows = await tx.many<object>(
    `select ${MATCH_COLUMNS} from matches m
      where m.tenant_id = $1 and m.transaction_id = any($2::uuid[]) and m.status in ('approved', 'applied', 'failed')`,
    [tx.tenantUuid, transactionIds.map(uuidOf)],
  )
  return rows.map(matchOf)
}

/** Lines whose match failed of late with nothing booked: WHMCS may hold their money because somebody was quicker. */
export async function listFailedLines(tx: TenantTx): Promise<Id<'txn'>[]> {
  const rows = await tx.many<{ transaction_id: string }>(
    `select m.transaction_id from matches m
      where m.tenant_id = $1 and m.status = 'failed' and m.updated_at > now() - interval '30 days'
        and not exists (select 1 from payments p where p.tenant_id = m.tenant_id and p.match_id = m.id and p.state <> 'refused')
      order by m.transaction_id`,
    [tx.tenantUuid],
  )
  return rows.map((row) => idOf('txn', row.transaction_id))
}

/** A set of invoices that people refused for a line, took back, or let go of after the billing system refused them. `booked`: it was no proposal to pay, but a payment found on
 *  the invoice that the line was said to be. */
export interface Refused {
  invoices: ReadonlySet<string>
  booked: boolean
}

export async function listRefused(
  tx: TenantTx,
  transactionIds: readonly Id<'txn'>[],
): Promise<Map<Id<'txn'>, Refused[]>> {
  const rows = await tx.many<{ transaction_id: string; invoice_ids: string[]; booked: boolean }>(
    `select m.transaction_id, array_agg(l.invoice_id) as invoice_ids, m.match_reason = 'already_booked' as booked
       from matches m join match_allocations l on l.tenant_id = m.tenant_id and l.match_id = m.id
      where m.tenant_id = $1 and m.transaction_id = any($2::uuid[])
        and (m.status in ('rejected', 'reversed')
          or (m.status = 'superseded' and exists (select 1 from payments p where p.tenant_id = m.tenant_id and p.match_id = m.id)))
      group by m.id, m.transaction_id, m.match_reason`,
    [tx.tenantUuid, transactionIds.map(uuidOf)],
  )
  const refused = new Map<Id<'txn'>, Refused[]>()
  for (const row of rows) {
    const id = idOf('txn', row.transaction_id)
    const invoices = new Set<string>(row.invoice_ids.map((invoice) => idOf('inv', invoice)))
    refused.set(id, [...(refused.get(id) ?? []), { invoices, booked: row.booked }])
  }
  return refused
}

/** What people decided before, newest first: the engine's memory, without what they had it forget. What was applied without them counts
 *  where they were shown it and found it right, from that moment. */
export async function listDecisions(
  tx: TenantTx,
  limit: number,
): Promise<{ transactionId: Id<'txn'>; invoiceIds: Id<'inv'>[]; accepted: boolean }[]> {
  const rows = await tx.many<{ transaction_id: string; invoice_ids: string[]; accepted: boolean }>(
    `select m.transaction_id, m.status <> 'rejected' as accepted,
            (select array_agg(l.invoice_id) from match_allocations l where l.tenant_id = m.tenant_id and l.match_id = m.id) as invoice_ids
       from matches m left join spot_checks s on s.tenant_id = m.tenant_id and s.match_id = m.id and s.answer = 'right'
      where m.tenant_id = $1 and m.status in ('approved', 'applied', 'rejected')
        and (m.decided_by not like 'system%' or s.answer is not null)
        and not exists (
          select 1 from transactions t
            join match_allocations l on l.tenant_id = t.tenant_id and l.match_id = m.id
            join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
            join forgotten_payers f on f.tenant_id = i.tenant_id and f.client_id = i.client_id
             and f.payer_key = payer_key(t.counterparty_name, t.counterparty_iban) and f.forgotten_at >= coalesce(s.answered_at, m.decided_at)
           where t.tenant_id = m.tenant_id and t.id = m.transaction_id)
      order by coalesce(s.answered_at, m.decided_at) desc limit $2`,
    [tx.tenantUuid, limit],
  )
  return rows.map((row) => ({
    transactionId: idOf('txn', row.transaction_id),
    invoiceIds: row.invoice_ids.map((id) => idOf('inv', id)),
    accepted: row.accepted,
  }))
}

export async function setMatchStatus(
  tx: TenantTx,
  id: Id<'match'>,
  change: { status: MatchState; decidedBy?: string; decidedAt?: Date },
): Promise<void> {
  await tx.run(
    `update matches set status = $3, decided_by = coalesce($4, decided_by), decided_at = coalesce($5, decided_at), updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), change.status, change.decidedBy ?? null, change.decidedAt ?? null],
  )
}

/** Something about it has changed that stands elsewhere. */
export async function touchMatch(tx: TenantTx, id: Id<'match'>): Promise<void> {
  await tx.run('update matches set updated_at = now() where tenant_id = $1 and id = $2', [tx.tenantUuid, uuidOf(id)])
}

/** Another explanation, known by now. */
export async function setReasons(tx: TenantTx, id: Id<'match'>, reasons: readonly Reason[]): Promise<void> {
  await tx.run(
    'update matches set reasons = $3, match_reason = $4, updated_at = now() where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id), JSON.stringify(reasons), reasonCodes(reasons)],
  )
}

/** What lists show of reasons. */
export const reasonCodes = (reasons: readonly Reason[]): string => reasons.map((reason) => reason.code).join(',')

/** How the taking-back of a match stands, and who asked for it; null: nobody does any more. */
export async function setReversal(
  tx: TenantTx,
  id: Id<'match'>,
  reversal: { state: ReversalState; left: readonly string[]; by: string } | null,
): Promise<void> {
  await tx.run(
    `update matches set reversal_state = $3, reversal_left = $4, reversed_by = $5, updated_at = now() where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), reversal?.state ?? null, reversal?.left ?? null, reversal?.by ?? null],
  )
}

/** The line is not the payment it was taken for: another may be. */
export async function letGoOfBooked(tx: TenantTx, id: Id<'match'>): Promise<void> {
  await tx.run('update match_allocations set external_payment_id = null where tenant_id = $1 and match_id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
}

/** What our payments take from these invoices beyond what their mirrored balance shows: those under way, and those booked a
 *  moment ago. A payment that the mirror has seen is in the balance already. */
export async function promisedOn(
  tx: TenantTx,
  invoiceIds: readonly Id<'inv'>[] | 'all',
): Promise<Map<Id<'inv'>, bigint>> {
  const rows = await tx.many<{ invoice_id: string; amount: string }>(
    `select p.invoice_id, sum(p.amount_minor - p.surplus_minor)::text as amount
       from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where p.tenant_id = $1 and ($2::uuid[] is null or p.invoice_id = any($2))
        and (p.state in ('pending', 'sending', 'unknown', 'quarantined')
          or (p.state = 'applied' and p.resolution is null and p.applied_at > i.read_at - interval '10 minutes'))
        and not exists (select 1 from invoice_payments seen
          where seen.tenant_id = p.tenant_id and seen.invoice_id = p.invoice_id and seen.transid = p.transid)
      group by p.invoice_id`,
    [tx.tenantUuid, invoiceIds === 'all' ? null : invoiceIds.map(uuidOf)],
  )
  return new Map(rows.map((row) => [idOf('inv', row.invoice_id), BigInt(row.amount)]))
}

/** Holds the invoices against other decisions, always in the same order, so that two never wait for each other. */
export async function lockInvoices(tx: TenantTx, ids: readonly Id<'inv'>[]): Promise<void> {
  await tx.many('select id from invoices where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update', [
    tx.tenantUuid,
    ids.map(uuidOf),
  ])
}

/** The payments of the match, the latest of each part. */
export async function listParts(
  tx: TenantTx,
  id: Id<'match'>,
): Promise<{ invoiceId: Id<'inv'>; state: string; amountMinor: bigint }[]> {
  const rows = await tx.many<{ invoice_id: string; state: string; amount_minor: string }>(
    `select distinct on (invoice_id, part) invoice_id, state, amount_minor from payments
      where tenant_id = $1 and match_id = $2 order by invoice_id, part, generation desc, id desc`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return rows.map((row) => ({
    invoiceId: idOf('inv', row.invoice_id),
    state: row.state,
    amountMinor: BigInt(row.amount_minor),
  }))
}

/** Whether every installation of the tenant holds its closed invoices too: nothing is decided automatically before. */
export async function isMirrored(tx: TenantTx): Promise<boolean> {
  const row = await tx.one<{ connected: string; mirrored: string }>(
    `select count(*) as connected, count(mirrored_at) as mirrored from whmcs_instances where tenant_id = $1 and status <> 'disconnected'`,
    [tx.tenantUuid],
  )
  return row.connected === row.mirrored
}

interface MatchRecord {
  id: string
  transaction_id: string
  status: MatchState
  confidence: string
  score: string
  match_reason: string
  reasons: Reason[]
  withheld: Reason[]
  decided_by: string | null
  decided_at: Date | null
  reversal_state: ReversalState | null
  reversal_left: string[] | null
  reversed_by: string | null
  created_at: Date
  updated_at: Date
  allocations: { invoice_id: string; number: string; amount_minor: string; currency: string }[] | null
  payment_ids: string[] | null
  spot_check: { answer: CheckAnswer | null; answered_by: string | null; answered_at: string | null } | null
}

export function matchOf(record: object): MatchRow {
  const row = record as MatchRecord
  return {
    id: idOf('match', row.id),
    transactionId: idOf('txn', row.transaction_id),
    status: row.status,
    confidence: row.confidence,
    score: row.score,
    matchReason: row.match_reason,
    reasons: row.reasons,
    withheld: row.withheld,
    allocations: (row.allocations ?? []).map((allocation) => ({
      invoiceId: idOf('inv', allocation.invoice_id),
      invoiceNumber: allocation.number,
      amountMinor: BigInt(allocation.amount_minor),
      currency: allocation.currency,
    })),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    paymentIds: (row.payment_ids ?? []).map((id) => idOf('pay', id)),
    reversal: row.reversal_state && { state: row.reversal_state, left: row.reversal_left ?? [] },
    reversedBy: row.reversed_by,
    spotCheck: row.spot_check && {
      answer: row.spot_check.answer,
      answeredBy: row.spot_check.answered_by,
      answeredAt: row.spot_check.answered_at === null ? null : new Date(row.spot_check.answered_at),
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
