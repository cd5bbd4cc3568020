import type { Id, TenantId } from '../base/ids.ts'
import { newId } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import { listAccountsOf } from '../transactions/index.ts'
import { BankFeedError } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { listLiveConsents } from './consent-queries.ts'
import {
  type ConnectionRow,
  type ConnectionStatus,
  getConnection,
  lockConnection,
  setConnection,
  setNextSync,
} from './queries.ts'
import { keepRead, readAccount } from './read-account.ts'
import { presentConnection } from './schemas.ts'
import { STALE_FEED } from './stale-feeds.ts'
import {
  blockCalls,
  countFailures,
  DAILY_LIMIT,
  failInterrupted,
  findOpenSync,
  finishSync,
  insertSync,
  startSync,
} from './sync-queries.ts'

export const SYNC_JOB = 'sync-connection'

/** Three reads a day, so that one of the four the bank allows is left for a person. */
const INTERVAL_MS = 8 * 3_600_000
/** Up to this share of the interval comes on top, so that tenants do not all call at once. */
const JITTER = 0.1
/** Longest first wait after a failure; doubles with each further one, up to the interval. */
const RETRY_MS = 120_000

/** States in which a connection has a consent to read by. */
const READABLE: readonly ConnectionStatus[] = ['active', 'expiring', 'error']

/** Reads all accounts of a connection and records what is new. The provider is asked outside any transaction; then one
 *  transaction per account stores lines, events and the job that matches them. Failures are outcomes: kept on the
 *  connection and the sync, with the time of the next try. */
export async function syncConnection(
  deps: BankingDeps,
  tenantId: TenantId,
  connectionId: Id<'bank'>,
  by: 'scheduled' | 'asked',
): Promise<void> {
  const { store } = deps
  const actor = systemActor('bank sync')
  const begun = await store.change(tenantId, actor, async (tx) => {
    const connection = await getConnection(tx, connectionId)
    if (!connection || !READABLE.includes(connection.status)) return undefined
    await failInterrupted(tx, connectionId)
    const queued = await findOpenSync(tx, connectionId)
    const syncId = queued?.id ?? newId('sync')
    if (!queued) await insertSync(tx, syncId, connectionId)
    await startSync(tx, syncId)
    // An account that the present consent leaves out has no id at the provider: its history stays, nothing new is read.
    const accounts = (await listAccountsOf(tx, connectionId)).filter((account) => account.providerAccountId !== null)
    return { connection, syncId, accounts, consent: await liveConsent(tx, connectionId) }
  })
  if (!begun) return
  const feed = await deps.feedOf(tenantId)
  if (!feed) {
    const fault = new BankFeedError(
      'credentials',
      'provider_not_configured',
      'No bank data provider is configured. Ask whoever runs Payymo to set one up.',
    )
    await store.change(tenantId, actor, (tx) =>
      endSync(deps, tx, { ...begun, created: 0, updated: 0, waitsMs: [], waitsAll: false, fault }),
    )
    return
  }
  const { connection, syncId, accounts, consent } = begun
  let [created, updated] = [0, 0]
  const waitsMs: number[] = []
  let fault: BankFeedError | undefined
  for (const account of accounts) {
    try {
      const read = await readAccount(deps, tenantId, feed, connection, account, by)
      if (typeof read === 'number') {
        waitsMs.push(read)
        continue
      }
      const kept = await store.change(tenantId, actor, (tx) => keepRead(tx, read))
      created += kept.created
      updated += kept.updated
    } catch (error) {
      if (!(error instanceof BankFeedError)) throw error
      fault = error
      if (error.notBefore) {
        await store.change(tenantId, actor, (tx) => blockCalls(tx, account.id, 'transactions', error.notBefore!))
        waitsMs.push(error.notBefore.getTime() - deps.clock.now().getTime())
      }
      // The others share the consent; a fault of the consent or of our keys is theirs as well.
      if (error.fault === 'consent_expired' || error.fault === 'credentials') break
    }
  }
  await store.change(tenantId, actor, (tx) =>
    endSync(deps, tx, {
      connection,
      syncId,
      consent,
      created,
      updated,
      waitsMs,
      waitsAll: accounts.length > 0 && waitsMs.length === accounts.length,
      fault,
    }),
  )
}

const liveConsent = async (tx: Change, id: Id<'bank'>): Promise<string | undefined> =>
  (await listLiveConsents(tx, id)).find((consent) => consent.status === 'linked')?.uuid

async function endSync(
  deps: BankingDeps,
  tx: Change,
  result: {
    connection: ConnectionRow
    syncId: Id<'sync'>
    consent: string | undefined
    created: number
    updated: number
    /** How long the accounts that could not be read must wait, and whether that is all of them. */
    waitsMs: number[]
    waitsAll: boolean
    fault: BankFeedError | undefined
  },
): Promise<void> {
  const { fault } = result
  const connection = (await lockConnection(tx, result.connection.id))!
  // Revoked, or renewed by a new consent, while the old one was being read: what that read met says nothing about now.
  if (!READABLE.includes(connection.status) || (await liveConsent(tx, connection.id)) !== result.consent) {
    await finishSync(tx, result.syncId, {
      status: 'failed',
      created: result.created,
      updated: result.updated,
      error: 'consent_replaced',
    })
    return
  }
  const unread = result.waitsAll && !fault
  await finishSync(tx, result.syncId, {
    status: fault || unread ? 'failed' : 'done',
    created: result.created,
    updated: result.updated,
    error: fault?.reason ?? (unread ? DAILY_LIMIT : null),
  })
  const nextMs = await nextSyncMs(deps, tx, connection, fault, result)
  await setNextSync(tx, connection.id, nextMs, !fault && result.waitsMs.length === 0)
  if (unread) return
  if (!fault) {
    if (connection.status === 'error') await setConnection(tx, connection.id, { status: 'active', error: null })
    for (const code of ['bank_feed_failing', STALE_FEED]) await closeAlert(tx, code, connection.id)
    tx.event('bank_connection.synced', connection.id, presentConnection((await getConnection(tx, connection.id))!))
    return
  }
  if (fault.fault === 'later') return
  const expired = fault.fault === 'consent_expired'
  if (expired) await closeAlert(tx, STALE_FEED, connection.id)
  await setConnection(tx, connection.id, {
    status: expired ? 'expired' : 'error',
    error: { code: fault.reason, message: fault.message },
  })
  await openAlert(tx, {
    code: expired ? 'consent_ended' : 'bank_feed_failing',
    severity: 'warning',
    subject: { type: 'bank_connection', id: connection.id },
    message: expired
      ? `${connection.name}: ${fault.message}`
      : `${connection.name} could not be read: ${fault.message} Payymo tries again by itself; meanwhile statement files can be imported.`,
  })
  const after = presentConnection((await getConnection(tx, connection.id))!)
  tx.event(expired ? 'bank_connection.expired' : 'bank_connection.error', connection.id, after)
}

/** When to read again. Quotas are the provider's: a wait they ask for is not scaled. Failures wait longer each time, for ten
 *  in a row would make GoCardless suspend the account. */
async function nextSyncMs(
  deps: BankingDeps,
  tx: Change,
  connection: ConnectionRow,
  fault: BankFeedError | undefined,
  { waitsMs, waitsAll }: { waitsMs: number[]; waitsAll: boolean },
): Promise<number> {
  const interval = deps.scaled(INTERVAL_MS)
  if (waitsMs.length > 0 && (waitsAll || fault?.notBefore)) return Math.max(1_000, Math.min(...waitsMs))
  if (fault) {
    const planned = RETRY_MS * 2 ** Math.min(await countFailures(tx, connection.id), 9)
    return Math.min(deps.scaled(planned / 2 + Math.floor(Math.random() * (planned / 2))), interval)
  }
  return interval + Math.floor(Math.random() * interval * JITTER)
}
