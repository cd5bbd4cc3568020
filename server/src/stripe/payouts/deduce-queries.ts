import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { ConnectionRef } from '../deps.ts'
import type { Movement, PayoutMoment } from './deduce.ts'
import { COMPLETE, type Composition } from './queries.ts'
import type { Item } from './sum-items.ts'

/** More movements than these that belong to no payout, or payouts, are not looked through. */
const MOVEMENTS_MAX = 20_000
const PAYOUTS_MAX = 300

/** A payout of the ledger's currency, as deducing sees it, with its own row. */
export interface LedgerPayout extends PayoutMoment {
  payoutId: Id<'pout'>
  composition: Composition
}

export interface CurrencyLedger {
  movements: Movement[]
  payouts: LedgerPayout[]
  /** Since when every movement is known; null while the ledger is still being read. */
  knownFrom: Date | null
  /** Nothing was left out. */
  whole: boolean
}

/** The ledger of `stripe_connections c` is read without a gap, down to where it begins: new rows come oldest first from here on. */
const READ = 'c.backfilled_at is not null and c.ledger_cursor is not null'

/** Currencies in which a payout waits that Stripe does not list and whose own row is in the ledger. */
export async function listCurrenciesToDeduce(tx: TenantTx, ref: ConnectionRef): Promise<string[]> {
  const rows = await tx.many<{ currency: string }>(
    `select distinct p.currency from payouts p
       join stripe_ledger own on own.tenant_id = p.tenant_id and own.connection_id = p.connection_id
         and own.external_id = p.balance_transaction_id
       join stripe_connections c on c.tenant_id = p.tenant_id and c.id = p.connection_id and ${READ}
      where p.tenant_id = $1 and p.connection_id = $2 and not p.automatic and p.composition = 'open' order by p.currency`,
    [tx.tenantUuid, uuidOf(ref.id)],
  )
  return rows.map((row) => row.currency)
}

/** What deducing is given: the newest movements of the currency that belong to no payout, and the payouts that took from it. */
export async function loadLedger(tx: TenantTx, ref: ConnectionRef, currency: string): Promise<CurrencyLedger> {
  const values = [tx.tenantUuid, uuidOf(ref.id)]
  const connection = await tx.one<{ known_from: Date | null }>(
    `select case when ${READ} then c.backfill_from end as known_from from stripe_connections c where c.tenant_id = $1 and c.id = $2`,
    values,
  )
  const movements = await tx.many<{ external_id: string; net_minor: string; available_on: string; occurred_at: Date }>(
    `select external_id, net_minor, coalesce(available_on, (occurred_at at time zone 'UTC')::date)::text as available_on, occurred_at
       from stripe_ledger
      where tenant_id = $1 and connection_id = $2 and currency = $3 and payout_id is null and type <> 'payout'
      order by occurred_at desc, external_id desc limit $4`,
    [...values, currency, MOVEMENTS_MAX + 1],
  )
  const payouts = await tx.many<PayoutRecord>(
    `select p.id, p.external_id, p.automatic, p.composition, ${COMPLETE} as complete, p.method, p.occurred_at, own.net_minor
       from payouts p left join stripe_ledger own on own.tenant_id = p.tenant_id and own.connection_id = p.connection_id
         and own.external_id = p.balance_transaction_id
      where p.tenant_id = $1 and p.connection_id = $2 and p.currency = $3
      order by p.occurred_at desc, p.external_id desc limit $4`,
    [...values, currency, PAYOUTS_MAX + 1],
  )
  const cut = movements.length > MOVEMENTS_MAX
  const oldest = cut ? movements.at(-1)!.occurred_at : null
  const knownFrom = connection.known_from
  return {
    movements: movements.slice(0, MOVEMENTS_MAX).map((row) => ({
      id: row.external_id,
      netMinor: BigInt(row.net_minor),
      availableOn: row.available_on,
      at: row.occurred_at,
    })),
    payouts: payouts.slice(0, PAYOUTS_MAX).map(momentOf),
    knownFrom: knownFrom && oldest && oldest > knownFrom ? oldest : knownFrom,
    whole: !cut && payouts.length <= PAYOUTS_MAX,
  }
}

interface PayoutRecord {
  id: string
  external_id: string
  automatic: boolean
  composition: Composition
  complete: boolean
  method: string | null
  occurred_at: Date
  net_minor: string | null
}

function momentOf(row: PayoutRecord): LedgerPayout {
  const listed = row.automatic ? (row.complete ? 'closing' : 'unclear') : 'wanted'
  return {
    id: row.external_id,
    payoutId: idOf('pout', row.id),
    at: row.occurred_at,
    // Without its own row it is not known what the balance lost.
    kind: row.net_minor === null ? 'unclear' : row.composition === 'deduced' ? 'deduced' : listed,
    takenMinor: row.net_minor === null ? 0n : -BigInt(row.net_minor),
    instant: row.method === 'instant',
    composition: row.composition,
  }
}

/** Whether the account had money older than its ledger, where that was asked already; and the oldest row from the day on from which
 *  the ledger is whole. */
export async function getBeginning(
  tx: TenantTx,
  ref: ConnectionRef,
): Promise<{ hasOlder: boolean | null; oldest: string | null }> {
  const row = await tx.one<{ has_older_rows: boolean | null; oldest: string | null }>(
    `select c.has_older_rows, (select l.external_id from stripe_ledger l
        where l.tenant_id = c.tenant_id and l.connection_id = c.id and l.occurred_at >= c.backfill_from
        order by l.occurred_at, l.external_id limit 1) as oldest
       from stripe_connections c where c.tenant_id = $1 and c.id = $2`,
    [tx.tenantUuid, uuidOf(ref.id)],
  )
  return { hasOlder: row.has_older_rows, oldest: row.oldest }
}

/** Notes what Stripe said. No event: nothing that anybody sees changes. */
export async function setHasOlder(tx: TenantTx, ref: ConnectionRef, hasOlder: boolean): Promise<void> {
  await tx.run('update stripe_connections set has_older_rows = $3 where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(ref.id),
    hasOlder,
  ])
}

/** Rows of the ledger under their ids at Stripe. */
export async function getRows(tx: TenantTx, ref: ConnectionRef, rowIds: readonly string[]): Promise<Item[]> {
  const rows = await tx.many<object>(`select ${ITEM} where ${OF_IDS}`, [tx.tenantUuid, uuidOf(ref.id), rowIds])
  return rows.map(itemOf)
}

/** The same, held until the transaction ends; none that belongs to a payout by now. */
export async function lockFreeRows(tx: TenantTx, ref: ConnectionRef, rowIds: readonly string[]): Promise<Item[]> {
  const rows = await tx.many<object>(
    `select ${ITEM} where ${OF_IDS} and payout_id is null order by external_id for no key update`,
    [tx.tenantUuid, uuidOf(ref.id), rowIds],
  )
  return rows.map(itemOf)
}

const ITEM = 'external_id, type, source_id, amount_minor, fee_minor, net_minor, currency from stripe_ledger'
const OF_IDS = 'tenant_id = $1 and connection_id = $2 and external_id = any($3::text[])'

function itemOf(record: object): Item {
  const row = record as {
    external_id: string
    type: string
    source_id: string | null
    amount_minor: string
    fee_minor: string
    net_minor: string
    currency: string
  }
  return {
    id: row.external_id,
    type: row.type,
    sourceId: row.source_id,
    amountMinor: BigInt(row.amount_minor),
    feeMinor: BigInt(row.fee_minor),
    netMinor: BigInt(row.net_minor),
    currency: row.currency,
  }
}
