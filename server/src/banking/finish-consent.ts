import { addDays } from '../base/clock.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { newId } from '../base/ids.ts'
import { closeAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import { accountIdentity, keepAccount, listAccountsOf } from '../transactions/index.ts'
import { type BankFeed, BankFeedError, type ConsentState, type FeedAccount } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { CONSENT_POLL_MS } from './initialize-connection.ts'
import { type ConsentRow, getConsent, listLiveConsents, setConsent } from './consent-queries.ts'
import { forgetProviderIds, getConnection, setConnection, setNextSync } from './queries.ts'
import { presentConnection } from './schemas.ts'
import { beginReading } from './stale-feeds.ts'
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
  if (consent.status === 'linked') return finished('active')
  if (consent.status === 'ended') {
    // Replaced by a later consent, or revoked with its connection: the connection itself says how it stands.
    const connection = await deps.store.read(tenantId, (tx) => getConnection(tx, consent.connectionId))
    const alive = connection?.status === 'active' || connection?.status === 'expiring'
    return alive ? finished('active') : finished('failed', `connection_${connection?.status ?? 'gone'}`)
  }
  if (consent.status === 'failed') return finished('failed', consent.error ?? 'consent_failed')

  const feed = await deps.feedOf(tenantId)
  if (!feed) return finished('failed', 'provider_not_configured')
  const state = await feed.readConsent(consent.requisitionId)
  if (state.status === 'linked') {
    // Banks allow four looks at an account's details a day: an account known under its id is not asked for again.
    const known = await deps.store.read(tenantId, (tx) => listAccountsOf(tx, consent.connectionId))
    const knownIds = new Set(known.map((account) => account.providerAccountId))
    const unknown = state.accountIds.filter((id) => !knownIds.has(id))
    const { accounts, fault } = await readAccounts(feed, unknown)
    if (fault && accounts.length === 0 && unknown.length === state.accountIds.length) {
      await deps.store.change(tenantId, systemActor('bank consent'), (tx) => keepFailed(tx, uuid, fault.reason))
      return finished('failed', fault.reason)
    }
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

/** The accounts of the consent; one that is closed or without access does not hold up the others, and is told as `fault`. */
async function readAccounts(
  feed: BankFeed,
  ids: string[],
): Promise<{ accounts: FeedAccount[]; fault: BankFeedError | undefined }> {
  const accounts: FeedAccount[] = []
  let fault: BankFeedError | undefined
  for (const id of ids) {
    try {
      accounts.push(await feed.getAccount(id))
    } catch (error) {
      if (!(error instanceof BankFeedError) || error.fault !== 'gone') throw error
      fault = error
    }
  }
  return { accounts, fault }
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
  await forgetProviderIds(tx, connection.id, state.accountIds)
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
  await beginReading(tx, connection.id)
  await closeAlert(tx, 'consent_ended', connection.id)
  await closeAlert(tx, 'consent_ending', connection.id)
  const syncId = newId('sync')
  await insertSync(tx, syncId, connection.id)
  await setNextSync(tx, connection.id, null, false)
  tx.job(SYNC_JOB, { connectionId: connection.id, by: 'scheduled' }, { onlyOne: connection.id })
  tx.event('bank_connection.active', connection.id, presentConnection((await getConnection(tx, connection.id))!))
  tx.audit({
    action: 'bank_connection.activate',
    resource: { type: 'bank_connection', id: connection.id },
    changes: { before: { status: connection.status }, after: { status: 'active', accounts: state.accountIds.length } },
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
