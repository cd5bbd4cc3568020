import { type Id, idOf, uuidOf } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'
import type { ClaimedDelivery } from './claim-deliveries.ts'
import { disableWebhook } from './disable-webhook.ts'
import { TRIES_MAX } from './judge-answer.ts'
import { markFailing, markWorking } from './queries.ts'
import type { AttemptEntry } from './delivery-queries.ts'
import type { Verdict } from './judge-answer.ts'

/** A webhook that answered nothing well for so long is switched off (reliability 35). */
const FAILING_DAYS_MAX = 5
/** The failure of one delivery at which its owners are told. */
const NOTICE_AT_TRY = 4

export interface Finished {
  delivery: ClaimedDelivery
  /** The line for the log; null when nothing was sent. */
  entry: AttemptEntry | null
  verdict: Verdict
  /** Planned wait before the next attempt, already divided by the time scale. */
  delayMs: number | null
}

/** Writes what became of attempts, each only if its worker still holds it, with what follows for the webhook: the notice,
 *  the end of one, or switching off. Several at a time, all of one tenant. */
export async function recordOutcomes(tx: Change, finished: Finished[]): Promise<void> {
  const held = await writeOutcomes(tx, finished)
  const written = finished.filter(({ delivery }) => held.has(delivery.id))
  for (const [webhookId, all] of Map.groupBy(written, ({ delivery }) => delivery.webhookId)) {
    const failures = all.filter(({ verdict }) => verdict.kind !== 'delivered')
    if (all.some(({ verdict }) => verdict.kind === 'gone')) {
      await disableWebhook(tx, webhookId, 'gone')
    } else if (failures.length < all.length) {
      if (all.some(({ delivery }) => delivery.failing)) await endFailing(tx, webhookId)
    } else {
      await beginFailing(tx, webhookId, failures)
    }
  }
}

async function endFailing(tx: Change, webhookId: Id<'hook'>): Promise<void> {
  await markWorking(tx, webhookId)
  await closeAlert(tx, 'webhook_failing', webhookId)
}

async function beginFailing(tx: Change, webhookId: Id<'hook'>, failures: Finished[]): Promise<void> {
  if (await markFailing(tx, webhookId, FAILING_DAYS_MAX)) return disableWebhook(tx, webhookId, 'failing')
  if (failures.every(({ delivery }) => TRIES_MAX - delivery.triesLeft < NOTICE_AT_TRY)) return
  await openAlert(tx, {
    code: 'webhook_failing',
    severity: 'warning',
    subject: { type: 'webhook', id: webhookId },
    message: `The webhook at ${new URL(failures[0]!.delivery.url).host} has refused an event ${NOTICE_AT_TRY} times. Look at its deliveries, and redeliver when it works again.`,
  })
}

/** Returns the deliveries whose result was still this worker's to write. What would be tried again
 *  stops instead when the webhook was switched off meanwhile. */
async function writeOutcomes(tx: Change, finished: Finished[]): Promise<Set<Id<'dlv'>>> {
  const rows = await tx.many<{ id: string }>(
    `update deliveries d
        set status = case when o.status = 'pending' and not w.active then 'failed' else o.status end,
            attempts = case when o.entry is null then d.attempts else d.attempts || o.entry end,
            lease_until = null, updated_at = now(),
            due_at = case when o.delay_ms is null then d.due_at else now() + o.delay_ms * interval '1 ms' end
       from unnest($2::uuid[], $3::int[], $4::text[], $5::jsonb[], $6::float8[]) as o (id, attempt, status, entry, delay_ms),
            webhooks w
      where d.tenant_id = $1 and d.id = o.id and d.attempt = o.attempt and d.lease_until is not null
        and w.tenant_id = $1 and w.id = d.webhook_id
      returning d.id`,
    [
      tx.tenantUuid,
      finished.map(({ delivery }) => uuidOf(delivery.id)),
      finished.map(({ delivery }) => delivery.attempt),
      finished.map(({ verdict }) => STATUS[verdict.kind]),
      finished.map(({ entry }) => entry && JSON.stringify(entry)),
      finished.map(({ delayMs }) => delayMs),
    ],
  )
  return new Set(rows.map((row) => idOf('dlv', row.id)))
}

const STATUS = { delivered: 'delivered', gone: 'failed', retry: 'pending', dead: 'dead' } as const
