import { addDays } from '../base/clock.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { newId } from '../base/ids.ts'
import { closeAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import { accountIdentity, keepAccount } from '../transactions/index.ts'
import { BankFeedError, type ConsentState, type FeedAccount } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { CONSENT_POLL_MS } from './initialize-connection.ts'
import {
  type ConsentRow,
  getConnection,
  getConsent,
  listLiveConsents,
  setConnection,
  setConsent,
  setNextSync,
} from './queries.ts'
import { presentConnection } from './schemas.ts'
import { SYNC_JOB } from './sync-connection.ts'
import { insertSync } from './sync-queries.ts'

const DAY_MS = 86_400_000

export interface FinishedConsent {
  connectionId: Id<'bank'>
  redirectUrl: string
  status: 'active' | 'failed' | 'pending'
  error: string | undefined
}

/** The person came back, or we went to look: reads the consent at the provider, which alone decides; what the browser brought
 *  is only a hint. Linked: the accounts are kept (known ones by IBAN and currency), the connection is active, the history is
 *  read. Doing it twice does nothing the second time. Throws BankFeedError when the provider fails. */
export async function finishConsent(
  deps: BankingDeps,
  tenantId: TenantId,
  uuid: string,
  hint: { error?: string | undefined; returned: boolean },
): Promise<FinishedConsent | undefined> {
  const consent = await deps.store.read(tenantId, (tx) => getConsent(tx, uuid))
  if (!consent) return undefined
  const finished = (status: FinishedConsent['status'], error?: string): FinishedConsent => ({
    connectionId: consent.connectionId,
    redirectUrl: consent.redirectUrl,
    status,
    error,
  })
  if (consent.status === 'linked' || consent.status === 'ended') return finished('active')
  if (consent.status === 'failed') return finished('failed', consent.error ?? 'consent_failed')

  const feed = await deps.feedOf(tenantId)
  if (!feed) return finished('failed', 'provider_not_configured')
  const state = await feed.readConsent(consent.requisitionId)
  if (state.status === 'linked') {
    const accounts: FeedAccount[] = []
    for (const id of state.accountIds) accounts.push(await feed.getAccount(id))
    const replaced = await deps.store.change(tenantId, systemActor('bank consent'), (tx) =>
      keepLinked(deps, tx, uuid, state, accounts),
    )
    // The old consent ends only after the new one stands; that it cannot be ended harms nobody.
    for (const requisitionId of replaced) {
      await feed.endConsent(requisitionId).catch((error: unknown) => {
        if (!(error instanceof BankFeedError)) throw error
        deps.log.warn('old consent not ended', {
          tenant_id: tenantId,
          connection_id: consent.connectionId,
          reason: error.reason,
        })
      })
    }
    return finished('active')
  }
  const expired = consent.expiresAt <= deps.clock.now()
  // Only a provider that says "failed" ends it, or our own window; a cancelled session says so in the way back as well.
  if (state.status === 'failed' || expired || (hint.returned && hint.error !== undefined)) {
    const error = hint.error ?? (expired ? 'consent_timeout' : `consent_${state.word.toLowerCase()}`)
    await deps.store.change(tenantId, systemActor('bank consent'), (tx) => keepFailed(tx, uuid, error))
    return finished('failed', error)
  }
  await deps.store.change(tenantId, systemActor('bank consent'), (tx) =>
    setConsent(tx, uuid, { returned: hint.returned, pollInMs: deps.scaled(CONSENT_POLL_MS) }),
  )
  return finished('pending')
}

/** Returns the requisitions that the new consent replaces. */
async function keepLinked(
  deps: BankingDeps,
  tx: Change,
  uuid: string,
  state: ConsentState,
  accounts: FeedAccount[],
): Promise<string[]> {
  const consent = await getConsent(tx, uuid, true)
  if (!consent || consent.status !== 'pending') return []
  const connection = (await getConnection(tx, consent.connectionId))!
  const today = deps.clock.now().toISOString().slice(0, 10)
  for (const account of accounts) {
    await keepAccount(tx, deps.vault, {
      connectionId: connection.id,
      bankName: connection.bankName,
      name: account.name,
      currency: account.currency,
      iban: account.iban,
      identity: accountIdentity(
        { iban: account.iban, other: account.otherNumber ?? account.providerAccountId },
        account.currency,
      ),
      providerAccountId: account.providerAccountId,
      firstSeenOn: today,
    })
  }
  const others = (await listLiveConsents(tx, connection.id)).filter((other: ConsentRow) => other.uuid !== uuid)
  for (const other of others) await setConsent(tx, other.uuid, { status: 'ended' })
  await setConsent(tx, uuid, { status: 'linked', returned: true })
  await setConnection(tx, connection.id, {
    status: 'active',
    error: null,
    consentExpiresAt: new Date((state.acceptedAt ?? deps.clock.now()).getTime() + consent.accessDays * DAY_MS),
    readFrom: addDays(today, -consent.maxHistoryDays),
  })
  await closeAlert(tx, 'consent_ended', connection.id)
  const syncId = newId('sync')
  await insertSync(tx, syncId, connection.id)
  await setNextSync(tx, connection.id, null, false)
  tx.job(SYNC_JOB, { connectionId: connection.id, by: 'scheduled' }, { onlyOne: connection.id })
  tx.event('bank_connection.active', connection.id, presentConnection((await getConnection(tx, connection.id))!))
  tx.audit({
    action: 'bank_connection.activate',
    resource: { type: 'bank_connection', id: connection.id },
    changes: { before: { status: connection.status }, after: { status: 'active', accounts: accounts.length } },
  })
  return others.map((other: ConsentRow) => other.requisitionId)
}

async function keepFailed(tx: Change, uuid: string, error: string): Promise<void> {
  const consent = await getConsent(tx, uuid, true)
  if (!consent || consent.status !== 'pending') return
  await setConsent(tx, uuid, { status: 'failed', error, returned: true })
  const connection = (await getConnection(tx, consent.connectionId))!
  // A connection that worked before goes on with the consent it has.
  if (connection.status === 'pending') {
    await setConnection(tx, connection.id, {
      status: 'error',
      error: {
        code: error,
        message: 'The bank gave no consent. Start again with POST /bank-connections/{id}/reconnect.',
      },
    })
    tx.event('bank_connection.error', connection.id, presentConnection((await getConnection(tx, connection.id))!))
  }
  tx.audit({
    action: 'bank_connection.consent_failed',
    resource: { type: 'bank_connection', id: connection.id },
    changes: { after: { error } },
  })
}
