import { type Id, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { TRANSACTION_COLUMNS, TRANSACTION_FROM, transactionOf, type TransactionRow } from './queries.ts'

/** A line, and whether its provider says that its money did not come or went back. */
export interface KnownState {
  row: TransactionRow
  void: boolean
}

/** The account's lines of these ids of the provider's, held against other decisions until the transaction ends. */
export async function listKnown(
  tx: TenantTx,
  accountId: Id<'acc'>,
  source: TransactionRow['source'],
  externalIds: string[],
): Promise<Map<string, KnownState>> {
  const rows = await tx.many<{ external_id: string; void: boolean }>(
    `select ${TRANSACTION_COLUMNS}, t.void from ${TRANSACTION_FROM}
      where t.tenant_id = $1 and t.account_id = $2 and t.source = '${source}' and t.external_id = any($3)
      order by t.id for no key update of t`,
    [tx.tenantUuid, uuidOf(accountId), externalIds],
  )
  return new Map(rows.map((row) => [row.external_id, { row: transactionOf(row), void: row.void }]))
}

/** Whether the provider says that the money of this line did not come or went back. */
export async function isVoid(tx: TenantTx, id: Id<'txn'>): Promise<boolean> {
  const row = await tx.one<{ void: boolean }>('select void from transactions where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row.void
}

/** Stores new lines, in one statement. */
export async function insertKnown(
  tx: TenantTx,
  rows: readonly TransactionRow[],
  voids: ReadonlySet<string>,
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into transactions (tenant_id, id, account_id, external_id, source, direction, amount_minor, currency, status, booked_on,
       value_on, booked_at, reference, description, counterparty_name, identity_key, fingerprint, note, void)
     select $1, row.id, row.account_id, row.external_id, row.source, row.direction, row.amount_minor, row.currency, row.status,
       row.booked_on, row.value_on, row.booked_at, row.reference, row.description, row.counterparty_name, row.identity_key, '',
       row.note, row.void
       from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::date[],
         $11::date[], $12::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::boolean[])
         as row (id, account_id, external_id, source, direction, amount_minor, currency, status, booked_on, value_on, booked_at,
           reference, description, counterparty_name, identity_key, note, void)`,
    [
      tx.tenantUuid,
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => uuidOf(row.accountId)),
      rows.map((row) => row.externalId),
      rows.map((row) => row.source),
      rows.map((row) => row.direction),
      rows.map((row) => String(row.amountMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.status),
      rows.map((row) => row.bookedOn),
      rows.map((row) => row.valueOn),
      rows.map((row) => row.bookedAt),
      rows.map((row) => row.reference),
      rows.map((row) => row.description),
      rows.map((row) => row.counterpartyName),
      rows.map((row) => row.identityKey),
      rows.map((row) => row.note),
      rows.map((row) => voids.has(row.id)),
    ],
  )
}

/** Writes what the provider now says of known lines, in one statement. Days, ids and identity keys stay. */
export async function updateKnown(tx: TenantTx, states: readonly KnownState[]): Promise<void> {
  if (states.length === 0) return
  await tx.run(
    `update transactions t set amount_minor = row.amount_minor, status = row.status, value_on = row.value_on, reference = row.reference,
       description = row.description, counterparty_name = row.counterparty_name, note = row.note, void = row.void, updated_at = now()
       from unnest($2::uuid[], $3::bigint[], $4::text[], $5::date[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
         as row (id, amount_minor, status, value_on, reference, description, counterparty_name, note, void)
      where t.tenant_id = $1 and t.id = row.id`,
    [
      tx.tenantUuid,
      states.map(({ row }) => uuidOf(row.id)),
      states.map(({ row }) => String(row.amountMinor)),
      states.map(({ row }) => row.status),
      states.map(({ row }) => row.valueOn),
      states.map(({ row }) => row.reference),
      states.map(({ row }) => row.description),
      states.map(({ row }) => row.counterpartyName),
      states.map(({ row }) => row.note),
      states.map((state) => state.void),
    ],
  )
}
