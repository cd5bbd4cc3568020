import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Alias, StoredRow } from './identify.ts'
import type { RecordedLine } from './record-lines.ts'

/** All text of a line as identity looks at it; the reference is usually part of the description. */
export const identityText = (line: { reference: string; description: string }): string =>
  line.description.includes(line.reference) ? line.description : `${line.reference} ${line.description}`

/** The account that lines are recorded on. */
export interface LockedAccount {
  id: Id<'acc'>
  name: string
  bankId: Id<'bank'>
  bankName: string
  /** The database's time of this transaction, which its rows carry. */
  now: Date
}

/** Holds the account against another read of the same moment: two syncs must not both find a line new. Undefined when the tenant
 *  has no such account. */
export async function lockAccount(tx: TenantTx, accountId: Id<'acc'>): Promise<LockedAccount | undefined> {
  const row = await tx.first<{ name: string; connection_id: string; bank_name: string; now: Date }>(
    'select name, connection_id, bank_name, now() as now from accounts where tenant_id = $1 and id = $2 for no key update',
    [tx.tenantUuid, uuidOf(accountId)],
  )
  return (
    row && {
      id: accountId,
      name: row.name,
      bankId: idOf('bank', row.connection_id),
      bankName: row.bank_name,
      now: row.now,
    }
  )
}

/** What is stored around these days, plus whatever shares an id, oldest id first. Days, ids and what belongs to them are asked for
 *  one by one: in one statement the planner of a database that just began to fill joined every line with every other (2 s
 *  instead of 20 ms for 1,000 lines beside 10,000). */
export async function listStored(
  tx: TenantTx,
  accountId: Id<'acc'>,
  window: { from: string; to: string },
  aliases: Alias[],
): Promise<StoredRow[]> {
  const near = await tx.many<StoredRecord>(
    `${STORED} and t.account_id = $2 and t.booked_on between $3::date - 10 and $4::date + 10 order by t.id`,
    [tx.tenantUuid, uuidOf(accountId), window.from, window.to],
  )
  const seen = new Set(near.map((row) => row.id))
  const far = (await findByAliases(tx, accountId, aliases)).filter((uuid) => !seen.has(uuid))
  const rows =
    far.length === 0
      ? near
      : [...near, ...(await tx.many<StoredRecord>(`${STORED} and t.id = any($2::uuid[])`, [tx.tenantUuid, far]))].sort(
          (one, other) => (one.id < other.id ? -1 : 1),
        )
  const aliasesOf = await listAliases(
    tx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: idOf('txn', row.id),
    source: row.source,
    identityKey: row.identity_key,
    amountMinor: row.direction === 'credit' ? BigInt(row.amount_minor) : -BigInt(row.amount_minor),
    currency: row.currency,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    status: row.status === 'pending' ? ('pending' as const) : ('booked' as const),
    counterpartyName: row.counterparty_name,
    counterpartyIban: row.counterparty_iban,
    text: identityText(row),
    aliases: aliasesOf.get(row.id) ?? [],
  }))
}

const STORED = `select t.id, t.direction, t.amount_minor, t.currency, t.booked_on::text as booked_on, t.value_on::text as value_on, t.status,
    t.source, t.reference, t.description, t.counterparty_name, t.counterparty_iban, t.identity_key
  from transactions t where t.tenant_id = $1`

/** The lines that came under one of these ids before. `offset 0` keeps it one short look into the index for each id, whatever the
 *  planner knows of the table yet. */
async function findByAliases(tx: TenantTx, accountId: Id<'acc'>, aliases: Alias[]): Promise<string[]> {
  if (aliases.length === 0) return []
  const rows = await tx.many<{ id: string }>(
    `select distinct owner.transaction_id as id from unnest($3::text[], $4::text[]) as seen (kind, value)
      cross join lateral (select x.transaction_id from transaction_aliases x
        where x.tenant_id = $1 and x.account_id = $2 and x.kind = seen.kind and x.value = seen.value offset 0) owner`,
    [tx.tenantUuid, uuidOf(accountId), aliases.map((alias) => alias.kind), aliases.map((alias) => alias.value)],
  )
  return rows.map((row) => row.id)
}

/** The ids each line came under, by the line's uuid. */
async function listAliases(tx: TenantTx, uuids: string[]): Promise<Map<string, Alias[]>> {
  const found = new Map<string, Alias[]>()
  if (uuids.length === 0) return found
  const rows = await tx.many<{ transaction_id: string } & Alias>(
    `select x.transaction_id, x.kind, x.value from transaction_aliases x
      where x.tenant_id = $1 and x.transaction_id = any($2::uuid[]) order by x.transaction_id, x.kind, x.value`,
    [tx.tenantUuid, uuids],
  )
  for (const { transaction_id, kind, value } of rows) {
    const own = found.get(transaction_id)
    if (own) own.push({ kind, value })
    else found.set(transaction_id, [{ kind, value }])
  }
  return found
}

export interface FreshRow {
  id: Id<'txn'>
  line: RecordedLine
  identityKey: string
  fingerprint: string
  possibleDuplicateOf: string | null
}

export async function insertRecorded(
  tx: TenantTx,
  accountId: Id<'acc'>,
  source: 'bank' | 'file',
  rows: FreshRow[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into transactions (tenant_id, id, account_id, external_id, source, direction, amount_minor, currency, status, booked_on, value_on,
       booked_at, reference, description, counterparty_name, counterparty_iban, identity_key, fingerprint, possible_duplicate_of, provider_data)
     select $1, row.id, $2, row.external_id, $3, row.direction, row.amount_minor, row.currency, row.status, row.booked_on, row.value_on,
       row.booked_on::timestamp at time zone 'UTC', row.reference, row.description, row.counterparty_name, row.counterparty_iban,
       row.identity_key, row.fingerprint, row.possible_duplicate_of, row.provider_data::json
       from unnest($4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::date[], $11::date[], $12::text[], $13::text[],
         $14::text[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::text[])
         as row (id, external_id, direction, amount_minor, currency, status, booked_on, value_on, reference, description,
           counterparty_name, counterparty_iban, identity_key, fingerprint, possible_duplicate_of, provider_data)`,
    [
      tx.tenantUuid,
      uuidOf(accountId),
      source,
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => row.line.externalId),
      rows.map((row) => row.line.direction),
      rows.map((row) => String(row.line.amountMinor)),
      rows.map((row) => row.line.currency),
      rows.map((row) => (row.line.status === 'pending' ? 'pending' : 'processed')),
      rows.map((row) => row.line.bookedOn),
      rows.map((row) => row.line.valueOn),
      rows.map((row) => row.line.reference),
      rows.map((row) => row.line.description),
      rows.map((row) => row.line.counterpartyName),
      rows.map((row) => row.line.counterpartyIban),
      rows.map((row) => row.identityKey),
      rows.map((row) => row.fingerprint),
      rows.map((row) => row.possibleDuplicateOf && uuidOf(row.possibleDuplicateOf)),
      rows.map((row) => (row.line.providerData === undefined ? null : JSON.stringify(row.line.providerData))),
    ],
  )
}

export async function insertAliases(
  tx: TenantTx,
  accountId: Id<'acc'>,
  rows: { id: string; alias: Alias }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(
    `insert into transaction_aliases (tenant_id, account_id, transaction_id, kind, value)
     select $1, $2, row.transaction_id, row.kind, row.value from unnest($3::uuid[], $4::text[], $5::text[]) as row (transaction_id, kind, value)
     on conflict do nothing`,
    [
      tx.tenantUuid,
      uuidOf(accountId),
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => row.alias.kind),
      rows.map((row) => row.alias.value),
    ],
  )
}

/** Writes what the bank now says of a known line. Its identity key, and with it every transid, stays. */
export async function updateRecorded(tx: TenantTx, id: string, line: RecordedLine): Promise<void> {
  await tx.run(
    `update transactions set booked_on = $3, booked_at = $3::date::timestamp at time zone 'UTC', value_on = $4, reference = $5, description = $6,
       counterparty_name = $7, counterparty_iban = coalesce($8, counterparty_iban),
       status = case when status = 'pending' and $9 then 'processed' else status end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      line.bookedOn,
      line.valueOn,
      line.reference,
      line.description,
      line.counterpartyName,
      line.counterpartyIban,
      line.status === 'booked',
    ],
  )
}

/** Lines that stood on a day which the bank now shows without them. Returns those newly missing. */
export async function markMissing(tx: TenantTx, ids: string[]): Promise<Id<'txn'>[]> {
  if (ids.length === 0) return []
  const rows = await tx.many<{ id: string }>(
    'update transactions set missing_at_bank = true, updated_at = now() where tenant_id = $1 and id = any($2::uuid[]) and not missing_at_bank returning id',
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map((row) => idOf('txn', row.id))
}

/** The bank shows these lines (again). Returns those that were missing. */
export async function clearMissing(tx: TenantTx, ids: string[]): Promise<Id<'txn'>[]> {
  if (ids.length === 0) return []
  const rows = await tx.many<{ id: string }>(
    'update transactions set missing_at_bank = false, updated_at = now() where tenant_id = $1 and id = any($2::uuid[]) and missing_at_bank returning id',
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map((row) => idOf('txn', row.id))
}

/** The line in texts that PostgreSQL can hold: a bank's stray byte must not stop its other lines. */
export const cleanLine = (line: RecordedLine): RecordedLine => ({
  ...line,
  reference: cleanText(line.reference),
  description: cleanText(line.description),
  counterpartyName: cleanText(line.counterpartyName),
  counterpartyIban: line.counterpartyIban && cleanText(line.counterpartyIban),
  externalId: line.externalId && cleanText(line.externalId),
  aliases: line.aliases.map((alias) => ({ kind: alias.kind, value: cleanText(alias.value) })),
  ...(line.collective ? { collective: { ...line.collective, refs: line.collective.refs.map(cleanText) } } : {}),
})

/** PostgreSQL refuses NUL and halves of surrogate pairs. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

interface StoredRecord {
  id: string
  direction: 'credit' | 'debit'
  amount_minor: string
  currency: string
  booked_on: string
  value_on: string | null
  status: string
  source: StoredRow['source']
  reference: string
  description: string
  counterparty_name: string
  counterparty_iban: string | null
  identity_key: string
}
