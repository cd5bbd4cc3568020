import { type Id, idOf, uuidOf } from '../base/ids.ts'
import { type Money, formatAmount, parseAmount } from '../base/money.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import type { BalanceCheck, CsvMapping, StatementFormat } from '../statements/index.ts'
import type { OwnAccount } from './find-account.ts'

export type ImportStatus = 'queued' | 'running' | 'done' | 'failed'

export interface ImportRow {
  id: Id<'imp'>
  connectionId: Id<'bank'>
  status: ImportStatus
  /** `unknown` until the file was read. */
  format: StatementFormat | 'unknown'
  accounts: number
  entries: number
  /** Entries taken in so far. */
  recorded: number
  created: number
  duplicates: number
  balanceCheck: BalanceCheck
  balanceDifference: Money | null
  mapping: CsvMapping | null
  rejected: { line: number; reason: string }[]
  /** Why it failed, in words for people. */
  error: string | null
  createdAt: Date
  updatedAt: Date
}

/** What a file turned out to hold, and what became of it. */
export type ImportResult = Omit<
  ImportRow,
  'id' | 'connectionId' | 'status' | 'recorded' | 'error' | 'createdAt' | 'updatedAt'
>

export const IMPORT_COLUMNS = `p.id, p.connection_id, p.status, p.format, p.accounts, p.entries, coalesce(p.recorded, p.entries) as recorded, p.created,
  p.duplicates, p.balance_check, p.balance_difference, p.balance_currency, p.mapping, p.rejected, p.error, p.created_at, p.updated_at`

/** An import that is done. */
export async function insertImport(
  tx: TenantTx,
  { id, connectionId }: Pick<ImportRow, 'id' | 'connectionId'>,
  result: ImportResult,
): Promise<ImportRow> {
  await tx.run(
    `insert into imports (tenant_id, id, connection_id, format, accounts, entries, created, duplicates, balance_check, balance_difference,
       balance_currency, mapping, rejected)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [tx.tenantUuid, uuidOf(id), uuidOf(connectionId), ...valuesOf(result)],
  )
  return (await getImport(tx, id))!
}

/** An import that waits to be read: nothing is known of it yet. */
export async function insertQueued(
  tx: TenantTx,
  { id, connectionId }: Pick<ImportRow, 'id' | 'connectionId'>,
): Promise<ImportRow> {
  await tx.run(
    `insert into imports (tenant_id, id, connection_id, status, format, accounts, entries, recorded, created, duplicates, balance_check)
     values ($1, $2, $3, 'queued', 'unknown', 0, 0, 0, 0, 0, 'unknown')`,
    [tx.tenantUuid, uuidOf(id), uuidOf(connectionId)],
  )
  return (await getImport(tx, id))!
}

/** How far an import is that runs. */
export async function noteProgress(
  tx: TenantTx,
  id: Id<'imp'>,
  far: Pick<ImportRow, 'entries' | 'recorded' | 'created'>,
): Promise<void> {
  await tx.run(
    `update imports set status = 'running', entries = $3, recorded = $4, created = $5, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), far.entries, far.recorded, far.created],
  )
}

/** The end of an import that waited. */
export async function finishImport(tx: TenantTx, id: Id<'imp'>, result: ImportResult): Promise<ImportRow> {
  await tx.run(
    `update imports set status = 'done', recorded = null, format = $3, accounts = $4, entries = $5, created = $6, duplicates = $7,
       balance_check = $8, balance_difference = $9, balance_currency = $10, mapping = $11, rejected = $12, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), ...valuesOf(result)],
  )
  return (await getImport(tx, id))!
}

export async function failImport(tx: TenantTx, id: Id<'imp'>, error: string): Promise<void> {
  await tx.run(
    `update imports set status = 'failed', error = $3, updated_at = now() where tenant_id = $1 and id = $2 and status <> 'done'`,
    [tx.tenantUuid, uuidOf(id), error],
  )
}

function valuesOf(row: ImportResult): unknown[] {
  const { balanceDifference: difference } = row
  return [
    row.format,
    row.accounts,
    row.entries,
    row.created,
    row.duplicates,
    row.balanceCheck,
    difference && formatAmount(difference.amountMinor, difference.currency),
    difference?.currency ?? null,
    row.mapping && JSON.stringify(row.mapping),
    JSON.stringify(row.rejected),
  ]
}

export async function getImport(tx: TenantTx, id: Id<'imp'>): Promise<ImportRow | undefined> {
  const row = await tx.first<object>(`select ${IMPORT_COLUMNS} from imports p where p.tenant_id = $1 and p.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && importOf(row)
}

interface ImportRecord {
  id: string
  connection_id: string
  status: ImportStatus
  format: ImportRow['format']
  accounts: number
  entries: number
  recorded: number
  created: number
  duplicates: number
  balance_check: BalanceCheck
  balance_difference: string | null
  balance_currency: string | null
  mapping: CsvMapping | null
  rejected: ImportRow['rejected']
  error: string | null
  created_at: Date
  updated_at: Date
}

export function importOf(record: object): ImportRow {
  const row = record as ImportRecord
  return {
    id: idOf('imp', row.id),
    connectionId: idOf('bank', row.connection_id),
    status: row.status,
    format: row.format,
    accounts: row.accounts,
    entries: row.entries,
    recorded: row.recorded,
    created: row.created,
    duplicates: row.duplicates,
    balanceCheck: row.balance_check,
    balanceDifference:
      row.balance_difference === null || row.balance_currency === null
        ? null
        : { amountMinor: parseAmount(row.balance_difference, row.balance_currency), currency: row.balance_currency },
    mapping: row.mapping,
    rejected: row.rejected,
    error: row.error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** The accounts of a connection with the whole numbers they are known by, to compare with those a file names. */
export async function listOwnAccounts(tx: TenantTx, vault: Vault, connectionId: Id<'bank'>): Promise<OwnAccount[]> {
  const rows = await tx.many<{
    id: string
    name: string
    currency: string
    identity: string
    sealed_iban: Buffer | null
  }>(
    'select id, name, currency, identity, sealed_iban from accounts where tenant_id = $1 and connection_id = $2 order by id',
    [tx.tenantUuid, uuidOf(connectionId)],
  )
  const accounts: OwnAccount[] = []
  for (const row of rows) {
    const id = idOf('acc', row.id)
    const place = { table: 'accounts', column: 'sealed_iban', rowId: id }
    const iban = row.sealed_iban && (await vault.open(tx, place, row.sealed_iban)).reveal()
    accounts.push({ id, name: row.name, currency: row.currency, identity: row.identity, iban })
  }
  return accounts
}

export interface RememberedMapping {
  mapping: CsvMapping
  /** A person said so; otherwise it is what was recognised last time. */
  given: boolean
}

export async function recallMapping(tx: TenantTx, accountId: Id<'acc'>): Promise<RememberedMapping | undefined> {
  const row = await tx.one<{ csv_mapping: CsvMapping | null; csv_mapping_given: boolean }>(
    'select csv_mapping, csv_mapping_given from accounts where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(accountId)],
  )
  return row.csv_mapping ? { mapping: row.csv_mapping, given: row.csv_mapping_given } : undefined
}

/** What a person said is replaced only by what a person says. */
export async function rememberMapping(
  tx: TenantTx,
  accountId: Id<'acc'>,
  mapping: CsvMapping,
  given: boolean,
): Promise<void> {
  await tx.run(
    `update accounts set csv_mapping = $3, csv_mapping_given = $4, updated_at = now()
      where tenant_id = $1 and id = $2 and ($4 or not csv_mapping_given)`,
    [tx.tenantUuid, uuidOf(accountId), JSON.stringify(mapping), given],
  )
}
