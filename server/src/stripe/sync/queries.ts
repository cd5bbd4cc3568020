import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'

/** What a sync begins with. */
export interface SyncStart {
  kind: 'connect_oauth' | 'restricted_key'
  livemode: boolean
  /** The night's pass was not made yet. */
  deepDue: boolean
}

/** Nobody else reads the connection meanwhile; a process that died lets it go after this. */
export const LEASE_MS = 15 * 60_000

/** The night begins at two by UTC, when little moves. */
const NIGHT = `date_trunc('day', now() at time zone 'UTC') + interval '2 hours'`

/** Takes the connection for one sync, by the database's clock. `busy`: another one has it, and it is due again when that must have
 *  ended; `off`: it is not connected. */
export async function takeSync(tx: TenantTx, id: Id<'strc'>): Promise<SyncStart | 'busy' | 'off'> {
  const row = await tx.first<{
    kind: SyncStart['kind']
    livemode: boolean
    callable: boolean
    busy: boolean
    deep_due: boolean
  }>(
    `select c.kind, c.livemode, c.status in ('active', 'error') and c.account_id is not null as callable,
        coalesce(c.sync_until > now(), false) as busy,
        now() at time zone 'UTC' >= ${NIGHT} and coalesce(c.deep_at, c.connected_at, c.created_at) at time zone 'UTC' < ${NIGHT} as deep_due
       from stripe_connections c where c.tenant_id = $1 and c.id = $2 for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  if (!row?.callable) return 'off'
  if (row.busy) {
    await tx.run(
      'update stripe_connections set next_sync_at = least(next_sync_at, sync_until) where tenant_id = $1 and id = $2',
      [tx.tenantUuid, uuidOf(id)],
    )
    return 'busy'
  }
  await tx.run(
    "update stripe_connections set sync_until = now() + $3 * interval '1 millisecond' where tenant_id = $1 and id = $2",
    [tx.tenantUuid, uuidOf(id), LEASE_MS],
  )
  return { kind: row.kind, livemode: row.livemode, deepDue: row.deep_due }
}

/** How a sync ended. */
export interface SyncEnd {
  nextMs: number | null
  synced: boolean
  /** Whether anything new was found; null where that is not known. */
  found: boolean | null
  deep: boolean
}

export async function endSync(tx: TenantTx, id: Id<'strc'>, end: SyncEnd): Promise<void> {
  await tx.run(
    `update stripe_connections set sync_until = null,
       next_sync_at = case when status in ('active', 'error') and $3::float8 is not null then now() + $3 * interval '1 millisecond' end,
       last_sync_at = case when $4 then now() else last_sync_at end,
       quiet_syncs = case when $5::boolean is null then quiet_syncs when $5 then 0 else least(quiet_syncs + 1, 100000) end,
       deep_at = case when $6 then now() else deep_at end, updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), end.nextMs, end.synced, end.found, end.deep],
  )
}

/** Lets the connection go without a word: what happened says nothing about it. */
export async function dropSync(tx: TenantTx, id: Id<'strc'>): Promise<void> {
  await tx.run('update stripe_connections set sync_until = null where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(id),
  ])
}

/** What the time of the next sync depends on. */
export interface Habits {
  quietSyncs: number
  /** Stripe has sent an event within the day. */
  events: boolean
  /** Since the last sync that ended well; null when there was none. */
  sinceSyncMs: number | null
}

export async function getHabits(tx: TenantTx, id: Id<'strc'>): Promise<Habits> {
  const row = await tx.one<{ quiet_syncs: number; events: boolean; since_ms: number | null }>(
    `select quiet_syncs, coalesce(webhook_at > now() - interval '1 day', false) as events,
       (extract(epoch from now() - last_sync_at) * 1000)::float8 as since_ms
       from stripe_connections where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return { quietSyncs: row.quiet_syncs, events: row.events, sinceSyncMs: row.since_ms }
}

/** Connections whose reading is due, over all tenants. */
export async function listDue(tx: Tx, limit: number): Promise<{ tenantId: TenantId; id: Id<'strc'> }[]> {
  const rows = await tx.many<{ tenant_id: string; id: string }>(
    `select c.tenant_id, c.id from stripe_connections c join tenants t on t.tenant_id = c.tenant_id and t.status = 'active'
      where c.next_sync_at <= now() and c.status in ('active', 'error') and (c.sync_until is null or c.sync_until <= now())
      order by c.next_sync_at limit $1`,
    [limit],
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('strc', row.id) }))
}

/** Not due again before that, unless the sync says so. */
export async function putOff(tx: TenantTx, id: Id<'strc'>, forMs: number): Promise<void> {
  await tx.run(
    "update stripe_connections set next_sync_at = now() + $3 * interval '1 millisecond' where tenant_id = $1 and id = $2",
    [tx.tenantUuid, uuidOf(id), forMs],
  )
}

/** Counts of reads are needed for 30 days. */
export async function forgetReads(tx: TenantTx, id: Id<'strc'>, before: string): Promise<void> {
  await tx.run('delete from stripe_reads where tenant_id = $1 and connection_id = $2 and day < $3', [
    tx.tenantUuid,
    uuidOf(id),
    before,
  ])
}
