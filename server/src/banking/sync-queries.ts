import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'

export interface SyncRow {
  id: Id<'sync'>
  connectionId: Id<'bank'>
  status: 'queued' | 'running' | 'done' | 'failed'
  startedAt: Date | null
  finishedAt: Date | null
  created: number
  updated: number
  error: string | null
  createdAt: Date
  updatedAt: Date
}

export const SYNC_COLUMNS =
  's.id, s.connection_id, s.status, s.started_at, s.finished_at, s.created, s.updated, s.error, s.created_at, s.updated_at'

export async function insertSync(tx: TenantTx, id: Id<'sync'>, connectionId: Id<'bank'>): Promise<void> {
  await tx.run('insert into bank_syncs (tenant_id, id, connection_id) values ($1, $2, $3)', [
    tx.tenantUuid,
    uuidOf(id),
    uuidOf(connectionId),
  ])
}

export async function getSync(tx: TenantTx, id: Id<'sync'>): Promise<SyncRow | undefined> {
  const row = await tx.first<object>(`select ${SYNC_COLUMNS} from bank_syncs s where s.tenant_id = $1 and s.id = $2`, [
    tx.tenantUuid,
    uuidOf(id),
  ])
  return row && syncOf(row)
}

/** A sync of the connection that has not ended, if any: asking twice does not read twice. */
export async function findOpenSync(tx: TenantTx, connectionId: Id<'bank'>): Promise<SyncRow | undefined> {
  const row = await tx.first<object>(
    `select ${SYNC_COLUMNS} from bank_syncs s where s.tenant_id = $1 and s.connection_id = $2 and s.status = 'queued' order by s.id limit 1`,
    [tx.tenantUuid, uuidOf(connectionId)],
  )
  return row && syncOf(row)
}

/** Syncs that a crash left running: the queue lets one work on a connection at a time, so whoever begins one knows. */
export async function failInterrupted(tx: TenantTx, connectionId: Id<'bank'>): Promise<void> {
  await tx.run(
    `update bank_syncs set status = 'failed', error = 'interrupted', finished_at = now(), updated_at = now()
      where tenant_id = $1 and connection_id = $2 and status = 'running'`,
    [tx.tenantUuid, uuidOf(connectionId)],
  )
}

/** Error of a sync that read nothing, since the calls a bank allows a day are used up. */
export const DAILY_LIMIT = 'daily_limit'

/** How many syncs of the connection have failed in a row at the provider. */
export async function countFailures(tx: TenantTx, connectionId: Id<'bank'>): Promise<number> {
  const row = await tx.one<{ count: number }>(
    `select count(*)::int as count from bank_syncs s where s.tenant_id = $1 and s.connection_id = $2 and s.status = 'failed' and s.error <> $3
        and s.id > coalesce((select max(d.id::text)::uuid from bank_syncs d
                              where d.tenant_id = $1 and d.connection_id = $2 and d.status = 'done'), '00000000-0000-0000-0000-000000000000')`,
    [tx.tenantUuid, uuidOf(connectionId), DAILY_LIMIT],
  )
  return row.count
}

export async function startSync(tx: TenantTx, id: Id<'sync'>): Promise<void> {
  await tx.run(
    "update bank_syncs set status = 'running', started_at = coalesce(started_at, now()), updated_at = now() where tenant_id = $1 and id = $2",
    [tx.tenantUuid, uuidOf(id)],
  )
}

export async function finishSync(
  tx: TenantTx,
  id: Id<'sync'>,
  result: { status: 'done' | 'failed'; created: number; updated: number; error: string | null },
): Promise<void> {
  await tx.run(
    `update bank_syncs set status = $3, finished_at = now(), created = created + $4, updated = updated + $5, error = $6, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), result.status, result.created, result.updated, result.error],
  )
}

export function syncOf(record: object): SyncRow {
  const row = record as {
    id: string
    connection_id: string
    status: SyncRow['status']
    started_at: Date | null
    finished_at: Date | null
    created: number
    updated: number
    error: string | null
    created_at: Date
    updated_at: Date
  }
  return {
    id: idOf('sync', row.id),
    connectionId: idOf('bank', row.connection_id),
    status: row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    created: row.created,
    updated: row.updated,
    error: row.error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export type CallScope = 'transactions' | 'balances' | 'details'

/** Calls that a bank behind GoCardless allows a day, per account and kind; one is kept for a person who asks. */
const CALLS_A_DAY = { scheduled: 3, asked: 4 }

/** Spends one call of the account's daily allowance, before the call is made: a crash loses a call, never exceeds the bank's
 *  limit. Returns null, or how long until the next one is allowed. Quotas are the provider's and never scaled. */
export async function spendCall(
  tx: TenantTx,
  accountId: Id<'acc'>,
  scope: CallScope,
  by: 'scheduled' | 'asked',
): Promise<number | null> {
  await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`bank-calls:${accountId}:${scope}`])
  const row = await tx.one<{ used: string; wait_ms: string | null; blocked_ms: string | null }>(
    `select count(*) filter (where blocked_until is null) as used,
            extract(epoch from min(at) filter (where blocked_until is null) + interval '24 hours' - now()) * 1000 as wait_ms,
            extract(epoch from max(blocked_until) - now()) * 1000 as blocked_ms
       from bank_calls where tenant_id = $1 and account_id = $2 and scope = $3
        and (at > now() - interval '24 hours' or blocked_until > now())`,
    [tx.tenantUuid, uuidOf(accountId), scope],
  )
  const blockedMs = wholeMs(row.blocked_ms)
  if (blockedMs > 0) return blockedMs
  if (Number.parseInt(row.used, 10) >= CALLS_A_DAY[by]) return Math.max(1_000, wholeMs(row.wait_ms))
  await tx.run('insert into bank_calls (tenant_id, account_id, scope) values ($1, $2, $3)', [
    tx.tenantUuid,
    uuidOf(accountId),
    scope,
  ])
  return null
}

/** Gives the call back that was spent last: the provider refused it, and refused calls do not count at the bank. */
export async function refundCall(tx: TenantTx, accountId: Id<'acc'>, scope: CallScope): Promise<void> {
  await tx.run(
    `delete from bank_calls where ctid = (select ctid from bank_calls
        where tenant_id = $1 and account_id = $2 and scope = $3 and blocked_until is null order by at desc limit 1)
      and tenant_id = $1`,
    [tx.tenantUuid, uuidOf(accountId), scope],
  )
}

/** The bank said when it may be asked again. */
export async function blockCalls(tx: TenantTx, accountId: Id<'acc'>, scope: CallScope, until: Date): Promise<void> {
  await tx.run('insert into bank_calls (tenant_id, account_id, scope, blocked_until) values ($1, $2, $3, $4)', [
    tx.tenantUuid,
    uuidOf(accountId),
    scope,
    until,
  ])
}

const wholeMs = (text: string | null): number => (text === null ? 0 : Math.ceil(Number(text)))
