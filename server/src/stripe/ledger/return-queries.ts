import { type Id, idOrNull, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { StripeReturn } from '../stripe-feed.ts'

/** A refund or a dispute as stored, with what the ledger says of it. */
export interface ReturnRow {
  id: string
  kind: 'refund' | 'dispute'
  chargeId: string
  transactionId: Id<'txn'> | null
  amountMinor: bigint
  currency: string
  status: string
  reason: string | null
  occurredAt: Date
  /** The ledger holds the row that took the money, and the one that gave it back. */
  taken: boolean
  givenBack: boolean
}

const COLUMNS = `r.external_id, r.kind, r.charge_id, r.transaction_id, r.amount_minor, r.currency, r.status, r.reason, r.occurred_at,
  exists (select 1 from stripe_ledger l where l.tenant_id = r.tenant_id and l.connection_id = r.connection_id
            and l.source_id = r.external_id and l.category in ('refund', 'dispute')) as taken,
  exists (select 1 from stripe_ledger l where l.tenant_id = r.tenant_id and l.connection_id = r.connection_id
            and l.source_id = r.external_id and l.category in ('refund_failure', 'dispute_reversal')) as given_back`

/** These, and all others of these charges. */
export async function listReturns(
  tx: TenantTx,
  id: Id<'strc'>,
  wanted: { ids: readonly string[]; chargeIds: readonly string[] },
): Promise<ReturnRow[]> {
  if (wanted.ids.length + wanted.chargeIds.length === 0) return []
  const rows = await tx.many<ReturnRecord>(
    `select ${COLUMNS} from stripe_returns r
      where r.tenant_id = $1 and r.connection_id = $2 and (r.external_id = any($3) or r.charge_id = any($4)) order by r.external_id`,
    [tx.tenantUuid, uuidOf(id), [...wanted.ids], [...wanted.chargeIds]],
  )
  return rows.map(returnRowOf)
}

/** Stores the refunds and disputes in one statement; an answer whose reading began earlier than the stored one's changes nothing.
 *  No id may stand twice. */
export async function upsertReturns(
  tx: TenantTx,
  id: Id<'strc'>,
  rows: readonly StripeReturn[],
  readAt: Date,
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into stripe_returns as known (tenant_id, connection_id, external_id, kind, charge_id, amount_minor, currency, status, reason,
       final, occurred_at, read_at)
     select $1, $2, row.external_id, row.kind, row.charge_id, row.amount_minor, row.currency, row.status, row.reason, row.final,
       row.occurred_at, $3
       from unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::timestamptz[])
         as row (external_id, kind, charge_id, amount_minor, currency, status, reason, final, occurred_at)
     on conflict (tenant_id, connection_id, external_id) do update set
       charge_id = excluded.charge_id, amount_minor = excluded.amount_minor, currency = excluded.currency, status = excluded.status,
       reason = excluded.reason, final = excluded.final, read_at = excluded.read_at, updated_at = now()
       where known.read_at <= excluded.read_at`,
    [
      tx.tenantUuid,
      uuidOf(id),
      readAt,
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.chargeId),
      rows.map((row) => String(row.amountMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.status),
      rows.map((row) => row.reason),
      rows.map((row) => row.final),
      rows.map((row) => row.occurredAt),
    ],
  )
}

/** Rows of the ledger that are not stored yet, of those named. */
export async function listMissingRows(tx: TenantTx, id: Id<'strc'>, ledgerIds: readonly string[]): Promise<string[]> {
  if (ledgerIds.length === 0) return []
  const rows = await tx.many<{ id: string }>(
    `select wanted.id from unnest($3::text[]) as wanted (id)
      where not exists (select 1 from stripe_ledger l where l.tenant_id = $1 and l.connection_id = $2 and l.external_id = wanted.id)`,
    [tx.tenantUuid, uuidOf(id), [...ledgerIds]],
  )
  return rows.map((row) => row.id)
}

interface ReturnRecord {
  external_id: string
  kind: 'refund' | 'dispute'
  charge_id: string
  transaction_id: string | null
  amount_minor: string
  currency: string
  status: string
  reason: string | null
  occurred_at: Date
  taken: boolean
  given_back: boolean
}

const returnRowOf = (row: ReturnRecord): ReturnRow => ({
  id: row.external_id,
  kind: row.kind,
  chargeId: row.charge_id,
  transactionId: idOrNull('txn', row.transaction_id),
  amountMinor: BigInt(row.amount_minor),
  currency: row.currency,
  status: row.status,
  reason: row.reason,
  occurredAt: row.occurred_at,
  taken: row.taken,
  givenBack: row.given_back,
})
