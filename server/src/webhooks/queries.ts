import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'

export type DisabledReason = 'gone' | 'failing'

/** One subscription of the tenant. */
export interface WebhookRow {
  id: Id<'hook'>
  url: string
  events: string[]
  active: boolean
  disabledReason: DisabledReason | null
  failingSince: Date | null
  /** Until when the secret before the last rotation signs along; null when it does no longer. */
  previousUntil: Date | null
  createdAt: Date
  updatedAt: Date
}

export const WEBHOOK_COLUMNS = `w.id, w.url, w.events, w.active, w.disabled_reason, w.failing_since,
  case when w.previous_until > now() then w.previous_until end as previous_until, w.created_at, w.updated_at`
/** Deleted ones are kept for their deliveries' sake and are not there for anybody. */
export const WEBHOOK_FROM = '(select * from webhooks where deleted_at is null) w'

export async function getWebhook(tx: TenantTx, id: Id<'hook'>): Promise<WebhookRow | undefined> {
  const row = await tx.first<object>(
    `select ${WEBHOOK_COLUMNS} from webhooks w where w.tenant_id = $1 and w.id = $2 and w.deleted_at is null`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && webhookOf(row)
}

/** As `getWebhook`, holding the row until the transaction ends. */
export async function lockWebhook(tx: TenantTx, id: Id<'hook'>): Promise<WebhookRow | undefined> {
  const row = await tx.first<object>(
    `select ${WEBHOOK_COLUMNS} from webhooks w
      where w.tenant_id = $1 and w.id = $2 and w.deleted_at is null for no key update`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return row && webhookOf(row)
}

/** What each switched-on webhook of the tenant wants to hear of. */
export async function listSubscriptions(tx: TenantTx): Promise<{ id: Id<'hook'>; events: string[] }[]> {
  const rows = await tx.many<{ id: string; events: string[] }>(
    'select id, events from webhooks where tenant_id = $1 and active',
    [tx.tenantUuid],
  )
  return rows.map((row) => ({ id: idOf('hook', row.id), events: row.events }))
}

export async function insertWebhook(
  tx: TenantTx,
  webhook: { id: Id<'hook'>; url: string; events: string[]; sealedSecret: Buffer },
): Promise<void> {
  await tx.run('insert into webhooks (tenant_id, id, url, events, sealed_secret) values ($1, $2, $3, $4, $5)', [
    tx.tenantUuid,
    uuidOf(webhook.id),
    webhook.url,
    webhook.events,
    webhook.sealedSecret,
  ])
}

/** Stores the whole of what may change. Switching on forgets why it was off and how long it failed. */
export async function updateWebhook(
  tx: TenantTx,
  id: Id<'hook'>,
  change: { url: string; events: string[]; active: boolean },
): Promise<void> {
  await tx.run(
    `update webhooks set url = $3, events = $4, active = $5, updated_at = now(),
            disabled_reason = case when $5 then null else disabled_reason end,
            failing_since = case when $5 and not active then null else failing_since end
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), change.url, change.events, change.active],
  )
}

/** Ends the webhook and forgets its secrets. */
export async function markWebhookDeleted(tx: TenantTx, id: Id<'hook'>): Promise<boolean> {
  const touched = await tx.run(
    `update webhooks set deleted_at = now(), updated_at = now(), active = false, sealed_secret = null,
            sealed_previous = null, previous_until = null
      where tenant_id = $1 and id = $2 and deleted_at is null`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return touched === 1
}

/** Switches the webhook off for good reason. False when it is off already. */
export async function markWebhookDisabled(tx: TenantTx, id: Id<'hook'>, reason: DisabledReason): Promise<boolean> {
  const touched = await tx.run(
    `update webhooks set active = false, disabled_reason = $3, updated_at = now()
      where tenant_id = $1 and id = $2 and active`,
    [tx.tenantUuid, uuidOf(id), reason],
  )
  return touched === 1
}

interface SealedSecrets {
  sealedSecret: Buffer
  /** Null when there is none or its time is over. */
  sealedPrevious: Buffer | null
}

export async function getSealedSecrets(tx: TenantTx, id: Id<'hook'>): Promise<SealedSecrets> {
  const row = await tx.one<{ sealed_secret: Buffer; sealed_previous: Buffer | null }>(
    `select sealed_secret, case when previous_until > now() then sealed_previous end as sealed_previous
       from webhooks where tenant_id = $1 and id = $2 and deleted_at is null`,
    [tx.tenantUuid, uuidOf(id)],
  )
  return { sealedSecret: row.sealed_secret, sealedPrevious: row.sealed_previous }
}

/** Puts a new secret first and lets the one before sign along for so many hours, by the database clock. */
export async function replaceSecret(
  tx: TenantTx,
  id: Id<'hook'>,
  secrets: { sealedSecret: Buffer; sealedPrevious: Buffer; overlapHours: number },
): Promise<void> {
  await tx.run(
    `update webhooks set sealed_secret = $3, sealed_previous = $4, previous_until = now() + $5 * interval '1 hour',
            updated_at = now()
      where tenant_id = $1 and id = $2`,
    [tx.tenantUuid, uuidOf(id), secrets.sealedSecret, secrets.sealedPrevious, secrets.overlapHours],
  )
}

/** Notes the first failure since the last success. Says whether failures have gone on for so many days. */
export async function markFailing(tx: TenantTx, id: Id<'hook'>, daysMax: number): Promise<boolean> {
  const row = await tx.first<{ too_long: boolean }>(
    `update webhooks set failing_since = coalesce(failing_since, now())
      where tenant_id = $1 and id = $2
      returning failing_since < now() - $3 * interval '1 day' as too_long`,
    [tx.tenantUuid, uuidOf(id), daysMax],
  )
  return row?.too_long ?? false
}

/** Forgets the failures before a success. */
export async function markWorking(tx: TenantTx, id: Id<'hook'>): Promise<void> {
  await tx.run(
    'update webhooks set failing_since = null where tenant_id = $1 and id = $2 and failing_since is not null',
    [tx.tenantUuid, uuidOf(id)],
  )
}

interface WebhookRecord {
  id: string
  url: string
  events: string[]
  active: boolean
  disabled_reason: DisabledReason | null
  failing_since: Date | null
  previous_until: Date | null
  created_at: Date
  updated_at: Date
}

export function webhookOf(record: object): WebhookRow {
  const row = record as WebhookRecord
  return {
    id: idOf('hook', row.id),
    url: row.url,
    events: row.events,
    active: row.active,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    previousUntil: row.previous_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
