import { type Id, idOf, type TenantId } from '../base/ids.ts'
import type { Secret } from '../base/secret.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import type { Vault } from '../database/vault.ts'
import { stopWaiting } from './delivery-queries.ts'

/** Attempts under way at one endpoint, whatever the number of workers. */
const IN_FLIGHT_MAX = 5
/** An endpoint whose last answer was a failure proves itself with one at a time, so that many that hang cannot fill the
 *  worker's slots. */
const IN_FLIGHT_FAILING_MAX = 1

/** A delivery that this worker holds until its lease ends. */
export interface ClaimedDelivery {
  tenantId: TenantId
  id: Id<'dlv'>
  webhookId: Id<'hook'>
  eventId: Id<'evt'>
  url: string
  body: string
  secrets: Secret[]
  /** The number of this attempt, and the fence: only its holder writes the result. */
  attempt: number
  /** Attempts allowed after this one. */
  triesLeft: number
  /** The last attempt's worker died and no attempt is left: nothing is to be sent any more. */
  exhausted: boolean
  /** Whether the endpoint's last answer was a failure. */
  failing: boolean
  /** The trace of whoever caused the event. */
  traceparent: string | null
}

/** Endpoints of all active tenants that have a delivery due and room for it. Jumps from endpoint to endpoint along the index, so a
 *  backlog costs no more than its endpoints. Role: directory. */
export async function findDueEndpoints(tx: Tx): Promise<{ tenantId: TenantId; webhookIds: string[] }[]> {
  const rows = await tx.many<{ tenant_id: string; webhook_ids: string[] }>(
    `with recursive endpoint as (
       (select tenant_id, webhook_id, due_at from deliveries where status = 'pending'
         order by tenant_id, webhook_id, due_at limit 1)
       union all
       select next.* from endpoint, lateral (
         select tenant_id, webhook_id, due_at from deliveries
          where status = 'pending' and (tenant_id, webhook_id) > (endpoint.tenant_id, endpoint.webhook_id)
          order by tenant_id, webhook_id, due_at limit 1) next
     )
     select e.tenant_id, array_agg(e.webhook_id::text order by e.due_at) as webhook_ids from endpoint e
       join tenants t on t.tenant_id = e.tenant_id and t.status = 'active'
       join webhooks w on w.tenant_id = e.tenant_id and w.id = e.webhook_id
      where e.due_at <= now()
        and (select count(*) from deliveries d
              where d.tenant_id = e.tenant_id and d.webhook_id = e.webhook_id and d.lease_until > now())
            < case when w.failing_since is null then ${IN_FLIGHT_MAX} else ${IN_FLIGHT_FAILING_MAX} end
      group by e.tenant_id order by e.tenant_id`,
  )
  return rows.map((row) => ({ tenantId: idOf('ten', row.tenant_id), webhookIds: row.webhook_ids }))
}

/** Takes up to `limit` due deliveries of these endpoints for `leaseMs`. An endpoint that another worker is just taking from
 *  is passed by; what waits for one that was switched off meanwhile is stopped. An attempt whose worker died leaves a line
 *  in the log. */
export async function claimDeliveries(
  tx: TenantTx,
  vault: Vault,
  wanted: { webhookIds: string[]; limit: number; leaseMs: number },
): Promise<ClaimedDelivery[]> {
  // The lock makes the count of attempts under way true; that count is a statement of its own, to see what is committed.
  const endpoints = await tx.many<EndpointRecord>(
    `select id, url, active, failing_since is not null as failing, sealed_secret,
            case when previous_until > now() then sealed_previous end as sealed_previous
       from webhooks where tenant_id = $1 and id = any($2::uuid[])
        and (select status from tenants where tenant_id = $1) = 'active' for no key update skip locked`,
    [tx.tenantUuid, wanted.webhookIds],
  )
  for (const { id } of endpoints.filter((endpoint) => !endpoint.active)) await stopWaiting(tx, idOf('hook', id))
  const open = endpoints.filter((endpoint) => endpoint.active)
  if (open.length === 0) return []
  const rows = await tx.many<ClaimRecord>(
    `with room as (
       select w.id, w.most - (select count(*) from deliveries d
                               where d.tenant_id = $1 and d.webhook_id = w.id and d.lease_until > now()) as free
         from unnest($2::uuid[], $3::int[]) as w (id, most)
     ), picked as (
       select d.* from room cross join lateral (
         select id, tries_left from deliveries
          where tenant_id = $1 and webhook_id = room.id and status = 'pending' and due_at <= now()
          order by due_at, id limit greatest(room.free, 0) for update skip locked) d
        limit $4
     )
     update deliveries d
        set attempt = d.attempt + 1, tries_left = greatest(d.tries_left - 1, 0), started_at = now(),
            lease_until = now() + $5 * interval '1 ms', due_at = now() + $5 * interval '1 ms', updated_at = now(),
            attempts = case when d.lease_until is null then d.attempts else d.attempts || jsonb_build_object(
              'at', to_char(d.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'status_code', null,
              'duration_ms', null, 'response_body', null, 'error', 'Interrupted: whether it arrived is not known') end
       from picked, events e
      where d.tenant_id = $1 and d.id = picked.id and e.tenant_id = $1 and e.id = d.event_id
      returning d.id, d.webhook_id, d.event_id, e.body, d.attempt, d.tries_left, picked.tries_left = 0 as exhausted, d.traceparent`,
    [
      tx.tenantUuid,
      open.map((endpoint) => endpoint.id),
      open.map((endpoint) => (endpoint.failing ? IN_FLIGHT_FAILING_MAX : IN_FLIGHT_MAX)),
      wanted.limit,
      wanted.leaseMs,
    ],
  )
  const secrets = new Map<string, Secret[]>()
  const claimed: ClaimedDelivery[] = []
  for (const row of rows) {
    const endpoint = open.find(({ id }) => id === row.webhook_id)!
    let opened = secrets.get(endpoint.id)
    if (!opened) secrets.set(endpoint.id, (opened = await openSecrets(tx, vault, endpoint)))
    claimed.push({
      tenantId: tx.tenantId,
      id: idOf('dlv', row.id),
      webhookId: idOf('hook', row.webhook_id),
      eventId: idOf('evt', row.event_id),
      url: endpoint.url,
      body: row.body,
      secrets: opened,
      attempt: row.attempt,
      triesLeft: row.tries_left,
      exhausted: row.exhausted,
      failing: endpoint.failing,
      traceparent: row.traceparent,
    })
  }
  return claimed
}

/** The secret, and the one before it while a rotation lasts. Each opens only in the column it was sealed for. */
async function openSecrets(
  tx: TenantTx,
  vault: Vault,
  webhook: { id: string; sealed_secret: Buffer; sealed_previous: Buffer | null },
): Promise<Secret[]> {
  const secrets = [await vault.open(tx, secretPlace(webhook.id), webhook.sealed_secret)]
  if (webhook.sealed_previous) {
    secrets.push(await vault.open(tx, previousSecretPlace(webhook.id), webhook.sealed_previous))
  }
  return secrets
}

/** Where secrets are sealed. uuid: of the webhook, as the database keeps it. */
export const secretPlace = (uuid: string) => ({ table: 'webhooks', column: 'sealed_secret', rowId: uuid })
export const previousSecretPlace = (uuid: string) => ({ table: 'webhooks', column: 'sealed_previous', rowId: uuid })

interface EndpointRecord {
  id: string
  url: string
  active: boolean
  failing: boolean
  sealed_secret: Buffer
  sealed_previous: Buffer | null
}

interface ClaimRecord {
  id: string
  webhook_id: string
  event_id: string
  body: string
  attempt: number
  tries_left: number
  exhausted: boolean
  traceparent: string | null
}
