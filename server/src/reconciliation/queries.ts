import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Reason } from '../matching/index.ts'

export type MatchState = 'suggested' | 'approved' | 'applied' | 'rejected' | 'failed' | 'reversed' | 'superseded'

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
  createdAt: Date
  updatedAt: Date
}

export const MATCH_COLUMNS = `m.id, m.transaction_id, m.status, m.confidence, m.score, m.match_reason, m.reasons, m.withheld, m.decided_by,
  m.decided_at, m.created_at, m.updated_at,
  (select json_agg(json_build_object('invoice_id', l.invoice_id, 'number', coalesce(nullif(i.number, ''), i.external_id),
            'amount_minor', l.amount_minor::text, 'currency', l.currency) order by l.position)
     from match_allocations l join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
    where l.tenant_id = m.tenant_id and l.match_id = m.id) as allocations,
  (select array_agg(p.id order by p.id) from payments p where p.tenant_id = m.tenant_id and p.match_id = m.id) as payment_ids`

export async function getMatch(tx: TenantTx, id: Id<'match'>): Promise<MatchRow | undefined> {
  const row = await tx.first<object>(`select ${MATCH_COLUMNS} from matches m where m.tenant_id = $1 and m.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && matchOf(row)
}

/** As `getMatch`, holding the match against other decisions until the transaction ends. */
export async function lockMatch(tx: TenantTx, id: Id<'match'>): Promise<MatchRow | undefined> {
  const locked = await tx.first<object>('select id from matches where tenant_id = $1 and id = $2 for update', [
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

/** What people decided before, newest first: the engine's memory. */
export async function listDecisions(
  tx: TenantTx,
  limit: number,
): Promise<{ transactionId: Id<'txn'>; invoiceIds: Id<'inv'>[]; accepted: boolean }[]> {
  const rows = await tx.many<{ transaction_id: string; invoice_ids: string[]; accepted: boolean }>(
    `select m.transaction_id, m.status <> 'rejected' as accepted,
            (select array_agg(l.invoice_id) from match_allocations l where l.tenant_id = m.tenant_id and l.match_id = m.id) as invoice_ids
       from matches m
      where m.tenant_id = $1 and m.status in ('approved', 'applied', 'rejected') and m.decided_by not like 'system%'
      order by m.decided_at desc limit $2`,
    [tx.tenantUuid, limit],
  )
  return rows.map((row) => ({
    transactionId: idOf('txn', row.transaction_id),
    invoiceIds: row.invoice_ids.map((id) => idOf('inv', id)),
    accepted: row.accepted,
  }))
}

export async function insertMatch(
  tx: TenantTx,
  match: {
    id: Id<'match'>
    transactionId: Id<'txn'>
    status: MatchState
    confidence: string
    score: string
    reasons: Reason[]
    withheld: Reason[]
    decidedBy: string | null
    decidedAt: Date | null
    allocations: { invoiceId: Id<'inv'>; amountMinor: bigint; currency: string }[]
  },
): Promise<void> {
  await tx.run(
    `insert into matches (tenant_id, id, transaction_id, status, confidence, score, match_reason, reasons, withheld, decided_by, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tx.tenantUuid,
      uuidOf(match.id),
      uuidOf(match.transactionId),
      match.status,
      match.confidence,
      match.score,
      match.reasons.map((reason) => reason.code).join(','),
      JSON.stringify(match.reasons),
      JSON.stringify(match.withheld),
      match.decidedBy,
      match.decidedAt,
    ],
  )
  await tx.run(
    `insert into match_allocations (tenant_id, match_id, invoice_id, position, amount_minor, currency)
     select $1, $2, row.invoice_id, row.position, row.amount_minor, row.currency
       from unnest($3::uuid[], $4::bigint[], $5::text[]) with ordinality as row (invoice_id, amount_minor, currency, position)`,
    [
      tx.tenantUuid,
      uuidOf(match.id),
      match.allocations.map((allocation) => uuidOf(allocation.invoiceId)),
      match.allocations.map((allocation) => String(allocation.amountMinor)),
      match.allocations.map((allocation) => allocation.currency),
    ],
  )
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

/** What payments under way already take from these invoices: sent or about to be, not yet seen in WHMCS's own balance. */
export async function promisedOn(
  tx: TenantTx,
  invoiceIds: readonly Id<'inv'>[] | 'all',
): Promise<Map<Id<'inv'>, bigint>> {
  const rows = await tx.many<{ invoice_id: string; amount: string }>(
    `select invoice_id, sum(amount_minor)::text as amount from payments
      where tenant_id = $1 and state in ('pending', 'sending', 'unknown', 'quarantined') and ($2::uuid[] is null or invoice_id = any($2))
      group by invoice_id`,
    [tx.tenantUuid, invoiceIds === 'all' ? null : invoiceIds.map(uuidOf)],
  )
  return new Map(rows.map((row) => [idOf('inv', row.invoice_id), BigInt(row.amount)]))
}

/** Holds the invoices against other decisions, always in the same order, so that two never wait for each other. */
export async function lockInvoices(tx: TenantTx, ids: readonly Id<'inv'>[]): Promise<void> {
  await tx.many('select id from invoices where tenant_id = $1 and id = any($2::uuid[]) order by id for update', [
    tx.tenantUuid,
    ids.map(uuidOf),
  ])
}

/** The state of each payment of the match's latest approval. */
export async function listPaymentStates(tx: TenantTx, id: Id<'match'>): Promise<string[]> {
  const rows = await tx.many<{ state: string }>(
    `select distinct on (invoice_id, part) state from payments
      where tenant_id = $1 and match_id = $2 order by invoice_id, part, generation desc, id desc`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return rows.map((row) => row.state)
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
  created_at: Date
  updated_at: Date
  allocations: { invoice_id: string; number: string; amount_minor: string; currency: string }[] | null
  payment_ids: string[] | null
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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
