import { type Id, idOrNull, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { StripeCharge } from '../stripe-feed.ts'
import { type InvoiceName, mergeNames, namesInvoice, namesOfCharge } from './names.ts'

/** A charge as stored. */
export interface ChargeRow {
  id: string
  transactionId: Id<'txn'> | null
  paymentIntentId: string | null
  customerId: string | null
  sessionIds: string[]
  balanceTransactionId: string | null
  amountMinor: bigint
  capturedMinor: bigint
  refundedMinor: bigint
  currency: string
  status: string
  captured: boolean
  disputed: boolean
  payerName: string
  payerEmail: string
  description: string
  descriptor: string
  method: string | null
  failure: string | null
  names: InvoiceName[]
  lookedAround: boolean
  /** A decision rests on what Stripe no longer says of it. */
  unsettled: boolean
  occurredAt: Date
  readAt: Date
}

const COLUMNS = `c.external_id, c.transaction_id, c.payment_intent_id, c.customer_id, c.session_ids, c.balance_transaction_id, c.amount_minor,
  c.captured_minor, c.refunded_minor, c.currency, c.status, c.captured, c.disputed, c.payer_name, c.payer_email, c.description,
  c.descriptor, c.method, c.failure, c.names, c.looked_around, c.unsettled, c.occurred_at, c.read_at`

export async function getCharges(
  tx: TenantTx,
  id: Id<'strc'>,
  chargeIds: readonly string[],
): Promise<Map<string, ChargeRow>> {
  if (chargeIds.length === 0) return new Map()
  const rows = await tx.many<ChargeRecord>(
    `select ${COLUMNS} from stripe_charges c where c.tenant_id = $1 and c.connection_id = $2 and c.external_id = any($3)`,
    [tx.tenantUuid, uuidOf(id), [...chargeIds]],
  )
  return new Map(rows.map((row) => [row.external_id, chargeRowOf(row)]))
}

/** What to store of a charge that was just read. Undefined where a newer reading, or the same, is stored already. */
export function mergeCharge(before: ChargeRow | undefined, charge: StripeCharge, readAt: Date): ChargeRow | undefined {
  if (before && before.readAt > readAt) return undefined
  const names = mergeNames(namesOfCharge(charge), before?.names ?? [])
  return {
    id: charge.id,
    transactionId: before?.transactionId ?? null,
    paymentIntentId: charge.paymentIntentId,
    customerId: charge.customerId,
    sessionIds: before?.sessionIds ?? [],
    balanceTransactionId: charge.balanceTransactionId ?? before?.balanceTransactionId ?? null,
    amountMinor: charge.amountMinor,
    capturedMinor: charge.capturedMinor,
    refundedMinor: charge.refundedMinor,
    currency: charge.currency,
    status: charge.status,
    captured: charge.captured,
    disputed: charge.disputed,
    payerName: charge.payerName || (before?.payerName ?? ''),
    payerEmail: charge.payerEmail || (before?.payerEmail ?? ''),
    description: charge.description,
    descriptor: charge.descriptor,
    method: charge.method,
    failure: charge.failure,
    names,
    lookedAround: (before?.lookedAround ?? false) || namesInvoice(names),
    unsettled: before?.unsettled ?? false,
    occurredAt: charge.occurredAt,
    readAt,
  }
}

/** Stores the rows in one statement; no id may stand twice. The caller holds the connection, and has compared them with what
 *  was stored. */
export async function upsertCharges(tx: TenantTx, id: Id<'strc'>, rows: readonly ChargeRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into stripe_charges (tenant_id, connection_id, external_id, transaction_id, payment_intent_id, customer_id, session_ids,
       balance_transaction_id, amount_minor, captured_minor, refunded_minor, currency, status, captured, disputed, payer_name, payer_email,
       description, descriptor, method, failure, names, looked_around, occurred_at, read_at)
     select $1, $2, row.external_id, row.transaction_id, row.payment_intent_id, row.customer_id, coalesce(string_to_array(nullif(row.session_ids, ''), ' '), '{}'),
       row.balance_transaction_id, row.amount_minor, row.captured_minor, row.refunded_minor, row.currency, row.status, row.captured,
       row.disputed, row.payer_name, row.payer_email, row.description, row.descriptor, row.method, row.failure, row.names::json,
       row.looked_around, row.occurred_at, row.read_at
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[],
         $12::text[], $13::boolean[], $14::boolean[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[],
         $21::text[], $22::boolean[], $23::timestamptz[], $24::timestamptz[], $25::uuid[])
         as row (external_id, payment_intent_id, customer_id, session_ids, balance_transaction_id, amount_minor, captured_minor,
           refunded_minor, currency, status, captured, disputed, payer_name, payer_email, description, descriptor, method, failure, names,
           looked_around, occurred_at, read_at, transaction_id)
     on conflict (tenant_id, connection_id, external_id) do update set transaction_id = excluded.transaction_id,
       payment_intent_id = excluded.payment_intent_id, customer_id = excluded.customer_id, session_ids = excluded.session_ids,
       balance_transaction_id = excluded.balance_transaction_id, amount_minor = excluded.amount_minor,
       captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor, currency = excluded.currency,
       status = excluded.status, captured = excluded.captured, disputed = excluded.disputed, payer_name = excluded.payer_name,
       payer_email = excluded.payer_email, description = excluded.description, descriptor = excluded.descriptor, method = excluded.method,
       failure = excluded.failure, names = excluded.names, looked_around = excluded.looked_around, occurred_at = excluded.occurred_at,
       read_at = excluded.read_at, updated_at = now()`,
    [
      tx.tenantUuid,
      uuidOf(id),
      rows.map((row) => row.id),
      rows.map((row) => row.paymentIntentId),
      rows.map((row) => row.customerId),
      rows.map((row) => row.sessionIds.join(' ')),
      rows.map((row) => row.balanceTransactionId),
      rows.map((row) => String(row.amountMinor)),
      rows.map((row) => String(row.capturedMinor)),
      rows.map((row) => String(row.refundedMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.status),
      rows.map((row) => row.captured),
      rows.map((row) => row.disputed),
      rows.map((row) => row.payerName),
      rows.map((row) => row.payerEmail),
      rows.map((row) => row.description),
      rows.map((row) => row.descriptor),
      rows.map((row) => row.method),
      rows.map((row) => row.failure),
      rows.map((row) => JSON.stringify(row.names)),
      rows.map((row) => row.lookedAround),
      rows.map((row) => row.occurredAt),
      rows.map((row) => row.readAt),
      rows.map((row) => row.transactionId && uuidOf(row.transactionId)),
    ],
  )
}

/** Which of these charges wait for a person, and which do not any more. */
export async function setUnsettled(
  tx: TenantTx,
  id: Id<'strc'>,
  chargeIds: readonly string[],
  unsettled: readonly string[],
): Promise<void> {
  await tx.run(
    `update stripe_charges set unsettled = external_id = any($4), updated_at = now()
      where tenant_id = $1 and connection_id = $2 and external_id = any($3)`,
    [tx.tenantUuid, uuidOf(id), [...chargeIds], [...unsettled]],
  )
}

/** Which line of money each became. */
export async function setTransactions(
  tx: TenantTx,
  table: 'stripe_charges' | 'stripe_returns',
  id: Id<'strc'>,
  lines: ReadonlyMap<string, Id<'txn'>>,
): Promise<void> {
  if (lines.size === 0) return
  await tx.run(
    `update ${table} set transaction_id = ($4::uuid[])[array_position($3::text[], external_id)], updated_at = now()
      where tenant_id = $1 and connection_id = $2 and external_id = any($3)`,
    [tx.tenantUuid, uuidOf(id), [...lines.keys()], [...lines.values()].map(uuidOf)],
  )
}

interface ChargeRecord {
  external_id: string
  transaction_id: string | null
  payment_intent_id: string | null
  customer_id: string | null
  session_ids: string[]
  balance_transaction_id: string | null
  amount_minor: string
  captured_minor: string
  refunded_minor: string
  currency: string
  status: string
  captured: boolean
  disputed: boolean
  payer_name: string
  payer_email: string
  description: string
  descriptor: string
  method: string | null
  failure: string | null
  names: InvoiceName[]
  looked_around: boolean
  unsettled: boolean
  occurred_at: Date
  read_at: Date
}

function chargeRowOf(row: ChargeRecord): ChargeRow {
  return {
    id: row.external_id,
    transactionId: idOrNull('txn', row.transaction_id),
    paymentIntentId: row.payment_intent_id,
    customerId: row.customer_id,
    sessionIds: row.session_ids,
    balanceTransactionId: row.balance_transaction_id,
    amountMinor: BigInt(row.amount_minor),
    capturedMinor: BigInt(row.captured_minor),
    refundedMinor: BigInt(row.refunded_minor),
    currency: row.currency,
    status: row.status,
    captured: row.captured,
    disputed: row.disputed,
    payerName: row.payer_name,
    payerEmail: row.payer_email,
    description: row.description,
    descriptor: row.descriptor,
    method: row.method,
    failure: row.failure,
    names: row.names,
    lookedAround: row.looked_around,
    unsettled: row.unsettled,
    occurredAt: row.occurred_at,
    readAt: row.read_at,
  }
}
