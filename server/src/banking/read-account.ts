import { addDays } from '../base/clock.ts'
import { assert } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import { systemActor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import { type AccountRow, MATCH_JOB, recordLines, setBalance } from '../transactions/index.ts'
import {
  type BankFeed,
  BankFeedError,
  type FeedBalance,
  type FeedLine,
  type FeedRead,
  wasRefused,
} from './bank-feed.ts'
import type { BankingDeps } from './deps.ts'
import type { ConnectionRow } from './queries.ts'
import { type CallScope, refundCall, spendCall } from './sync-queries.ts'

/** Each read goes back this far: banks book late, change texts, and fill fields in afterwards. */
const OVERLAP_DAYS = 14

export interface AccountRead {
  account: AccountRow
  to: string
  lines: FeedLine[]
  rejected: string[]
  covers: { from: string; to: string } | null
  balance: FeedBalance | undefined
}

/** The account's lines of the window, or how long to wait when the bank's allowance is used up. */
export async function readAccount(
  deps: BankingDeps,
  tenantId: TenantId,
  feed: BankFeed,
  connection: ConnectionRow,
  account: AccountRow,
  by: 'scheduled' | 'asked',
): Promise<AccountRead | number> {
  const { id, currency, providerAccountId } = account
  assert(providerAccountId !== null, 'only accounts of the present consent are read')
  const asked = { providerAccountId, currency, institutionId: connection.institutionId }
  const actor = systemActor('bank sync')
  const wait = await deps.store.change(tenantId, actor, (tx) => spendCall(tx, id, 'transactions', by))
  if (wait !== null) return wait
  const to = deps.clock.now().toISOString().slice(0, 10)
  const from = connection.readFrom ?? addDays(to, -OVERLAP_DAYS)
  const refund = async (scope: CallScope, error: unknown): Promise<void> => {
    if (!(error instanceof BankFeedError)) throw error
    if (wasRefused(error)) await deps.store.change(tenantId, actor, (tx) => refundCall(tx, id, scope))
  }
  let read: FeedRead
  try {
    read = await feed.listLines(asked, from, to)
  } catch (error) {
    await refund('transactions', error)
    throw error
  }
  const mayAsk = await deps.store.change(tenantId, actor, (tx) => spendCall(tx, id, 'balances', 'scheduled'))
  // A balance is good to have; lines without one are still lines.
  const balance =
    mayAsk === null
      ? await feed.getBalance(asked).catch((error: unknown) => refund('balances', error).then(() => undefined))
      : undefined
  return { account, to, covers: coveredDays(read.lines, from, to, connection.readFrom !== null), ...read, balance }
}

/** The past days that the answer holds in full. Days before the history that a bank gives are cut off without a word, so a
 *  long history begins to count behind its first line. */
function coveredDays(
  lines: FeedLine[],
  from: string,
  to: string,
  isHistory: boolean,
): { from: string; to: string } | null {
  const first = lines
    .filter((line) => line.status === 'booked')
    .map((line) => line.bookedOn)
    .sort()[0]
  if (isHistory && first === undefined) return null
  const covers = { from: isHistory && addDays(first!, 1) > from ? addDays(first!, 1) : from, to: addDays(to, -1) }
  return covers.from <= covers.to ? covers : null
}

/** Stores what a read brought, with the job that matches it. */
export async function keepRead(tx: Change, read: AccountRead): Promise<{ created: number; updated: number }> {
  if (read.balance) await setBalance(tx, read.account.id, read.balance.amountMinor, tx.now)
  const kept = await recordLines(tx, read.account.id, {
    source: 'bank',
    lines: read.lines.map((line) => ({
      ...line,
      externalId: line.aliases.find((alias) => alias.kind === 'transaction_id')?.value ?? null,
    })),
    covers: read.covers,
  })
  if (read.rejected.length > 0) {
    await openAlert(tx, {
      code: 'bank_lines_unreadable',
      severity: 'warning',
      subject: { type: 'bank_account', id: read.account.id },
      message: `${read.account.name}: ${read.rejected.length} entries of the bank could not be read (${read.rejected[0]!.slice(0, 120)}). Import a statement file of these days.`,
    })
  } else await closeAlert(tx, 'bank_lines_unreadable', read.account.id)
  if (kept.created > 0) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  return kept
}
