import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import { parseAmount } from '../../base/money.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { SHADOW, type ShadowNote } from '../note-shadow.ts'
import { MATCH_COLUMNS, matchOf, type MatchRow } from '../queries.ts'
import type { DayRange } from './days.ts'

/** What Payymo would have applied, as it was noted last. */
export interface Shadow {
  lineId: Id<'txn'>
  at: Date
  confidence: string
  allocations: { invoiceId: Id<'inv'>; amountMinor: bigint; currency: string }[]
}

/** The newest note of each line, of these days of the time zone, newest first, at most `limit`. */
export async function listShadows(tx: TenantTx, range: DayRange, timezone: string, limit: number): Promise<Shadow[]> {
  const rows = await tx.many<{ resource_id: string; at: Date; entry: { changes: { after: ShadowNote } } }>(
    `select * from (
       select distinct on (a.resource_id) a.resource_id, a.at, a.entry, a.sequence from audit_events a
        where a.tenant_id = $1 and a.action = $2
          and a.at >= $3::date::timestamp at time zone $5 and a.at < ($4::date + 1)::timestamp at time zone $5
        order by a.resource_id, a.sequence desc) newest
      order by newest.sequence desc limit $6`,
    [tx.tenantUuid, SHADOW, range.from, range.to, timezone, limit],
  )
  return rows.map(({ resource_id, at, entry }) => ({
    lineId: resource_id as Id<'txn'>,
    at,
    confidence: entry.changes.after.confidence,
    allocations: entry.changes.after.allocations.map(({ invoice_id, amount, currency }) => ({
      invoiceId: invoice_id as Id<'inv'>,
      amountMinor: parseAmount(amount, currency),
      currency,
    })),
  }))
}

/** The matches that decided these lines. */
export async function listDecidedOf(tx: TenantTx, ids: readonly Id<'txn'>[]): Promise<Map<Id<'txn'>, MatchRow>> {
  const rows = await tx.many<object>(
    `select ${MATCH_COLUMNS} from matches m
      where m.tenant_id = $1 and m.transaction_id = any($2::uuid[]) and m.status in ('approved', 'applied', 'failed')`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return new Map(rows.map(matchOf).map((match) => [match.transactionId, match]))
}

/** What stands on these invoices in the billing system: amounts and days. */
export async function listPaidOn(
  tx: TenantTx,
  ids: readonly Id<'inv'>[],
): Promise<Map<Id<'inv'>, { amountMinor: bigint; paidOn: string }[]>> {
  const rows = await tx.many<{ invoice_id: string; amount_minor: string; paid_on: string }>(
    `select p.invoice_id, p.amount_minor, p.paid_on::text as paid_on from invoice_payments p
      where p.tenant_id = $1 and p.invoice_id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  const paid = Map.groupBy(rows, (row) => idOf('inv', row.invoice_id))
  return new Map(
    [...paid].map(([id, some]) => [
      id,
      some.map((row) => ({ amountMinor: BigInt(row.amount_minor), paidOn: row.paid_on })),
    ]),
  )
}
