import { type Id, idOf, type TenantId, uuidOf } from '../../base/ids.ts'
import type { TenantTx, Tx } from '../../database/transaction.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripeEvent, StripeId } from '../stripe-feed.ts'

/** Whom an address `/webhooks/stripe/{strc_}` belongs to. `open`: neither the connection nor its tenant is at rest. */
export async function findAddressee(
  tx: Tx,
  id: Id<'strc'>,
): Promise<{ ref: ConnectionRef; accountId: StripeId | null; livemode: boolean; open: boolean } | undefined> {
  const row = await tx.first<{ tenant_id: string; account_id: string | null; livemode: boolean; open: boolean }>(
    `select c.tenant_id, c.account_id, c.livemode, c.status in ('active', 'error') and t.status = 'active' as open
       from stripe_connections c join tenants t on t.tenant_id = c.tenant_id where c.id = $1`,
    [uuidOf(id)],
  )
  return (
    row && {
      ref: { tenantId: idOf('ten', row.tenant_id), id },
      accountId: row.account_id,
      livemode: row.livemode,
      open: row.open,
    }
  )
}

/** Tenants that have or had the account connected, at rest or not: whose own platform an event of it may be signed by. */
export async function listTenantsWith(tx: Tx, accountId: StripeId, livemode: boolean): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    'select distinct tenant_id from stripe_connections where account_id = $1 and livemode = $2 order by 1 limit 5',
    [accountId, livemode],
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Stores events that are not known yet; `ignored` ones are kept so that they come once, and lead to nothing. Returns how many of
 *  the others were new. */
export async function insertEvents(
  tx: TenantTx,
  id: Id<'strc'>,
  events: readonly (StripeEvent & { ignored: boolean })[],
): Promise<number> {
  if (events.length === 0) return 0
  const rows = await tx.many<{ state: string }>(
    `insert into stripe_events (tenant_id, connection_id, external_id, type, object_id, occurred_at, state, created_at)
     select $1, $2, row.id, row.type, row.object_id, row.occurred_at, case when row.ignored then 'ignored' else 'waiting' end, now()
       from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::boolean[]) as row (id, type, object_id, occurred_at, ignored)
     on conflict (tenant_id, connection_id, external_id) do nothing
     returning state`,
    [
      tx.tenantUuid,
      uuidOf(id),
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.objectId),
      events.map((event) => event.occurredAt),
      events.map((event) => event.ignored),
    ],
  )
  return rows.filter((row) => row.state === 'waiting').length
}

/** Stripe sends to us. Kept to the minute, and only where nobody holds the row: an answer must not wait for that. */
export async function noteWebhook(tx: TenantTx, id: Id<'strc'>, at: Date): Promise<void> {
  await tx.run(
    `update stripe_connections c set webhook_at = $3
       from (select id from stripe_connections where tenant_id = $1 and id = $2
               and (webhook_at is null or webhook_at < $3::timestamptz - interval '1 minute') for no key update skip locked) free
      where c.tenant_id = $1 and c.id = free.id`,
    [tx.tenantUuid, uuidOf(id), at],
  )
}

/** An event that a worker has taken. */
export interface TakenEvent {
  id: StripeId
  type: string
  objectId: StripeId | null
  occurredAt: Date
  /** When it came to us. */
  createdAt: Date
  /** This try included. */
  attempts: number
}

/** Takes up to `limit` due events, oldest first, for `leaseMs` by the database's clock. Events of an object that somebody works on
 *  are left to wait: one in work has a try, no error, and a next try to come. */
export async function takeDue(tx: TenantTx, id: Id<'strc'>, limit: number, leaseMs: number): Promise<TakenEvent[]> {
  const rows = await tx.many<{
    external_id: string
    type: string
    object_id: string | null
    occurred_at: Date
    created_at: Date
    attempts: number
  }>(
    `with busy as (
       select object_id from stripe_events
        where tenant_id = $1 and connection_id = $2 and state = 'waiting' and attempts > 0 and error is null and next_attempt_at > now()
     ), due as (
       select external_id from stripe_events
        where tenant_id = $1 and connection_id = $2 and state = 'waiting' and next_attempt_at <= now()
          and (object_id is null or object_id not in (select object_id from busy where object_id is not null))
        order by created_at, external_id limit $3 for update skip locked
     )
     update stripe_events e set attempts = attempts + 1, error = null, next_attempt_at = now() + $4 * interval '1 millisecond',
            updated_at = now()
       from due where e.tenant_id = $1 and e.connection_id = $2 and e.external_id = due.external_id
     returning e.external_id, e.type, e.object_id, e.occurred_at, e.created_at, e.attempts`,
    [tx.tenantUuid, uuidOf(id), limit, leaseMs],
  )
  return rows
    .map((row) => ({
      id: row.external_id,
      type: row.type,
      objectId: row.object_id,
      occurredAt: row.occurred_at,
      createdAt: row.created_at,
      attempts: row.attempts,
    }))
    .sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime() || (one.id < other.id ? -1 : 1))
}

/** Ends the work on these. */
export async function setState(
  tx: TenantTx,
  id: Id<'strc'>,
  eventIds: StripeId[],
  state: 'done' | 'ignored' | 'failed',
  error: string | null,
): Promise<void> {
  await tx.run(
    `update stripe_events set state = $4, error = $5, updated_at = now()
      where tenant_id = $1 and connection_id = $2 and external_id = any($3::text[])`,
    [tx.tenantUuid, uuidOf(id), eventIds, state, error],
  )
}

/** Puts events back for `delayMs`. `counted`: the try was one; otherwise it was none. */
export async function putBack(
  tx: TenantTx,
  id: Id<'strc'>,
  eventIds: StripeId[],
  back: { delayMs: number; error: string; counted: boolean },
): Promise<void> {
  await tx.run(
    `update stripe_events set next_attempt_at = now() + $4 * interval '1 millisecond', error = $5, updated_at = now(),
            attempts = case when $6 then attempts else greatest(0, attempts - 1) end
      where tenant_id = $1 and connection_id = $2 and external_id = any($3::text[]) and state = 'waiting'`,
    [tx.tenantUuid, uuidOf(id), eventIds, back.delayMs, back.error, back.counted],
  )
}

/** The object was read after all: what failed about it is done. Returns whether nothing of the connection stays failed. */
export async function settleFailed(tx: TenantTx, id: Id<'strc'>, objectId: StripeId): Promise<boolean> {
  const settled = await tx.run(
    `update stripe_events set state = 'done', updated_at = now()
      where tenant_id = $1 and connection_id = $2 and object_id = $3 and state = 'failed'`,
    [tx.tenantUuid, uuidOf(id), objectId],
  )
  if (settled === 0) return false
  const left = await tx.first(
    "select 1 from stripe_events where tenant_id = $1 and connection_id = $2 and state = 'failed' limit 1",
    [tx.tenantUuid, uuidOf(id)],
  )
  return left === undefined
}

/** Nothing can be read for the connection any more: what waits leads to nothing. */
export async function ignoreWaiting(tx: TenantTx, id: Id<'strc'>, error: string): Promise<void> {
  await tx.run(
    "update stripe_events set state = 'ignored', error = $3, updated_at = now() where tenant_id = $1 and connection_id = $2 and state = 'waiting'",
    [tx.tenantUuid, uuidOf(id), error],
  )
}

/** Connections with events that are due, of tenants that are active. */
export async function listDue(tx: Tx): Promise<ConnectionRef[]> {
  const rows = await tx.many<{ tenant_id: string; connection_id: string }>(
    `select distinct e.tenant_id, e.connection_id from stripe_events e join tenants t on t.tenant_id = e.tenant_id and t.status = 'active'
      where e.state = 'waiting' and e.next_attempt_at <= now() order by 1, 2 limit 1000`,
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), id: idOf('strc', row.connection_id) }))
}

export async function listForgetful(tx: Tx, days: number): Promise<TenantId[]> {
  const rows = await tx.many<{ tenant_id: string }>(
    "select distinct tenant_id from stripe_events where created_at < now() - $1 * interval '1 day' order by 1",
    [days],
  )
  return rows.map((row) => idOf('ten', row.tenant_id))
}

/** Returns how many of up to `limit` were forgotten. */
export const forgetOld = (tx: TenantTx, days: number, limit: number): Promise<number> =>
  tx.run(
    `delete from stripe_events where tenant_id = $1 and ctid = any(array(
       select ctid from stripe_events where tenant_id = $1 and created_at < now() - $2 * interval '1 day' limit $3))`,
    [tx.tenantUuid, days, limit],
  )

/** How far the events of a connection are known. */
export async function getReach(
  tx: TenantTx,
  id: Id<'strc'>,
): Promise<{ webhookAt: Date | null; eventsFrom: Date | null; connectedAt: Date | null } | undefined> {
  const row = await tx.first<{ webhook_at: Date | null; events_from: Date | null; connected_at: Date | null }>(
    'select webhook_at, events_from, connected_at from stripe_connections where tenant_id = $1 and id = $2',
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && { webhookAt: row.webhook_at, eventsFrom: row.events_from, connectedAt: row.connected_at }
}

export async function setEventsFrom(tx: TenantTx, id: Id<'strc'>, at: Date): Promise<void> {
  await tx.run(
    `update stripe_connections set events_from = greatest(events_from, $3) where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), at],
  )
}
