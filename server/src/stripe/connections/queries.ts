import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

export type ConnectionKind = 'connect_oauth' | 'restricted_key'
export type ConnectionStatus = 'pending' | 'active' | 'error' | 'disconnected'

/** A Stripe account of the tenant, in one mode. `pending` while the merchant is at Stripe; `error` while we cannot read it, or when
 *  connecting failed (then there is no account); `disconnected` for good, until the same account is connected again. */
export interface ConnectionRow {
  id: Id<'strc'>
  kind: ConnectionKind
  accountId: string | null
  accountName: string | null
  country: string | null
  defaultCurrency: string | null
  livemode: boolean
  /** As granted. */
  scope: string | null
  status: ConnectionStatus
  errorCode: string | null
  errorMessage: string | null
  sealedApiKey: Buffer | null
  sealedWebhookSecret: Buffer | null
  missingPermissions: string[]
  connectedAt: Date | null
  disconnectedAt: Date | null
  /** `asked`, `deauthorised` (asked, and Stripe knows), `by_stripe`, `continued` (another row has the account). */
  disconnectReason: string | null
  lastSyncAt: Date | null
  nextSyncAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const CONNECTION_COLUMNS = `c.id, c.kind, c.account_id, c.account_name, c.country, c.default_currency, c.livemode, c.scope, c.status,
  c.error_code, c.error_message, c.sealed_api_key, c.sealed_webhook_secret, c.missing_permissions, c.connected_at, c.disconnected_at,
  c.disconnect_reason, c.last_sync_at, c.next_sync_at, c.created_at, c.updated_at`

/** What tells one account and mode from another. */
export const accountKey = (accountId: string, livemode: boolean): string => `${accountId}|${livemode ? 'live' : 'test'}`

/** The index that lets an account belong to one tenant at a time. */
export const ONE_TENANT = 'stripe_connections_account'

export async function getConnection(tx: TenantTx, id: Id<'strc'>): Promise<ConnectionRow | undefined> {
  const row = await tx.first<object>(
    `select ${CONNECTION_COLUMNS} from stripe_connections c where c.tenant_id = $1 and c.id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && connectionOf(row)
}

export async function lockConnection(tx: TenantTx, id: Id<'strc'>): Promise<ConnectionRow | undefined> {
  const row = await tx.first<object>(
    `select ${CONNECTION_COLUMNS} from stripe_connections c where c.tenant_id = $1 and c.id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && connectionOf(row)
}

/** The tenant's connection that has or had the account; the one in use before those that ended. */
export async function lockByAccount(
  tx: TenantTx,
  accountId: string,
  livemode: boolean,
): Promise<ConnectionRow | undefined> {
  const row = await tx.first<object>(
    `select ${CONNECTION_COLUMNS} from stripe_connections c where c.tenant_id = $1 and c.account = $2
      order by c.status in ('active', 'error') desc, c.id desc limit 1 for no key update`,
    [tx.tenantUuid, accountKey(accountId, livemode)],
  )
  return row && connectionOf(row)
}

/** Connections that still stand, whatever their state. */
export async function listConnected(tx: TenantTx): Promise<Id<'strc'>[]> {
  const rows = await tx.many<{ id: string }>(
    "select id from stripe_connections where tenant_id = $1 and status <> 'disconnected' order by id",
    [tx.tenantUuid],
  )
  return rows.map((row) => idOf('strc', row.id))
}

export interface FoundConnection {
  tenantId: TenantId
  id: Id<'strc'>
  kind: ConnectionKind
  status: ConnectionStatus
}

/** All connections of an account in one mode, over all tenants that are active; at most one of them is `active` or `error`. */
export async function findConnections(tx: Tx, accountId: string, livemode: boolean): Promise<FoundConnection[]> {
  const rows = await tx.many<{ tenant_id: string; id: string; kind: ConnectionKind; status: ConnectionStatus }>(
    `select c.tenant_id, c.id, c.kind, c.status from stripe_connections c
       join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where c.account_id = $1 and c.livemode = $2 order by c.id`,
    [accountId, livemode],
  )
  return rows.map((row) => ({ ...row, tenantId: idOf('ten', row.tenant_id), id: idOf('strc', row.id) }))
}

/** Whether anybody, in an active tenant or not, has the account connected. */
export async function isConnectedAnywhere(tx: Tx, accountId: string, livemode: boolean): Promise<boolean> {
  const row = await tx.first(
    "select 1 from stripe_connections where account_id = $1 and livemode = $2 and status in ('active', 'error') limit 1",
    [accountId, livemode],
  )
  return row !== undefined
}

/** The mode the tenant lives in. */
export async function isLive(tx: TenantTx): Promise<boolean> {
  const row = await tx.one<{ environment: string }>('select environment from tenants where tenant_id = $1', [
    tx.tenantUuid,
  ])
  return row.environment === 'live'
}

interface ConnectionRecord {
  id: string
  kind: ConnectionKind
  account_id: string | null
  account_name: string | null
  country: string | null
  default_currency: string | null
  livemode: boolean
  scope: string | null
  status: ConnectionStatus
  error_code: string | null
  error_message: string | null
  sealed_api_key: Buffer | null
  sealed_webhook_secret: Buffer | null
  missing_permissions: string[]
  connected_at: Date | null
  disconnected_at: Date | null
  disconnect_reason: string | null
  last_sync_at: Date | null
  next_sync_at: Date | null
  created_at: Date
  updated_at: Date
}

export function connectionOf(record: object): ConnectionRow {
  const row = record as ConnectionRecord
  return {
    id: idOf('strc', row.id),
    kind: row.kind,
    accountId: row.account_id,
    accountName: row.account_name,
    country: row.country,
    defaultCurrency: row.default_currency,
    livemode: row.livemode,
    scope: row.scope,
    status: row.status,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    sealedApiKey: row.sealed_api_key,
    sealedWebhookSecret: row.sealed_webhook_secret,
    missingPermissions: row.missing_permissions,
    connectedAt: row.connected_at,
    disconnectedAt: row.disconnected_at,
    disconnectReason: row.disconnect_reason,
    lastSyncAt: row.last_sync_at,
    nextSyncAt: row.next_sync_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
