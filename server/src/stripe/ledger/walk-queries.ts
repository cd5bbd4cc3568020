import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** Where the reading of a connection stands. The ledger is walked down from the newest row (`top`, kept meanwhile) to `from`, below
 *  `before`, while there is no `cursor`; from then on up from the cursor. */
export interface WalkRow {
  cursor: string | null
  top: string | null
  before: string | null
  /** How far down the present walk goes. */
  from: Date | null
  backfilled: boolean
  /** Charges: everything created before this was read; where a walk that did not end has come to, and when it began. */
  chargesFrom: Date | null
  chargesBefore: string | null
  chargesWalkAt: Date | null
}

export async function getWalk(tx: TenantTx, id: Id<'strc'>): Promise<WalkRow> {
  const row = await tx.one<{
    ledger_cursor: string | null
    ledger_top: string | null
    backfill_before: string | null
    walk_from: Date | null
    backfilled_at: Date | null
    charges_from: Date | null
    charges_before: string | null
    charges_walk_at: Date | null
  }>(
    `select ledger_cursor, ledger_top, backfill_before, coalesce(walk_from, backfill_from) as walk_from, backfilled_at, charges_from,
       charges_before, charges_walk_at
       from stripe_connections where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return {
    cursor: row.ledger_cursor,
    top: row.ledger_top,
    before: row.backfill_before,
    from: row.walk_from,
    backfilled: row.backfilled_at !== null,
    chargesFrom: row.charges_from,
    chargesBefore: row.charges_before,
    chargesWalkAt: row.charges_walk_at,
  }
}

/** The first walk begins: it goes back as many days as was asked for when the account was connected, else `days`. */
export async function setBackfillFrom(tx: TenantTx, id: Id<'strc'>, now: Date, days: number): Promise<void> {
  await tx.run(
    `update stripe_connections
        set backfill_from = coalesce(backfill_from, $3::timestamptz - coalesce(backfill_days, $4) * interval '24 hours')
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), now, days],
  )
}

/** A page down was kept. */
export async function setDown(tx: TenantTx, id: Id<'strc'>, at: { top: string; before: string }): Promise<void> {
  await tx.run(
    'update stripe_connections set ledger_top = $3, backfill_before = $4 where tenant_id = $1 and id = $2 and ledger_cursor is null',
    [tx.tenantUuid, uuidOf(id), at.top, at.before],
  )
}

/** The walk down has come to its end: from now on it goes up. Null where the ledger is empty. */
export async function setDownDone(tx: TenantTx, id: Id<'strc'>, cursor: string | null): Promise<void> {
  await tx.run(
    `update stripe_connections set ledger_cursor = $3, ledger_top = null, backfill_before = null, walk_from = null,
       backfilled_at = coalesce(backfilled_at, now())
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), cursor],
  )
}

/** A page up was kept. */
export async function setCursor(tx: TenantTx, id: Id<'strc'>, cursor: string): Promise<void> {
  await tx.run('update stripe_connections set ledger_cursor = $3 where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
    cursor,
  ])
}

/** Stripe knows the cursor no more: the walk goes down again, over everything since two days before the newest row we have. */
export async function restartWalk(tx: TenantTx, id: Id<'strc'>): Promise<void> {
  await tx.run(
    `update stripe_connections c set ledger_cursor = null, ledger_top = null, backfill_before = null,
       walk_from = case when backfilled_at is null then walk_from else
         (select max(l.occurred_at) - interval '2 days' from stripe_ledger l where l.tenant_id = c.tenant_id and l.connection_id = c.id) end
      where c.tenant_id = $1 and c.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
}

/** A page of charges was kept: how far down the walk of charges is, or that it has ended (`before` null). */
export async function setChargesWalk(
  tx: TenantTx,
  id: Id<'strc'>,
  walk: { before: string | null; at: Date },
): Promise<void> {
  await tx.run(
    `update stripe_connections set charges_before = $3, charges_walk_at = case when $3::text is null then null else $4::timestamptz end,
       charges_from = case when $3::text is null then $4::timestamptz else charges_from end
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), walk.before, walk.at],
  )
}
