import { type Id, idOf, uuidOf } from '../base/ids.ts'
import { type Money, formatAmount, parseAmount } from '../base/money.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import type { BalanceCheck, CsvMapping, StatementFormat } from '../statements/index.ts'
import type { OwnAccount } from './find-account.ts'

export interface ImportRow {
  id: Id<'imp'>
  connectionId: Id<'bank'>
  format: StatementFormat
  accounts: number
  entries: number
  created: number
  duplicates: number
  balanceCheck: BalanceCheck
  balanceDifference: Money | null
  mapping: CsvMapping | null
  rejected: { line: number; reason: string }[]
  createdAt: Date
  updatedAt: Date
}

export async function insertImport(tx: TenantTx, row: Omit<ImportRow, 'createdAt' | 'updatedAt'>): Promise<ImportRow> {
  const { balanceDifference: difference } = row
  await tx.run(
    `insert into imports (tenant_id, id, connection_id, format, accounts, entries, created, duplicates, balance_check, balance_difference,
       balance_currency, mapping, rejected)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      tx.tenantUuid,
      uuidOf(row.id),
      uuidOf(row.connectionId),
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
    ],
  )
  return (await getImport(tx, row.id))!
}

export async function getImport(tx: TenantTx, id: Id<'imp'>): Promise<ImportRow | undefined> {
  const row = await tx.first<ImportRecord>(
    `select id, connection_id, format, accounts, entries, created, duplicates, balance_check, balance_difference, balance_currency, mapping,
            rejected, created_at, updated_at
       from imports where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return (
    row && {
      id: idOf('imp', row.id),
      connectionId: idOf('bank', row.connection_id),
      format: row.format,
      accounts: row.accounts,
      entries: row.entries,
      created: row.created,
      duplicates: row.duplicates,
      balanceCheck: row.balance_check,
      balanceDifference:
        row.balance_difference === null || row.balance_currency === null
          ? null
          : { amountMinor: parseAmount(row.balance_difference, row.balance_currency), currency: row.balance_currency },
      mapping: row.mapping,
      rejected: row.rejected,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  )
}

interface ImportRecord {
  id: string
  connection_id: string
  format: StatementFormat
  accounts: number
  entries: number
  created: number
  duplicates: number
  balance_check: BalanceCheck
  balance_difference: string | null
  balance_currency: string | null
  mapping: CsvMapping | null
  rejected: ImportRow['rejected']
  created_at: Date
  updated_at: Date
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
