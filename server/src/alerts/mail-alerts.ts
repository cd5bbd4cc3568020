import type { Scaled } from '../base/clock.ts'
import { eachApart } from '../base/each-apart.ts'
import type { TenantId } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { AlertRow } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { isAddress, type Mailer } from '../mail/index.ts'
import { getTenant, hasNews, listTenantsToMail, takeTurn, takeUnmailed } from './queries.ts'
import { pathOf } from './way.ts'

export interface MailAlertsDeps {
  store: Store
  scaled: Scaled
  mailer: Mailer
  /** The people a tenant's alerts are mailed to: its owners who have accepted. */
  ownersOf(tx: TenantTx): Promise<{ email: string; name: string }[]>
  /** How browsers reach us. */
  publicUrl(): string
}

/** A tenant gets at most one mail about alerts in this time. */
const EVERY_MS = 600_000
const LISTED_MAX = 20
/** Alerts about mail are not mailed: each mail that fails would cause the next. */
const QUIET: readonly string[] = ['mail_failed', 'mail_server_failing']

/** Writes to the owners of each tenant about what was opened since they were last written to and is still open: one mail to
 *  each, however many alerts there are. The operator's own tenant is one like any other: alerts of the whole installation go
 *  to the operator's owners. */
export async function mailAlerts(deps: MailAlertsDeps): Promise<void> {
  await eachApart(await deps.store.directory(listTenantsToMail), (tenantId) => mailTenant(deps, tenantId))
}

async function mailTenant(deps: MailAlertsDeps, tenantId: TenantId): Promise<void> {
  await deps.store.change(tenantId, systemActor('mail-alerts'), async (tx) => {
    const tenant = await getTenant(tx)
    const owners = (await deps.ownersOf(tx)).filter((owner) => isAddress(owner.email))
    const tell = tenant.status === 'active' && owners.length > 0 && (await hasNews(tx, QUIET))
    // What ended by itself before anybody was told needs no mail, and takes no turn.
    if (tell && !(await takeTurn(tx, deps.scaled(EVERY_MS)))) return
    const alerts = (await takeUnmailed(tx)).filter((alert) => alert.closedAt === null && !QUIET.includes(alert.code))
    if (!tell || alerts.length === 0) return
    const mail = written(alerts, tenant.name, deps.publicUrl())
    for (const owner of owners) await deps.mailer.queue(tx, { to: owner.email, ...mail })
  })
}

function written(alerts: AlertRow[], tenant: string, publicUrl: string): { subject: string; text: string } {
  const [first] = alerts as [AlertRow]
  const listed = alerts.slice(0, LISTED_MAX)
  const more = alerts.length - listed.length
  return {
    subject:
      alerts.length === 1
        ? `${tenant}: ${firstSentence(first.message)}`
        : `${tenant}: ${alerts.length} things to look at`,
    text: [
      alerts.length === 1 ? `${tenant} has something to look at.` : `${tenant} has ${alerts.length} things to look at.`,
      ...listed.map(
        (alert) =>
          `${alert.severity === 'critical' ? `Urgent: ${alert.message}` : alert.message}\n${publicUrl}${pathOf(alert)}`,
      ),
      ...(more > 0 ? [`And ${more} more.`] : []),
      `See all of them: ${publicUrl}/alerts`,
      'You get this mail because you are an owner, at most once in ten minutes.',
    ].join('\n\n'),
  }
}

const firstSentence = (message: string): string => /^.*?(?=\.(\s|$))/s.exec(message)?.[0] ?? message
