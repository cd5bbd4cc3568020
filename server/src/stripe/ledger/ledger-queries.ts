import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { LedgerRow } from '../stripe-feed.ts'

/** Rows of a page that were known, and those of them whose amounts are now told otherwise, which Stripe's never should be. */
export interface KnownRows {
  known: Set<string>
  changed: string[]
}

export async function compareRows(tx: TenantTx, id: Id<'strc'>, rows: readonly LedgerRow[]): Promise<KnownRows> {
  const stored = await tx.many<{ external_id: string; amount_minor: string; net_minor: string; currency: string }>(
    `select external_id, amount_minor, net_minor, currency from stripe_ledger
      where tenant_id = $1 and connection_id = $2 and external_id = any($3)`,
    [tx.tenantUuid, uuidOf(id), rows.map((row) => row.id)],
  )
  const byId = new Map(stored.map((row) => [row.external_id, row]))
  const changed = rows.filter((row) => {
    const before = byId.get(row.id)
    return (
      before !== undefined &&
      (BigInt(before.amount_minor) !== row.amountMinor ||
        BigInt(before.net_minor) !== row.netMinor ||
        before.currency !== row.currency)
    )
  })
  return { known: new Set(byId.keys()), changed: changed.map((row) => row.id) }
}

/** The rows that the ledger has not, or not so. */
export async function newsAmong(tx: TenantTx, id: Id<'strc'>, rows: readonly LedgerRow[]): Promise<LedgerRow[]> {
  const stored = await tx.many<{
    id: string
    amount: string
    net: string
    currency: string
    available_on: string | null
  }>(
    `select external_id as id, amount_minor as amount, net_minor as net, currency, available_on::text as available_on
       from stripe_ledger where tenant_id = $1 and connection_id = $2 and external_id = any($3)`,
    [tx.tenantUuid, uuidOf(id), rows.map((row) => row.id)],
  )
  const known = new Set(stored.map((row) => textOf(row.id, row.amount, row.net, row.currency, row.available_on)))
  return rows.filter((row) => !known.has(textOf(row.id, row.amountMinor, row.netMinor, row.currency, row.availableOn)))
}

const textOf = (...parts: unknown[]): string => parts.map(String).join(' ')

/** Stores the rows in one statement, each once. Of known ones only what may change is written: money that became available stays
 *  so, and amounts never move. No id may stand twice in `rows`. */
export async function upsertRows(tx: TenantTx, id: Id<'strc'>, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into stripe_ledger as known (tenant_id, connection_id, external_id, type, category, amount_minor, fee_minor, net_minor,
       currency, exchange_rate, source_id, charge_id, status, available_on, occurred_at, description, fee_details)
     select $1, $2, row.external_id, row.type, row.category, row.amount_minor, row.fee_minor, row.net_minor, row.currency,
       row.exchange_rate, row.source_id, row.charge_id, row.status, row.available_on, row.occurred_at, row.description, row.fee_details::json
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[],
         $12::text[], $13::text[], $14::date[], $15::timestamptz[], $16::text[], $17::text[])
         as row (external_id, type, category, amount_minor, fee_minor, net_minor, currency, exchange_rate, source_id, charge_id, status,
           available_on, occurred_at, description, fee_details)
     on conflict (tenant_id, connection_id, external_id) do update
       set status = case when known.status = 'available' then known.status else excluded.status end,
           available_on = coalesce(excluded.available_on, known.available_on),
           charge_id = coalesce(known.charge_id, excluded.charge_id), updated_at = now()
       where (known.status, known.available_on, known.charge_id) is distinct from
         (case when known.status = 'available' then known.status else excluded.status end,
          coalesce(excluded.available_on, known.available_on), coalesce(known.charge_id, excluded.charge_id))`,
    [
      tx.tenantUuid,
      uuidOf(id),
      rows.map((row) => row.id),
      rows.map((row) => row.type),
      rows.map((row) => row.category),
      rows.map((row) => String(row.amountMinor)),
      rows.map((row) => String(row.feeMinor)),
      rows.map((row) => String(row.netMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.exchangeRate),
      rows.map((row) => row.sourceId),
      rows.map(chargeOf),
      rows.map((row) => row.status),
      rows.map((row) => row.availableOn),
      rows.map((row) => row.occurredAt),
      rows.map((row) => row.description),
      rows.map((row) => JSON.stringify(row.feeDetails.map(feeJson))),
    ],
  )
}

const feeJson = (fee: LedgerRow['feeDetails'][number]) => ({
  type: fee.type,
  amount_minor: String(fee.amountMinor),
  currency: fee.currency,
  description: fee.description,
})

/** Rows whose source is the charge itself. */
export const OF_CHARGES: ReadonlySet<string> = new Set(['charge', 'charge_failure'])

/** The charge a row is about, by whatever came with it. */
export const chargeOf = (row: LedgerRow): string | null =>
  row.chargeId ??
  row.source.charge?.id ??
  row.source.refund?.chargeId ??
  row.source.dispute?.chargeId ??
  (OF_CHARGES.has(row.category) ? row.sourceId : null)
