import { type Id, idOf, newId, uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import { TRIES_MAX } from './judge-answer.ts'

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'dead'

/** One attempt as the log shows it. `error` says why no complete answer came; then `status_code` is null. */
export interface AttemptEntry {
  at: string
  status_code: number | null
  duration_ms: number | null
  response_body: string | null
  error: string | null
}

/** One event on its way to one webhook. */
export interface DeliveryRow {
  id: Id<'dlv'>
  webhookId: Id<'hook'>
  eventId: Id<'evt'>
  eventType: string
  status: DeliveryStatus
  attempts: AttemptEntry[]
  /** Null when nothing more comes of itself, and while an attempt is under way. */
  nextAttemptAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const DELIVERY_COLUMNS = `d.id, d.webhook_id, d.event_id, d.event_type, d.status, d.attempts,
  case when d.status = 'pending' and d.lease_until is null then d.due_at end as next_attempt_at, d.created_at, d.updated_at`

export async function getDelivery(
  tx: TenantTx,
  webhookId: Id<'hook'>,
  id: Id<'dlv'>,
): Promise<DeliveryRow | undefined> {
  const row = await tx.first<object>(
    `select ${DELIVERY_COLUMNS} from deliveries d where d.tenant_id = $1 and d.webhook_id = $2 and d.id = $3`,
    [tx.tenantUuid, uuidOf(webhookId), uuidOf(id)],
  )
  return row && deliveryOf(row)
}

/** The bytes that a delivery sends: of its event. */
export async function getRequestBody(tx: TenantTx, eventId: Id<'evt'>): Promise<string> {
  const { body } = await tx.one<{ body: string }>('select body from events where tenant_id = $1 and id = $2', [
    tx.tenantUuid,
    uuidOf(eventId),
  ])
  return body
}

/** The newest delivery of a test event to the webhook. */
export async function latestTest(tx: TenantTx, webhookId: Id<'hook'>): Promise<DeliveryRow | undefined> {
  const row = await tx.first<object>(
    `select ${DELIVERY_COLUMNS} from deliveries d
      where d.tenant_id = $1 and d.webhook_id = $2 and d.event_type = 'webhook.test' order by d.id desc limit 1`,
    [tx.tenantUuid, uuidOf(webhookId)],
  )
  return row && deliveryOf(row)
}

/** Adds deliveries that are due at once. Many at a time: an event in a batch costs no statement of its own. */
export async function insertDeliveries(
  tx: TenantTx,
  deliveries: { webhookId: Id<'hook'>; eventId: Id<'evt'>; eventType: string }[],
): Promise<void> {
  await tx.run(
    `insert into deliveries (tenant_id, id, webhook_id, event_id, event_type, tries_left)
     select $1, row.id, row.webhook_id, row.event_id, row.event_type, $2
       from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) as row (id, webhook_id, event_id, event_type)`,
    [
      tx.tenantUuid,
      TRIES_MAX,
      deliveries.map(() => uuidOf(newId('dlv'))),
      deliveries.map((row) => uuidOf(row.webhookId)),
      deliveries.map((row) => uuidOf(row.eventId)),
      deliveries.map((row) => row.eventType),
    ],
  )
}

/** Makes a delivery due now: one that waits for its next try keeps the tries it has left, one that is settled gets all of
 *  them again. False while an attempt is under way. */
export async function makeDue(tx: TenantTx, webhookId: Id<'hook'>, id: Id<'dlv'>): Promise<boolean> {
  const touched = await tx.run(
    `update deliveries set tries_left = case when status = 'pending' then tries_left else $4 end,
            status = 'pending', due_at = now(), updated_at = now()
      where tenant_id = $1 and webhook_id = $2 and id = $3 and lease_until is null`,
    [tx.tenantUuid, uuidOf(webhookId), uuidOf(id), TRIES_MAX],
  )
  return touched === 1
}

/** Stops what still waits for a webhook that was switched off. What is under way right now ends by itself, and so does what
 *  another transaction is just writing to: passing by instead of waiting leaves no way to a deadlock. */
export async function stopWaiting(tx: TenantTx, webhookId: Id<'hook'>): Promise<void> {
  await tx.run(
    `update deliveries set status = 'failed', lease_until = null, updated_at = now()
      where tenant_id = $1 and id in (
        select id from deliveries
         where tenant_id = $1 and webhook_id = $2 and status = 'pending' and (lease_until is null or lease_until <= now())
           for no key update skip locked)`,
    [tx.tenantUuid, uuidOf(webhookId)],
  )
}

/** Removes deliveries that were settled more than so many days ago. Returns how many, at most 1,000. */
export async function deleteOldDeliveries(tx: TenantTx, days: number): Promise<number> {
  return tx.run(
    `delete from deliveries where tenant_id = $1 and id in (
       select id from deliveries
        where tenant_id = $1 and status <> 'pending' and updated_at < now() - $2 * interval '1 day' limit 1000)`,
    [tx.tenantUuid, days],
  )
}

/** Tenants that may have deliveries: all that were not deleted. */
export async function listTenants(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ tenant_id: string }>("select tenant_id from tenants where status <> 'deleted'")
  return rows.map((row) => row.tenant_id)
}

/** Events of a time range, oldest first, at most `limit`. onlyFailed: those whose newest delivery to the webhook failed or
 *  is dead. */
export async function eventsToReplay(
  tx: TenantTx,
  webhookId: Id<'hook'>,
  range: { from: string; to: string | null; onlyFailed: boolean; limit: number },
): Promise<{ eventId: Id<'evt'>; eventType: string }[]> {
  const rows = await tx.many<{ id: string; type: string }>(
    `select e.id, e.type from events e
      where e.tenant_id = $1 and e.created_at >= $3::timestamptz and e.created_at <= coalesce($4::timestamptz, now())
        and (not $5 or (select d.status in ('failed', 'dead') from deliveries d
                         where d.tenant_id = $1 and d.event_id = e.id and d.webhook_id = $2 order by d.id desc limit 1))
      order by e.id limit $6`,
    [tx.tenantUuid, uuidOf(webhookId), range.from, range.to, range.onlyFailed, range.limit],
  )
  return rows.map((row) => ({ eventId: idOf('evt', row.id), eventType: row.type }))
}

interface DeliveryRecord {
  id: string
  webhook_id: string
  event_id: string
  event_type: string
  status: DeliveryStatus
  attempts: AttemptEntry[]
  next_attempt_at: Date | null
  created_at: Date
  updated_at: Date
}

export function deliveryOf(record: object): DeliveryRow {
  const row = record as DeliveryRecord
  return {
    id: idOf('dlv', row.id),
    webhookId: idOf('hook', row.webhook_id),
    eventId: idOf('evt', row.event_id),
    eventType: row.event_type,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
