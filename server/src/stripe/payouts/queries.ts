import { type Id, idOf, idOrNull, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripePayout } from '../stripe-feed.ts'

export type Composition = 'open' | 'itemised' | 'deduced' | 'unexplained'

/** A payout: what Stripe says of it, what it is made of, and its line on the bank account. */
export interface PayoutRow extends Omit<StripePayout, 'id'> {
  id: Id<'pout'>
  connectionId: Id<'strc'>
  externalId: string
  composition: Composition
  /** Why its rows do not explain it; null where they do, or while nobody has looked. */
  note: string | null
  composedAt: Date | null
  items: number | null
  itemsTotalMinor: bigint | null
  feesTotalMinor: bigint | null
  differenceMinor: bigint | null
  bankTransactionId: Id<'txn'> | null
  bankFoundBy: string | null
  bankCandidates: Id<'txn'>[]
  bankRefused: Id<'txn'>[]
  bankReturned: Id<'txn'>[]
  reconciledAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const PAYOUT_COLUMNS = `p.id, p.connection_id, p.external_id, p.balance_transaction_id, p.failure_balance_transaction_id, p.amount_minor,
  p.currency, p.status, p.automatic, p.method, p.to_bank, p.arrival_on::text as arrival_on, p.descriptor, p.trace_id, p.destination_last4,
  p.reconciliation_status, p.failure_code, p.failure_message, p.composition, p.composition_note, p.composed_at, p.items,
  p.items_total_minor, p.fees_total_minor, p.difference_minor, p.bank_transaction_id, p.bank_found_by, p.bank_candidates,
  p.bank_refused, p.bank_returned, p.reconciled_at, p.occurred_at, p.created_at, p.updated_at`

/** Whether the rows explain the payout to the cent. */
export const isComplete = (payout: Pick<PayoutRow, 'composition' | 'note' | 'differenceMinor'>): boolean =>
  (payout.composition === 'itemised' || payout.composition === 'deduced') &&
  payout.note === null &&
  payout.differenceMinor === 0n

/** The same in SQL, of `payouts p`. */
export const COMPLETE = `(p.composition in ('itemised', 'deduced') and p.composition_note is null and p.difference_minor = 0)`

export async function getPayout(tx: TenantTx, id: Id<'pout'>): Promise<PayoutRow | undefined> {
  const row = await tx.first<object>(`select ${PAYOUT_COLUMNS} from payouts p where p.tenant_id = $1 and p.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && payoutOf(row)
}

/** As `getPayout`, holding it until the transaction ends. Payouts are locked before lines of the bank. */
export async function lockPayout(tx: TenantTx, id: Id<'pout'>): Promise<PayoutRow | undefined> {
  const row = await tx.first<object>(
    `select ${PAYOUT_COLUMNS} from payouts p where p.tenant_id = $1 and p.id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && payoutOf(row)
}

/** Those of the connection that are known under these ids of Stripe's, held until the transaction ends. */
export async function lockKnown(
  tx: TenantTx,
  ref: ConnectionRef,
  externalIds: readonly string[],
): Promise<PayoutRow[]> {
  const rows = await tx.many<object>(
    `select ${PAYOUT_COLUMNS} from payouts p
      where p.tenant_id = $1 and p.connection_id = $2 and p.external_id = any($3::text[]) order by p.external_id for no key update`,
    [tx.tenantUuid, uuidOf(ref.id), externalIds],
  )
  return rows.map(payoutOf)
}

/** Adds the payouts that are not known yet. Returns the ids of Stripe's of those added. */
export async function insertPayouts(
  tx: TenantTx,
  ref: ConnectionRef,
  payouts: readonly (StripePayout & { ownId: Id<'pout'> })[],
): Promise<Set<string>> {
  const rows = await tx.many<{ external_id: string }>(
    `insert into payouts (tenant_id, connection_id, id, external_id, balance_transaction_id, failure_balance_transaction_id, amount_minor,
       currency, status, automatic, method, to_bank, arrival_on, descriptor, trace_id, destination_last4, reconciliation_status,
       failure_code, failure_message, occurred_at)
     select $1, $2, row.* from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::boolean[],
       $11::text[], $12::boolean[], $13::date[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
       $20::timestamptz[]) as row
     on conflict (tenant_id, connection_id, external_id) do nothing returning external_id`,
    [
      tx.tenantUuid,
      uuidOf(ref.id),
      payouts.map((payout) => uuidOf(payout.ownId)),
      payouts.map((payout) => payout.id),
      payouts.map((payout) => payout.balanceTransactionId),
      payouts.map((payout) => payout.failureBalanceTransactionId),
      payouts.map((payout) => String(payout.amountMinor)),
      payouts.map((payout) => payout.currency),
      payouts.map((payout) => payout.status),
      payouts.map((payout) => payout.automatic),
      payouts.map((payout) => payout.method),
      payouts.map((payout) => payout.toBank),
      payouts.map((payout) => payout.arrivalOn),
      payouts.map((payout) => payout.descriptor),
      payouts.map((payout) => payout.traceId),
      payouts.map((payout) => payout.destinationLast4),
      payouts.map((payout) => payout.reconciliationStatus),
      payouts.map((payout) => payout.failureCode),
      payouts.map((payout) => payout.failureMessage),
      payouts.map((payout) => payout.occurredAt),
    ],
  )
  return new Set(rows.map((row) => row.external_id))
}

/** Writes what Stripe says of a payout now. What it is made of and its line stay. */
export async function updateFacts(tx: TenantTx, id: Id<'pout'>, facts: StripePayout): Promise<void> {
  await tx.run(
    `update payouts set balance_transaction_id = $3, failure_balance_transaction_id = $4, status = $5, automatic = $6, method = $7,
       to_bank = $8, arrival_on = $9, descriptor = $10, trace_id = $11, destination_last4 = $12, reconciliation_status = $13,
       failure_code = $14, failure_message = $15, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      facts.balanceTransactionId,
      facts.failureBalanceTransactionId,
      facts.status,
      facts.automatic,
      facts.method,
      facts.toBank,
      facts.arrivalOn,
      facts.descriptor,
      facts.traceId,
      facts.destinationLast4,
      facts.reconciliationStatus,
      facts.failureCode,
      facts.failureMessage,
    ],
  )
}

/** Writes the payout's line on the bank account, or that it has none. */
export async function setBankLine(
  tx: TenantTx,
  id: Id<'pout'>,
  line: { transactionId: Id<'txn'> | null; foundBy: string | null; refused: readonly Id<'txn'>[] },
): Promise<void> {
  await tx.run(
    `update payouts set bank_transaction_id = $3, bank_found_by = $4, bank_refused = $5::uuid[],
       bank_candidates = case when $3::uuid is null then bank_candidates else '{}' end,
       reconciled_at = case when $3::uuid is null then null else reconciled_at end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      line.transactionId && uuidOf(line.transactionId),
      line.foundBy,
      line.refused.map(uuidOf),
    ],
  )
}

/** The payout that has this line, if one does: as its own, or as the two lines of one that came back. */
export async function findPayoutOfLine(tx: TenantTx, lineId: Id<'txn'>): Promise<Id<'pout'> | undefined> {
  const row = await tx.first<{ id: string }>(
    'select id from payouts where tenant_id = $1 and (bank_transaction_id = $2 or $2::uuid = any(bank_returned))',
    [tx.tenantUuid, uuidOf(lineId)],
  )
  return row && idOf('pout', row.id)
}

export async function setReconciled(tx: TenantTx, id: Id<'pout'>, at: Date): Promise<void> {
  await tx.run('update payouts set reconciled_at = $3, updated_at = now() where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
    at,
  ])
}

/** Whether there ever was an alert of this code about the subject, open or closed. */
export async function wasTold(tx: TenantTx, code: string, subjectId: string): Promise<boolean> {
  const row = await tx.first<object>('select 1 from alerts where tenant_id = $1 and code = $2 and subject_id = $3', [
    tx.tenantUuid,
    code,
    subjectId,
  ])
  return row !== undefined
}

interface PayoutRecord {
  id: string
  connection_id: string
  external_id: string
  balance_transaction_id: string | null
  failure_balance_transaction_id: string | null
  amount_minor: string
  currency: string
  status: string
  automatic: boolean
  method: string | null
  to_bank: boolean
  arrival_on: string
  descriptor: string
  trace_id: string | null
  destination_last4: string | null
  reconciliation_status: string | null
  failure_code: string | null
  failure_message: string | null
  composition: Composition
  composition_note: string | null
  composed_at: Date | null
  items: number | null
  items_total_minor: string | null
  fees_total_minor: string | null
  difference_minor: string | null
  bank_transaction_id: string | null
  bank_found_by: string | null
  bank_candidates: string[]
  bank_refused: string[]
  bank_returned: string[]
  reconciled_at: Date | null
  occurred_at: Date
  created_at: Date
  updated_at: Date
}

const minorOrNull = (text: string | null): bigint | null => (text === null ? null : BigInt(text))

export function payoutOf(record: object): PayoutRow {
  const row = record as PayoutRecord
  return {
    id: idOf('pout', row.id),
    connectionId: idOf('strc', row.connection_id),
    externalId: row.external_id,
    balanceTransactionId: row.balance_transaction_id,
    failureBalanceTransactionId: row.failure_balance_transaction_id,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    status: row.status,
    automatic: row.automatic,
    method: row.method,
    toBank: row.to_bank,
    arrivalOn: row.arrival_on,
    descriptor: row.descriptor,
    traceId: row.trace_id,
    destinationLast4: row.destination_last4,
    reconciliationStatus: row.reconciliation_status,
    failureCode: row.failure_code,
    failureMessage: row.failure_message,
    occurredAt: row.occurred_at,
    composition: row.composition,
    note: row.composition_note,
    composedAt: row.composed_at,
    items: row.items,
    itemsTotalMinor: minorOrNull(row.items_total_minor),
    feesTotalMinor: minorOrNull(row.fees_total_minor),
    differenceMinor: minorOrNull(row.difference_minor),
    bankTransactionId: idOrNull('txn', row.bank_transaction_id),
    bankFoundBy: row.bank_found_by,
    bankCandidates: row.bank_candidates.map((id) => idOf('txn', id)),
    bankRefused: row.bank_refused.map((id) => idOf('txn', id)),
    bankReturned: row.bank_returned.map((id) => idOf('txn', id)),
    reconciledAt: row.reconciled_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
