import { type Id, idOf, idOrNull, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'

export type TransactionSource = 'bank' | 'file' | 'stripe' | 'api'
export type MatchStatus = 'unmatched' | 'suggested' | 'matched' | 'applied' | 'transfer'

/** One line of money, whatever brought it. */
export interface TransactionRow {
  id: Id<'txn'>
  accountId: Id<'acc'>
  accountName: string
  bankId: Id<'bank'>
  bankName: string
  externalId: string | null
  source: TransactionSource
  direction: 'credit' | 'debit'
  amountMinor: bigint
  currency: string
  status: 'pending' | 'processed' | 'ignored'
  matchStatus: MatchStatus
  bookedOn: string
  valueOn: string | null
  bookedAt: Date
  reference: string
  description: string
  counterpartyName: string
  counterpartyIban: string | null
  identityKey: string
  allocatedMinor: bigint
  /** A line it may be the same as: a person looks before anything is applied. */
  possibleDuplicateOf: Id<'txn'> | null
  note: string | null
  createdAt: Date
  updatedAt: Date
}

export const TRANSACTION_COLUMNS = `t.id, t.account_id, a.name as account_name, a.connection_id, a.bank_name, t.external_id, t.source,
  t.direction, t.amount_minor, t.currency, t.status, t.match_status, t.booked_on::text as booked_on, t.value_on::text as value_on,
  t.booked_at, t.reference, t.description, t.counterparty_name, t.counterparty_iban, t.identity_key, t.allocated_minor, t.possible_duplicate_of, t.note,
  t.created_at, t.updated_at`
/** Whose invoice the line pays: of the match that decided it, else of the best suggestion; of several invoices the first. */
const CLIENT_OF = `(select i.client_id from matches m
   join match_allocations l on l.tenant_id = m.tenant_id and l.match_id = m.id
   join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
  where m.tenant_id = t.tenant_id and m.transaction_id = t.id and m.status in ('suggested', 'approved', 'applied', 'failed')
  order by m.status = 'suggested', m.confidence desc, m.id, l.position limit 1)`

/** What lists show, with times as text: a page of them is not worth a hundred dates. */
export const LISTED_COLUMNS = `t.id, t.external_id, a.connection_id, a.bank_name, t.account_id, a.name as account_name, t.amount_minor,
  t.currency, t.direction, t.description, t.reference, t.booked_at::text as booked_at, t.value_on::text as value_on,
  t.created_at::text as created_at, t.updated_at::text as updated_at, t.status, t.match_status, t.source, t.counterparty_name,
  t.counterparty_iban, t.note`
/** The same, and whose invoice each line pays. */
export const LISTED_WITH_CLIENT = `${LISTED_COLUMNS},
  case when t.match_status in ('suggested', 'matched', 'applied') then ${CLIENT_OF} end as client_id`
export const TRANSACTION_FROM = 'transactions t join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id'

export async function getTransaction(tx: TenantTx, id: Id<'txn'>): Promise<TransactionRow | undefined> {
  const row = await tx.first<object>(
    `select ${TRANSACTION_COLUMNS} from ${TRANSACTION_FROM} where t.tenant_id = $1 and t.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && transactionOf(row)
}

/** Whose invoice the line pays, as lists say it; null where nothing was decided or proposed. */
export async function getClientOf(tx: TenantTx, id: Id<'txn'>): Promise<Id<'cli'> | null> {
  const row = await tx.one<{ client_id: string | null }>(
    `select ${CLIENT_OF} as client_id from transactions t where t.tenant_id = $1 and t.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return idOrNull('cli', row.client_id)
}

/** What the bank sent for this line, as JSON text; null for lines that no bank sent. */
export async function getProviderData(tx: TenantTx, id: Id<'txn'>): Promise<string | null> {
  const row = await tx.one<{ provider_data: string | null }>(
    'select provider_data::text as provider_data from transactions where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id)],
  )
  return row.provider_data
}

/** As `getTransaction`, holding the line against other decisions until the transaction ends. */
export async function lockTransaction(tx: TenantTx, id: Id<'txn'>): Promise<TransactionRow | undefined> {
  const row = await tx.first<object>(
    `select ${TRANSACTION_COLUMNS} from ${TRANSACTION_FROM} where t.tenant_id = $1 and t.id = $2 for no key update of t`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && transactionOf(row)
}

/** Several held at once, always in the order of their ids, so that two never wait for each other. */
export async function lockTransactions(tx: TenantTx, ids: readonly Id<'txn'>[]): Promise<TransactionRow[]> {
  const rows = await tx.many<object>(
    `select ${TRANSACTION_COLUMNS} from ${TRANSACTION_FROM} where t.tenant_id = $1 and t.id = any($2::uuid[])
      order by t.id for no key update of t`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map(transactionOf)
}

/** Several at once, in no particular order. */
export async function getTransactions(tx: TenantTx, ids: readonly Id<'txn'>[]): Promise<TransactionRow[]> {
  const rows = await tx.many<object>(
    `select ${TRANSACTION_COLUMNS} from ${TRANSACTION_FROM} where t.tenant_id = $1 and t.id = any($2::uuid[])`,
    [tx.tenantUuid, ids.map(uuidOf)],
  )
  return rows.map(transactionOf)
}

/** Booked money in that nobody decided yet, oldest first: what matching looks at. */
export async function listOpenTransactions(tx: TenantTx, limit: number): Promise<TransactionRow[]> {
  const rows = await tx.many<object>(
    `select ${TRANSACTION_COLUMNS} from ${TRANSACTION_FROM}
      where t.tenant_id = $1 and t.direction = 'credit' and t.status = 'processed' and t.match_status in ('unmatched', 'suggested')
        and not t.void
      order by t.booked_on, t.id limit $2`,
    [tx.tenantUuid, limit],
  )
  return rows.map(transactionOf)
}

/** A line posted by API, checked and ready to store. */
export interface PostedRow {
  id: Id<'txn'>
  accountId: Id<'acc'>
  externalId: string | null
  direction: 'credit' | 'debit'
  amountMinor: bigint
  currency: string
  bookedOn: string
  valueOn: string | null
  bookedAt: Date
  reference: string
  description: string
  counterpartyName: string
  counterpartyIban: string | null
  identityKey: string
}

/** Stores lines posted by API, in one statement. Returns the ids of those stored; the others were there before, under the
 *  same id of the caller's. */
export async function insertPosted(tx: TenantTx, rows: PostedRow[]): Promise<Set<Id<'txn'>>> {
  const stored = await tx.many<{ id: string }>(
    `insert into transactions (tenant_id, id, account_id, external_id, source, direction, amount_minor, currency, booked_on, value_on,
       booked_at, reference, description, counterparty_name, counterparty_iban, identity_key, fingerprint)
     select $1, row.id, row.account_id, row.external_id, 'api', row.direction, row.amount_minor, row.currency, row.booked_on, row.value_on,
       row.booked_at, row.reference, row.description, row.counterparty_name, row.counterparty_iban, row.identity_key, ''
       from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::date[], $9::date[], $10::timestamptz[],
         $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
         as row (id, account_id, external_id, direction, amount_minor, currency, booked_on, value_on, booked_at, reference, description,
           counterparty_name, counterparty_iban, identity_key)
     on conflict do nothing returning id`,
    [
      tx.tenantUuid,
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => uuidOf(row.accountId)),
      rows.map((row) => row.externalId),
      rows.map((row) => row.direction),
      rows.map((row) => String(row.amountMinor)),
      rows.map((row) => row.currency),
      rows.map((row) => row.bookedOn),
      rows.map((row) => row.valueOn),
      rows.map((row) => row.bookedAt),
      rows.map((row) => row.reference),
      rows.map((row) => row.description),
      rows.map((row) => row.counterpartyName),
      rows.map((row) => row.counterpartyIban),
      rows.map((row) => row.identityKey),
    ],
  )
  return new Set(stored.map((row) => idOf('txn', row.id)))
}

/** The lines posted before under these ids of the callers', as `account|id` to ours. */
export async function findPosted(
  tx: TenantTx,
  wanted: { accountId: Id<'acc'>; externalId: string }[],
): Promise<Map<string, Id<'txn'>>> {
  if (wanted.length === 0) return new Map()
  const rows = await tx.many<{ id: string; account_id: string; external_id: string }>(
    `select t.id, t.account_id, t.external_id from transactions t
       join unnest($2::uuid[], $3::text[]) as wanted (account_id, external_id)
         on t.account_id = wanted.account_id and t.external_id = wanted.external_id
      where t.tenant_id = $1 and t.source = 'api'`,
    [tx.tenantUuid, wanted.map((row) => uuidOf(row.accountId)), wanted.map((row) => row.externalId)],
  )
  return new Map(rows.map((row) => [`${idOf('acc', row.account_id)}|${row.external_id}`, idOf('txn', row.id)]))
}

export async function setTransactionStatus(
  tx: TenantTx,
  id: Id<'txn'>,
  change: { status: TransactionRow['status']; note: string | null },
): Promise<void> {
  await tx.run('update transactions set status = $3, note = $4, updated_at = now() where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
    change.status,
    change.note,
  ])
}

/** What matching and payments made of the line. `allocatedMinor` never exceeds its amount (a check of the table). */
export async function setTransactionMatch(
  tx: TenantTx,
  id: Id<'txn'>,
  change: { matchStatus: MatchStatus; allocatedMinor?: bigint },
): Promise<void> {
  await tx.run(
    `update transactions set match_status = $3, allocated_minor = coalesce($4, allocated_minor), updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), change.matchStatus, change.allocatedMinor ?? null],
  )
}

/** The same for several lines. */
export async function setTransactionMatches(
  tx: TenantTx,
  changes: readonly { id: Id<'txn'>; matchStatus: MatchStatus; allocatedMinor: bigint }[],
): Promise<void> {
  if (changes.length === 0) return
  await tx.run(
    `update transactions t set match_status = row.match_status, allocated_minor = row.allocated_minor, updated_at = now()
       from unnest($2::uuid[], $3::text[], $4::bigint[]) as row (id, match_status, allocated_minor)
      where t.tenant_id = $1 and t.id = row.id`,
    [
      tx.tenantUuid,
      changes.map((change) => uuidOf(change.id)),
      changes.map((change) => change.matchStatus),
      changes.map((change) => String(change.allocatedMinor)),
    ],
  )
}

/** A row of LISTED_COLUMNS. */
export type ListedTransaction = Pick<
  TransactionRecord,
  | 'id'
  | 'external_id'
  | 'connection_id'
  | 'bank_name'
  | 'account_id'
  | 'account_name'
  | 'amount_minor'
  | 'currency'
  | 'direction'
  | 'description'
  | 'reference'
  | 'value_on'
  | 'status'
  | 'match_status'
  | 'source'
  | 'counterparty_name'
  | 'counterparty_iban'
  | 'note'
> & { booked_at: string; created_at: string; updated_at: string; client_id?: string | null }

interface TransactionRecord {
  id: string
  account_id: string
  account_name: string
  connection_id: string
  bank_name: string
  external_id: string | null
  source: TransactionSource
  direction: 'credit' | 'debit'
  amount_minor: string
  currency: string
  status: TransactionRow['status']
  match_status: MatchStatus
  booked_on: string
  value_on: string | null
  booked_at: Date
  reference: string
  description: string
  counterparty_name: string
  counterparty_iban: string | null
  identity_key: string
  allocated_minor: string
  possible_duplicate_of: string | null
  note: string | null
  created_at: Date
  updated_at: Date
}

export function transactionOf(record: object): TransactionRow {
  const row = record as TransactionRecord
  return {
    id: idOf('txn', row.id),
    accountId: idOf('acc', row.account_id),
    accountName: row.account_name,
    bankId: idOrNull('bank', row.connection_id)!,
    bankName: row.bank_name,
    externalId: row.external_id,
    source: row.source,
    direction: row.direction,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    status: row.status,
    matchStatus: row.match_status,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    bookedAt: row.booked_at,
    reference: row.reference,
    description: row.description,
    counterpartyName: row.counterparty_name,
    counterpartyIban: row.counterparty_iban,
    identityKey: row.identity_key,
    allocatedMinor: BigInt(row.allocated_minor),
    possibleDuplicateOf: idOrNull('txn', row.possible_duplicate_of),
    note: row.note,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
