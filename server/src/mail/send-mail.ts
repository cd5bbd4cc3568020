import type { Scaled } from '../base/clock.ts'
import type { TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Vault } from '../database/vault.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import type { Sender } from './addresses.ts'
import { compose } from './compose.ts'
import type { Courier, Outcome } from './courier.ts'
import { type ClaimedMail, claimMail, postponeMail, settleMail } from './queries.ts'
import { contentPlace, recipientPlace } from './queue-mail.ts'

export interface SendDeps {
  store: Store
  vault: Vault
  scaled: Scaled
  log: Log
  courier: Courier
  from: Sender
  /** The name the tenant's people know the product by; undefined: the name in MAIL_FROM. */
  productNameOf(tenantId: TenantId): Promise<string | undefined>
}

const ACTOR = systemActor('send-mail')
/** Longer than a courier may take (60 s). Not scaled: neither is that. */
const LEASE_MS = 180_000
const RETRY_MS = 30_000
const RETRY_MS_MAX = 900_000
/** Links in mails live no longer than days; after one day nobody reads the mail with profit. */
const GIVEN_UP_AFTER_MS = 86_400_000
/** So many tries in vain at our own server, about a quarter of an hour, and the operator is told. */
const SERVER_ALERT_AT = 5

export const MAIL_FAILED = 'mail_failed'
const SERVER_FAILING = 'mail_server_failing'

/** One try at one mail. It is sent at least once: claimed with a lease, sent outside any transaction, then written down; a
 *  worker that dies in between leaves a mail that is sent again after the lease, under the same Message-ID. What is not taken
 *  is tried again after 30 s, doubled up to 15 min, with jitter; what is refused for good, or not taken for a day, has failed
 *  and opens an alert of the tenant. */
export async function sendMail(deps: SendDeps, tenantId: TenantId, id: string): Promise<void> {
  const claimed = await deps.store.read(tenantId, async (tx) => {
    const mail = await claimMail(tx, id, { leaseMs: LEASE_MS, givenUpAfterMs: deps.scaled(GIVEN_UP_AFTER_MS) })
    if (!mail) return undefined
    const [to, content] = [
      await deps.vault.open(tx, recipientPlace(id), mail.recipient),
      await deps.vault.open(tx, contentPlace(id), mail.content),
    ]
    return { ...mail, to, said: JSON.parse(content.reveal()) as { subject: string; text: string } }
  })
  if (!claimed) return
  const name = (await deps.productNameOf(tenantId)) ?? deps.from.name
  const message = await compose({
    id,
    queuedAt: claimed.queuedAt,
    from: { ...deps.from, name },
    to: claimed.to.reveal(),
    ...claimed.said,
  })
  const outcome = await deps.courier.send(message)
  await settle(deps, tenantId, claimed, outcome, message.to)
  await watchServer(deps, claimed.attempts, outcome)
}

async function settle(
  deps: SendDeps,
  tenantId: TenantId,
  mail: ClaimedMail,
  outcome: Outcome,
  to: string,
): Promise<void> {
  const failed = outcome.state === 'refused' || (outcome.state === 'later' && mail.last)
  const reason = outcome.state === 'sent' ? null : outcome.reason
  await deps.store.change(tenantId, ACTOR, async (tx) => {
    if (outcome.state === 'sent') return settleMail(tx, mail.id, { state: 'sent', reason })
    if (!failed) return postponeMail(tx, mail.id, { inMs: deps.scaled(retryMs(mail.attempts)), reason: outcome.reason })
    await settleMail(tx, mail.id, { state: 'failed', reason })
    await openAlert(tx, {
      code: MAIL_FAILED,
      severity: 'warning',
      subject: { type: 'mail', id: mail.id },
      message:
        outcome.state === 'refused'
          ? `A mail to ${masked(to)} was refused (${outcome.reason}). Check the address, then cause the mail again, for instance by inviting once more.`
          : `A mail to ${masked(to)} could not be delivered for a day (${outcome.reason}). Cause it again, for instance by inviting once more.`,
    })
  })
  deps.log[failed ? 'warn' : 'info']('mail', {
    tenant_id: tenantId,
    job: mail.id,
    attempt: mail.attempts,
    outcome: failed ? 'failed' : outcome.state,
    ...(reason === null ? {} : { reason }),
  })
}

/** The operator hears when our own server takes nothing, and that it does again. */
async function watchServer(deps: SendDeps, attempts: number, outcome: Outcome): Promise<void> {
  const failing = outcome.state === 'later' && outcome.server
  if (failing && attempts < SERVER_ALERT_AT) return
  await deps.store.change(OPERATOR_TENANT, ACTOR, async (tx) => {
    if (!failing) return closeAlert(tx, SERVER_FAILING, 'smtp')
    await openAlert(tx, {
      code: SERVER_FAILING,
      severity: 'critical',
      subject: { type: 'mail_server', id: 'smtp' },
      message: `The mail server of SMTP_URL takes no mail (${outcome.reason}). Mails wait for it for a day. Check the server, the name and the password in SMTP_URL.`,
    })
  })
}

const retryMs = (attempts: number): number => {
  const planned = Math.min(RETRY_MS * 2 ** (attempts - 1), RETRY_MS_MAX)
  return planned / 2 + Math.floor(Math.random() * (planned / 2))
}

/** Enough to know whom it was for, without the address: `a…@example.com`. */
const masked = (address: string): string => `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`
