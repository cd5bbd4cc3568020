import { type Id, idOf, type TenantId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'

export type ConnectionStatus = 'pending' | 'active' | 'expiring' | 'expired' | 'error' | 'revoked'

export interface ConnectionRow {
  id: Id<'bank'>
  provider: 'gocardless' | 'file'
  name: string
  institutionId: string | null
  bankName: string
  status: ConnectionStatus
  syncEnabled: boolean
  consentExpiresAt: Date | null
  lastSyncAt: Date | null
  nextSyncAt: Date | null
  /** Set until the history of a new consent has been read once. */
  readFrom: string | null
  errorCode: string | null
  errorMessage: string | null
  accounts: { id: Id<'acc'>; name: string; currency: string; ibanLast4: string | null }[]
  createdAt: Date
  updatedAt: Date
}

export const CONNECTION_COLUMNS = `c.id, c.provider, c.name, c.institution_id, c.bank_name, c.status, c.sync_enabled, c.consent_expires_at,
  c.last_sync_at, c.next_sync_at, c.read_from::text as read_from, c.error_code, c.error_message, c.created_at, c.updated_at,
  (select json_agg(json_build_object('id', a.id, 'name', a.name, 'currency', a.currency, 'iban_last4', a.iban_last4) order by a.id)
     from accounts a where a.tenant_id = c.tenant_id and a.connection_id = c.id) as accounts`

export async function getConnection(tx: TenantTx, id: Id<'bank'>): Promise<ConnectionRow | undefined> {
  const row = await tx.first<object>(
    `select ${CONNECTION_COLUMNS} from bank_connections c where c.tenant_id = $1 and c.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && connectionOf(row)
}

export async function lockConnection(tx: TenantTx, id: Id<'bank'>): Promise<ConnectionRow | undefined> {
  const locked = await tx.first<object>(
    'select id from bank_connections where tenant_id = $1 and id = $2 for no key update',
    [tx.tenantUuid, uuidOf(id)],
  )
  return locked && getConnection(tx, id)
}

export async function insertConnection(
  tx: TenantTx,
  row: Pick<ConnectionRow, 'id' | 'provider' | 'name' | 'institutionId' | 'bankName' | 'status'>,
): Promise<void> {
  await tx.run(
    `insert into bank_connections (tenant_id, id, provider, name, institution_id, bank_name, status) values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.tenantUuid, uuidOf(row.id), row.provider, row.name, row.institutionId, row.bankName, row.status],
  )
}

/** Writes what is named and leaves the rest. */
export async function setConnection(
  tx: TenantTx,
  id: Id<'bank'>,
  change: {
    status?: ConnectionStatus
    name?: string
    syncEnabled?: boolean
    consentExpiresAt?: Date
    readFrom?: string
    error?: { code: string; message: string } | null
  },
): Promise<void> {
  await tx.run(
    `update bank_connections set status = coalesce($3, status), name = coalesce($4, name), sync_enabled = coalesce($5, sync_enabled),
       consent_expires_at = coalesce($6, consent_expires_at), read_from = coalesce($10, read_from),
       error_code = case when $7 then $8 else error_code end, error_message = case when $7 then $9 else error_message end,
       updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      change.status ?? null,
      change.name ?? null,
      change.syncEnabled ?? null,
      change.consentExpiresAt ?? null,
      change.error !== undefined,
      change.error?.code ?? null,
      change.error?.message ?? null,
      change.readFrom ?? null,
    ],
  )
}

/** A new consent names its accounts anew; those it leaves out are kept with their history and read no more. */
export async function forgetProviderIds(tx: TenantTx, id: Id<'bank'>, except: string[]): Promise<void> {
  await tx.run(
    `update accounts set provider_account_id = null, updated_at = now()
      where tenant_id = $1 and connection_id = $2 and provider_account_id <> all($3::text[])`,
    [tx.tenantUuid, uuidOf(id), except],
  )
}

/** Connections that still stand, whatever their state. */
export async function listUnrevoked(tx: TenantTx): Promise<Id<'bank'>[]> {
  const rows = await tx.many<{ id: string }>(
    "select id from bank_connections where tenant_id = $1 and status <> 'revoked' order by id",
    [tx.tenantUuid],
  )
  return rows.map((row) => idOf('bank', row.id))
}

/** Consents that have ended or end within the time, over all tenants. */
export async function listEndingConnections(
  tx: Tx,
  withinMs: number,
  limit: number,
): Promise<{ tenantId: TenantId; id: Id<'bank'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from bank_connections c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where (c.status = 'active' and c.consent_expires_at <= now() + $1 * interval '1 millisecond')
         or (c.status in ('expiring', 'error') and c.consent_expires_at <= now())
      order by c.consent_expires_at limit $2`,
    [withinMs, limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('bank', row.id) }))
}

/** When the connection is read next, counted by the database's clock; null: not by itself. */
export async function setNextSync(tx: TenantTx, id: Id<'bank'>, inMs: number | null, synced: boolean): Promise<void> {
  await tx.run(
    `update bank_connections set next_sync_at = now() + $3 * interval '1 millisecond',
       last_sync_at = case when $4 then now() else last_sync_at end,
       read_from = case when $4 then null else read_from end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), inMs, synced],
  )
}

/** Connections due for a read, over all tenants. */
export async function listDueConnections(tx: Tx, limit: number): Promise<{ tenantId: TenantId; id: Id<'bank'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from bank_connections c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where c.next_sync_at <= now() and c.sync_enabled and c.status in ('active', 'expiring', 'error')
      order by c.next_sync_at limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('bank', row.id) }))
}

interface ConnectionRecord {
  id: string
  provider: ConnectionRow['provider']
  name: string
  institution_id: string | null
  bank_name: string
  status: ConnectionStatus
  sync_enabled: boolean
  consent_expires_at: Date | null
  last_sync_at: Date | null
  next_sync_at: Date | null
  read_from: string | null
  error_code: string | null
  error_message: string | null
  accounts: { id: string; name: string; currency: string; iban_last4: string | null }[] | null
  created_at: Date
  updated_at: Date
}

export function connectionOf(record: object): ConnectionRow {
  const row = record as ConnectionRecord
  return {
    id: idOf('bank', row.id),
    provider: row.provider,
    name: row.name,
    institutionId: row.institution_id,
    bankName: row.bank_name,
    status: row.status,
    syncEnabled: row.sync_enabled,
    consentExpiresAt: row.consent_expires_at,
    lastSyncAt: row.last_sync_at,
    nextSyncAt: row.next_sync_at,
    readFrom: row.read_from,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    accounts: (row.accounts ?? []).map((account) => ({
      id: idOf('acc', account.id),
      name: account.name,
      currency: account.currency,
      ibanLast4: account.iban_last4,
    })),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
