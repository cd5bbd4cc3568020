import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** A movement that a payout is made of. */
export interface ItemRow {
  /** Stripe's id of the row in its ledger. */
  id: string
  type: string
  category: string
  amountMinor: bigint
  feeMinor: bigint
  netMinor: bigint
  currency: string
  description: string
  sourceId: string | null
  chargeId: string | null
  /** `number` as clients quote it. */
  invoices: { id: Id<'inv'>; number: string }[]
  occurredAt: Date
}

/** Invoices are found through the charge: its line, and the match that decided it, also one that somebody had booked by hand. */
export const ITEM_COLUMNS = `i.id, i.type, i.category, i.amount_minor, i.fee_minor, i.net_minor, i.currency, i.description, i.source_id,
  i.charge_id, i.occurred_at,
  (select json_agg(json_build_object('id', l.invoice_id, 'number', coalesce(nullif(n.number, ''), n.external_id)) order by l.position)
     from stripe_charges c
     join matches m on m.tenant_id = c.tenant_id and m.transaction_id = c.transaction_id and m.status in ('approved', 'applied')
     join match_allocations l on l.tenant_id = m.tenant_id and l.match_id = m.id
     join invoices n on n.tenant_id = l.tenant_id and n.id = l.invoice_id
    where c.tenant_id = i.tenant_id and c.connection_id = i.connection_id and c.external_id = i.charge_id) as invoices`

/** Rows of the ledger under the name lists know ids by. */
export const ITEM_FROM = `(select tenant_id, connection_id, external_id as id, payout_id, type, category, amount_minor, fee_minor, net_minor,
    currency, description, source_id, charge_id, occurred_at, created_at, updated_at from stripe_ledger) i`

/** The first rows of the payout, newest first, and whether there are more. */
export async function listItems(
  tx: TenantTx,
  id: Id<'pout'>,
  limit: number,
): Promise<{ items: ItemRow[]; truncated: boolean }> {
  const rows = await tx.many<object>(
    `select ${ITEM_COLUMNS} from ${ITEM_FROM} where i.tenant_id = $1 and i.payout_id = $2
      order by i.occurred_at desc, i.id desc limit $3`,
    [tx.tenantUuid, uuidOf(id), limit + 1],
  )
  return { items: rows.slice(0, limit).map(itemOf), truncated: rows.length > limit }
}

interface ItemRecord {
  id: string
  type: string
  category: string
  amount_minor: string
  fee_minor: string
  net_minor: string
  currency: string
  description: string
  source_id: string | null
  charge_id: string | null
  invoices: { id: string; number: string }[] | null
  occurred_at: Date
}

export function itemOf(record: object): ItemRow {
  const row = record as ItemRecord
  return {
    id: row.id,
    type: row.type,
    category: row.category,
    amountMinor: BigInt(row.amount_minor),
    feeMinor: BigInt(row.fee_minor),
    netMinor: BigInt(row.net_minor),
    currency: row.currency,
    description: row.description,
    sourceId: row.source_id,
    chargeId: row.charge_id,
    invoices: [
      ...new Map((row.invoices ?? []).map(({ id, number }) => [id, { id: idOf('inv', id), number }])).values(),
    ],
    occurredAt: row.occurred_at,
  }
}
