import { addDays } from '../base/clock.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { newId } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import { retryDelayMs } from '../outbound/index.ts'
import { type AccountRow, listAccountsOf, MATCH_JOB, recordLines, setBalance } from '../transactions/index.ts'
import { type BankFeed, BankFeedError, type FeedBalance, type FeedLine } from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import { type ConnectionRow, getConnection, setConnection, setNextSync } from './queries.ts'
import { presentConnection } from './schemas.ts'
import { blockCalls, findOpenSync, finishSync, insertSync, spendCall, startSync } from './sync-queries.ts'

export const SYNC_JOB = 'sync-connection'

/** Each read goes back this far: banks book late, change texts, and fill fields in afterwards. */
const OVERLAP_DAYS = 14
/** Three reads a day, so that one of the four the bank allows is left for a person. */
const INTERVAL_MS = 8 * 3_600_000
/** Up to this share of the interval comes on top, so that tenants do not all call at once. */
const JITTER = 0.1
const RETRY_MS_MAX = 3_600_000

interface AccountRead {
  account: AccountRow
  from: string
  to: string
  lines: FeedLine[]
  balance: FeedBalance | undefined
}

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
    if (!connection || !['active', 'expiring', 'error'].includes(connection.status)) return undefined
    const queued = await findOpenSync(tx, connectionId)
    const syncId = queued?.id ?? newId('sync')
    if (!queued) await insertSync(tx, syncId, connectionId)
    await startSync(tx, syncId)
    return { connection, syncId, accounts: await listAccountsOf(tx, connectionId) }
  })
  const feed = begun && (await deps.feedOf(tenantId))
  if (!begun || !feed) return
  const { connection, syncId, accounts } = begun
  let [created, updated] = [0, 0]
  let waitMs: number | null = null
  let fault: BankFeedError | undefined
  for (const account of accounts) {
    try {
      const read = await readAccount(deps, tenantId, feed, connection, account, by)
      if (typeof read === 'number') {
        waitMs = Math.max(waitMs ?? 0, read)
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
        waitMs = Math.max(waitMs ?? 0, error.notBefore.getTime() - deps.clock.now().getTime())
      }
      // The others share the consent; a fault of the consent or of our keys is theirs as well.
      if (error.fault === 'consent_expired' || error.fault === 'credentials') break
    }
  }
  await store.change(tenantId, actor, (tx) =>
    endSync(deps, tx, { connection, syncId, created, updated, waitMs, fault }),
  )
}

/** The account's lines of the window, or how long to wait when the bank's allowance is used up. */
async function readAccount(
  deps: BankingDeps,
  tenantId: TenantId,
  feed: BankFeed,
  connection: ConnectionRow,
  account: AccountRow,
  by: 'scheduled' | 'asked',
): Promise<AccountRead | number> {
  const providerAccountId = account.providerAccountId
  if (providerAccountId === null) return 0
  const wait = await deps.store.change(tenantId, systemActor('bank sync'), (tx) =>
    spendCall(tx, account.id, 'transactions', by),
  )
  if (wait !== null) return wait
  const to = deps.clock.now().toISOString().slice(0, 10)
  const from = connection.readFrom ?? addDays(to, -OVERLAP_DAYS)
  const lines = await feed.listLines({ providerAccountId, currency: account.currency }, from, to)
  const mayAsk = await deps.store.change(tenantId, systemActor('bank sync'), (tx) =>
    spendCall(tx, account.id, 'balances', 'scheduled'),
  )
  // A balance is good to have; lines without one are still lines.
  const balance =
    mayAsk === null
      ? await feed.getBalance({ providerAccountId, currency: account.currency }).catch((error: unknown) => {
          if (error instanceof BankFeedError) return undefined
          throw error
        })
      : undefined
  return { account, from, to, lines, balance }
}

async function keepRead(tx: Change, read: AccountRead): Promise<{ created: number; updated: number }> {
  if (read.balance) await setBalance(tx, read.account.id, read.balance.amountMinor, tx.now)
  const kept = await recordLines(tx, read.account.id, {
    source: 'bank',
    lines: read.lines.map((line) => ({
      ...line,
      externalId: line.aliases.find((alias) => alias.kind === 'transaction_id')?.value ?? null,
    })),
    covers: { from: read.from, to: addDays(read.to, -1) },
  })
  if (kept.created > 0) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  return kept
}

async function endSync(
  deps: BankingDeps,
  tx: Change,
  result: {
    connection: ConnectionRow
    syncId: Id<'sync'>
    created: number
    updated: number
    waitMs: number | null
    fault: BankFeedError | undefined
  },
): Promise<void> {
  const { connection, fault } = result
  await finishSync(tx, result.syncId, {
    status: fault ? 'failed' : 'done',
    created: result.created,
    updated: result.updated,
    error: fault?.reason ?? null,
  })
  const interval = deps.scaled(INTERVAL_MS)
  const jitter = Math.floor(Math.random() * interval * JITTER)
  const retry =
    fault && fault.notBefore === undefined ? deps.scaled(60_000 + retryDelayMs(4, { capMs: RETRY_MS_MAX })) : undefined
  // Quotas are the provider's: a wait they ask for is not scaled.
  await setNextSync(
    tx,
    connection.id,
    Math.max(retry ?? interval + jitter, result.waitMs ?? 0),
    !fault && result.waitMs === null,
  )
  if (!fault) {
    if (connection.status === 'error') await setConnection(tx, connection.id, { status: 'active', error: null })
    await closeAlert(tx, 'bank_feed_failing', connection.id)
    tx.event('bank_connection.synced', connection.id, presentConnection((await getConnection(tx, connection.id))!))
    return
  }
  if (fault.fault === 'later') return
  const expired = fault.fault === 'consent_expired'
  await setConnection(tx, connection.id, {
    status: expired ? 'expired' : 'error',
    error: { code: fault.reason, message: fault.message },
  })
  await openAlert(tx, {
    code: expired ? 'consent_ended' : 'bank_feed_failing',
    severity: 'warning',
    subject: { type: 'bank_connection', id: connection.id },
    message: `${connection.name}: ${fault.message}`,
  })
  const after = presentConnection((await getConnection(tx, connection.id))!)
  tx.event(expired ? 'bank_connection.expired' : 'bank_connection.error', connection.id, after)
}
