import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { ConnectionRef } from '../deps.ts'
import { COMPLETE, type Composition, PAYOUT_COLUMNS, payoutOf, type PayoutRow } from './queries.ts'

/** Automatic payouts whose list is to be read, the oldest first: final ones and those that arrived some days ago; again those that
 *  did not add up, when the last try lies before `triedBefore`, and the more seldom the longer it has been so: each list costs reads
 *  that Stripe counts. */
export async function listToItemise(
  tx: TenantTx,
  ref: ConnectionRef,
  when: { now: Date; arrivedBefore: string; arrivalFrom: string; triedBefore: Date },
  limit: number,
): Promise<PayoutRow[]> {
  const rows = await tx.many<object>(
    `select ${PAYOUT_COLUMNS} from payouts p
      where p.tenant_id = $1 and p.connection_id = $2 and p.automatic and p.status <> 'canceled' and not ${COMPLETE}
        and ((p.composition = 'open' and (p.reconciliation_status = 'completed' or p.arrival_on <= $3))
          or (p.composition = 'itemised' and p.arrival_on >= $4))
        and (p.composed_at is null or (p.composition = 'open' and p.reconciliation_status = 'completed')
          or (p.composed_at <= $5 and p.composed_at + (p.composed_at - (p.arrival_on::timestamp at time zone 'UTC')) / 4 <= $6))
      order by p.occurred_at, p.id limit $7`,
    [tx.tenantUuid, uuidOf(ref.id), when.arrivedBefore, when.arrivalFrom, when.triedBefore, when.now, limit],
  )
  return rows.map(payoutOf)
}

/** Notes the outcome of a look at what a payout is made of. */
export async function setComposition(
  tx: TenantTx,
  id: Id<'pout'>,
  outcome: {
    composition: Composition
    note: string | null
    at: Date
    sums: { items: number; itemsTotalMinor: bigint; feesTotalMinor: bigint; differenceMinor: bigint } | null
  },
): Promise<void> {
  const { sums } = outcome
  await tx.run(
    `update payouts set composition = $3, composition_note = $4, composed_at = $5, items = $6, items_total_minor = $7,
       fees_total_minor = $8, difference_minor = $9, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      outcome.composition,
      outcome.note,
      outcome.at,
      sums?.items ?? null,
      sums === null ? null : String(sums.itemsTotalMinor),
      sums === null ? null : String(sums.feesTotalMinor),
      sums === null ? null : String(sums.differenceMinor),
    ],
  )
}

/** The other payouts that have any of these rows. */
export async function listOwners(
  tx: TenantTx,
  payout: Pick<PayoutRow, 'id' | 'connectionId'>,
  rowIds: readonly string[],
): Promise<{ id: Id<'pout'>; composition: Composition }[]> {
  const rows = await tx.many<{ id: string; composition: Composition }>(
    `select distinct p.id, p.composition from stripe_ledger l join payouts p on p.tenant_id = l.tenant_id and p.id = l.payout_id
      where l.tenant_id = $1 and l.connection_id = $2 and l.external_id = any($3::text[]) and l.payout_id <> $4 order by p.id`,
    [tx.tenantUuid, uuidOf(payout.connectionId), rowIds, uuidOf(payout.id)],
  )
  return rows.map((row) => ({ id: idOf('pout', row.id), composition: row.composition }))
}

/** Makes these rows, and no others, the payout's. Rows of `kept` payouts stay where they are. Returns how many are its own. */
export async function assignRows(
  tx: TenantTx,
  payout: Pick<PayoutRow, 'id' | 'connectionId'>,
  rowIds: readonly string[],
  kept: readonly Id<'pout'>[],
): Promise<number> {
  const [connection, own] = [uuidOf(payout.connectionId), uuidOf(payout.id)]
  await tx.run(
    `update stripe_ledger set payout_id = null, updated_at = now()
      where tenant_id = $1 and connection_id = $2 and payout_id = $3 and not (external_id = any($4::text[]))`,
    [tx.tenantUuid, connection, own, rowIds],
  )
  await tx.run(
    `update stripe_ledger set payout_id = $3, updated_at = now()
      where tenant_id = $1 and connection_id = $2 and external_id = any($4::text[])
        and payout_id is distinct from $3 and (payout_id is null or not (payout_id = any($5::uuid[])))`,
    [tx.tenantUuid, connection, own, rowIds, kept.map(uuidOf)],
  )
  const { count } = await tx.one<{ count: string }>(
    'select count(*) as count from stripe_ledger where tenant_id = $1 and payout_id = $2',
    [tx.tenantUuid, own],
  )
  return Number.parseInt(count, 10)
}

/** Takes back a composition that Stripe's own list contradicts: its rows are free, and it is looked at again. */
export async function reopenComposition(tx: TenantTx, id: Id<'pout'>): Promise<void> {
  await tx.run(
    'update stripe_ledger set payout_id = null, updated_at = now() where tenant_id = $1 and payout_id = $2',
    [tx.tenantUuid, uuidOf(id)],
  )
  await tx.run(
    `update payouts set composition = 'open', composition_note = null, composed_at = null, items = null, items_total_minor = null,
       fees_total_minor = null, difference_minor = null, reconciled_at = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}
