import type { Id } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'
import { stopWaiting } from './delivery-queries.ts'
import { type DisabledReason, getWebhook, markWebhookDisabled } from './queries.ts'
import { presentWebhook } from './schemas.ts'

const WORDS: Record<DisabledReason, string> = {
  gone: 'it answered 410 Gone',
  failing: 'it has taken no event for five days',
}

/** Switches a webhook off because of how it answers: stops what waits for it and tells the tenant. Does nothing when it is
 *  off already. */
export async function disableWebhook(tx: Change, id: Id<'hook'>, reason: DisabledReason): Promise<void> {
  if (!(await markWebhookDisabled(tx, id, reason))) return
  await stopWaiting(tx, id)
  const webhook = await getWebhook(tx, id)
  if (!webhook) return
  tx.event('webhook.disabled', id, presentWebhook(webhook))
  await closeAlert(tx, 'webhook_failing', id)
  await openAlert(tx, {
    code: 'webhook_disabled',
    severity: 'warning',
    subject: { type: 'webhook', id },
    message: `The webhook at ${new URL(webhook.url).host} was switched off because ${WORDS[reason]}. Switch it on again when it is ready, then replay what it missed.`,
  })
  tx.audit({
    action: 'webhook.disable',
    resource: { type: 'webhook', id },
    changes: { after: { active: false, reason } },
  })
}
