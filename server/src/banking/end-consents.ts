import { eachApart } from '../base/each-apart.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { BankingDeps } from './deps.ts'
import { getConnection, listEndingConnections, lockConnection, setConnection } from './queries.ts'
import { presentConnection } from './schemas.ts'
import { STALE_FEED } from './stale-feeds.ts'

/** How long before its end a consent is called `expiring`: time for a person to renew it at leisure. */
const NOTICE_MS = 14 * 86_400_000
const AT_ONCE = 200

/** Tells of consents that end soon, and stops reading those that have ended. Days of consents are the bank's: not scaled. */
export async function endConsents(deps: BankingDeps): Promise<void> {
  const ending = await deps.store.directory((tx) => listEndingConnections(tx, NOTICE_MS, AT_ONCE))
  await eachApart(ending, ({ tenantId, id }) => endConsent(deps, tenantId, id))
}

async function endConsent(deps: BankingDeps, tenantId: TenantId, id: Id<'bank'>): Promise<void> {
  await deps.store.change(tenantId, systemActor('schedule'), async (tx) => {
    const before = await lockConnection(tx, id)
    if (!before?.consentExpiresAt || !['active', 'expiring', 'error'].includes(before.status)) return
    const ended = before.consentExpiresAt <= tx.now
    if (!ended && before.status !== 'active') return
    await setConnection(tx, id, {
      status: ended ? 'expired' : 'expiring',
      ...(ended
        ? { error: { code: 'consent_expired', message: 'The consent at the bank has ended. Reconnect the bank.' } }
        : {}),
    })
    if (ended) for (const code of ['consent_ending', STALE_FEED]) await closeAlert(tx, code, id)
    await openAlert(tx, {
      code: ended ? 'consent_ended' : 'consent_ending',
      severity: 'warning',
      subject: { type: 'bank_connection', id },
      message: ended
        ? `${before.name}: the consent at the bank has ended. Reconnect the bank.`
        : `${before.name}: the consent at the bank ends on ${before.consentExpiresAt.toISOString().slice(0, 10)}. Reconnect the bank before.`,
    })
    const after = presentConnection((await getConnection(tx, id))!)
    tx.event(ended ? 'bank_connection.expired' : 'bank_connection.expiring', id, after)
  })
}
