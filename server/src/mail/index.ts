/** Mail: queued in the change that causes it, sealed until it is sent, sent over SMTP or kept as a file of the outbox. */
import { join } from 'node:path'
import { addDays, type Clock, type Scaled } from '../base/clock.ts'
import { eachApart } from '../base/each-apart.ts'
import type { TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import type { Vault } from '../database/vault.ts'
import { closeAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import type { Slice } from '../http/slice.ts'
import { readSender } from './addresses.ts'
import type { Mailer } from './mailer.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { deleteOldMails, listDueMails, listTenantsWithOldMails } from './queries.ts'
import { queueMail, SEND_JOB } from './queue-mail.ts'
import { MAIL_FAILED, type SendDeps, sendMail } from './send-mail.ts'
import { createSmtpCourier } from './smtp-courier.ts'

export { isAddress } from './addresses.ts'
export { checkSmtp, type SmtpVisit } from './check-smtp.ts'
export type { Mail, Mailer } from './mailer.ts'

export interface MailDeps {
  store: Store
  vault: Vault
  clock: Clock
  scaled: Scaled
  log: Log
  /** SMTP_URL; without it mails are files in `<dataDir>/outbox`. */
  smtpUrl: Secret | undefined
  /** MAIL_FROM. */
  mailFrom: string
  dataDir: string
  production: boolean
  /** The name the tenant's people know the product by (branding); undefined: the name in MAIL_FROM. */
  productNameOf(tenantId: TenantId): Promise<string | undefined>
}

const RETRY_SWEEP_MS = 30_000
const FORGET_SWEEP_MS = 3_600_000
const AT_ONCE = 200
const KEPT_DAYS = 30

/** The slice, and the mailer for those who have something to say. Throws UsageError when MAIL_FROM is no address. */
export function mailSlice(deps: MailDeps): Slice & { mailer: Mailer } {
  const outbox = createOutbox(join(deps.dataDir, 'outbox'), deps.log)
  if (deps.production && !deps.smtpUrl) deps.log.warn('no SMTP_URL is set: mails are kept as files and reach nobody')
  const courier = deps.smtpUrl ? createSmtpCourier({ url: deps.smtpUrl }) : outbox
  const sending: SendDeps = { ...deps, courier, from: readSender(deps.mailFrom) }
  return {
    mailer: { queue: (tx, mail) => queueMail(deps, tx, mail) },
    routes: deps.production ? [] : outboxRoutes(outbox),
    jobs: [
      {
        queue: SEND_JOB,
        concurrency: 4,
        expireInSeconds: 180,
        // Tries are counted by the mail itself and due again by the sweep; this is for a database that was away.
        retryLimit: 3,
        retryDelaySeconds: 30,
        handle: (data) => sendMail(sending, data.tenantId, String(data.mailId)),
      },
    ],
    sweeps: [
      { name: 'due mails', everyMs: deps.scaled(RETRY_SWEEP_MS), run: () => queueDueMails(deps.store) },
      { name: 'old mails', everyMs: deps.scaled(FORGET_SWEEP_MS), run: () => forgetOldMails(deps, outbox) },
    ],
  }
}

async function queueDueMails(store: Store): Promise<void> {
  const due = await store.directory((tx) => listDueMails(tx, AT_ONCE))
  await eachApart(
    Map.groupBy(due, (mail) => mail.tenantId),
    ([tenantId, mails]) =>
      store.change(tenantId, systemActor('schedule'), async (tx) => {
        for (const { id } of mails) tx.job(SEND_JOB, { mailId: id }, { onlyOne: id })
      }),
  )
}

async function forgetOldMails({ store, clock }: MailDeps, outbox: Outbox): Promise<void> {
  await outbox.sweep(new Date(addDays(clock.now().toISOString().slice(0, 10), -KEPT_DAYS)))
  await eachApart(await store.directory((tx) => listTenantsWithOldMails(tx, KEPT_DAYS)), (tenantId) =>
    store.change(tenantId, systemActor('schedule'), async (tx) => {
      for (const id of await deleteOldMails(tx, KEPT_DAYS)) await closeAlert(tx, MAIL_FAILED, id)
    }),
  )
}
