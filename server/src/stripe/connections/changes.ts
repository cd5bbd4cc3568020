import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { accountKey, type ConnectionKind } from './queries.ts'

/** What went wrong with a connection: a stable word, and a sentence that says what to do. */
export interface Fault {
  code: string
  message: string
}

export async function insertConnection(
  tx: TenantTx,
  row: { id: Id<'strc'>; kind: ConnectionKind; livemode: boolean; backfillDays: number | undefined },
): Promise<void> {
  await tx.run(
    'insert into stripe_connections (tenant_id, id, kind, livemode, backfill_days) values ($1, $2, $3, $4, $5)',
    [tx.tenantUuid, uuidOf(row.id), row.kind, row.livemode, row.backfillDays ?? null],
  )
}

/** What an account says of itself. */
export interface AccountFacts {
  name: string | null
  country: string | null
  defaultCurrency: string | null
}

/** The account is connected from now on, and due to be read. Secrets of an earlier kind go. */
export async function setConnected(
  tx: TenantTx,
  id: Id<'strc'>,
  to: {
    kind: ConnectionKind
    accountId: string
    livemode: boolean
    scope: string | null
    facts: AccountFacts
    sealedApiKey: Buffer | null
    sealedWebhookSecret: Buffer | null
    missingPermissions: string[]
  },
): Promise<void> {
  await tx.run(
    `update stripe_connections set kind = $3, account_id = $4, account = $5, livemode = $6, scope = $7,
       account_name = coalesce($8, account_name), country = coalesce($9, country), default_currency = coalesce($10, default_currency),
       sealed_api_key = $11, sealed_webhook_secret = $12, missing_permissions = $13, status = 'active', error_code = null,
       error_message = null, connected_at = now(), disconnected_at = null, disconnect_reason = null, next_sync_at = now(), updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      to.kind,
      to.accountId,
      accountKey(to.accountId, to.livemode),
      to.livemode,
      to.scope,
      to.facts.name,
      to.facts.country,
      to.facts.defaultCurrency,
      to.sealedApiKey,
      to.sealedWebhookSecret,
      to.missingPermissions,
    ],
  )
}

/** What was not known when the account was connected. */
export async function setFacts(tx: TenantTx, id: Id<'strc'>, facts: AccountFacts): Promise<void> {
  await tx.run(
    `update stripe_connections set account_name = $3, country = $4, default_currency = $5, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), facts.name, facts.country, facts.defaultCurrency],
  )
}

/** Null: it can be read again, and is due. */
export async function setFault(
  tx: TenantTx,
  id: Id<'strc'>,
  fault: Fault | null,
  more: { stopReading?: boolean } = {},
): Promise<void> {
  await tx.run(
    `update stripe_connections set status = $3, error_code = $4, error_message = $5,
       next_sync_at = case when $6 then null when $3 = 'active' then coalesce(next_sync_at, now()) else next_sync_at end,
       updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      fault ? 'error' : 'active',
      fault?.code ?? null,
      fault?.message ?? null,
      more.stopReading ?? false,
    ],
  )
}

/** Reads wait so long at least, by the database's clock. Where none is due none becomes due. */
export async function waitWithReading(tx: TenantTx, id: Id<'strc'>, waitMs: number): Promise<void> {
  await tx.run(
    `update stripe_connections set next_sync_at = greatest(next_sync_at, now() + $3 * interval '1 millisecond')
      where tenant_id = $1 and id = $2 and next_sync_at is not null`,
    [tx.tenantUuid, uuidOf(id), waitMs],
  )
}

/** Ended, its secrets forgotten, nothing due. */
export async function setDisconnected(tx: TenantTx, id: Id<'strc'>, reason: string, fault?: Fault): Promise<void> {
  await tx.run(
    `update stripe_connections set status = 'disconnected', disconnected_at = now(), disconnect_reason = $3, error_code = $4,
       error_message = $5, sealed_api_key = null, sealed_webhook_secret = null, next_sync_at = null, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), reason, fault?.code ?? null, fault?.message ?? null],
  )
}

/** Stripe knows that it has ended. */
export async function noteDeauthorised(tx: TenantTx, id: Id<'strc'>): Promise<void> {
  await tx.run(
    `update stripe_connections set disconnect_reason = 'deauthorised', updated_at = now()
      where tenant_id = $1 and id = $2 and status = 'disconnected' and disconnect_reason = 'asked'`,
    [tx.tenantUuid, uuidOf(id)],
  )
}

/** Writes what is named of a restricted key's connection and leaves the rest. */
export async function setKey(
  tx: TenantTx,
  id: Id<'strc'>,
  change: {
    accountName?: string
    sealedApiKey?: Buffer
    missingPermissions?: string[]
    sealedWebhookSecret?: Buffer | null
  },
): Promise<void> {
  await tx.run(
    `update stripe_connections set sealed_api_key = coalesce($3, sealed_api_key), missing_permissions = coalesce($4, missing_permissions),
       account_name = coalesce($7, account_name),
       sealed_webhook_secret = case when $5 then $6 else sealed_webhook_secret end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [
      tx.tenantUuid,
      uuidOf(id),
      change.sealedApiKey ?? null,
      change.missingPermissions ?? null,
      change.sealedWebhookSecret !== undefined,
      change.sealedWebhookSecret ?? null,
      change.accountName ?? null,
    ],
  )
}

/** Calls made at Stripe for this connection today (UTC), besides those counted already. */
export async function addReads(tx: TenantTx, id: Id<'strc'>, reads: number): Promise<void> {
  if (reads === 0) return
  await tx.run(
    `insert into stripe_reads as r (tenant_id, connection_id, day, reads) values ($1, $2, (now() at time zone 'UTC')::date, $3)
     on conflict (tenant_id, connection_id, day) do update set reads = r.reads + excluded.reads`,
    [tx.tenantUuid, uuidOf(id), reads],
  )
}
