import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { type LedgerRow, type StripeFeed, StripeFeedError, type StripeReturn } from '../stripe-feed.ts'
import { lockAccountOf, readingBegins } from './account.ts'
import { keep } from './keep.ts'
import { chargeOf } from './ledger-queries.ts'
import { lookAroundCharge } from './look-around.ts'
import { listMissingRows } from './return-queries.ts'

const ACTOR = systemActor('stripe refresh')

/** Reads one charge again and keeps what it is now, with its rows of the ledger where those are new. A charge that names no invoice is
 *  looked around (up to three more reads), once; with `again` also when that was done before. Throws StripeFeedError, `gone` where
 *  Stripe has no such charge. */
export async function refreshCharge(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  id: string,
  { again = false }: { again?: boolean } = {},
): Promise<void> {
  const readAt = await readingBegins(deps, ref)
  const charge = await feed.getCharge(id)
  const rows = await missingRows(
    deps,
    ref,
    feed,
    [charge.balanceTransactionId, charge.failureBalanceTransactionId].filter((rowId) => rowId !== null),
  )
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    const account = await lockAccountOf(tx, ref.id)
    if (account) await keep(tx, deps, account, { rows: rows.map(bare), charges: [charge], readAt })
  })
  await lookAroundCharge(deps, ref, feed, charge, { again })
}

/** Reads these charges one by one; what is gone at Stripe stops nothing. At most `CHARGES_MAX`: the night's reading finds the rest. */
export async function refreshCharges(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  ids: Iterable<string>,
): Promise<void> {
  for (const id of [...new Set(ids)].slice(0, CHARGES_MAX)) await unlessGone(() => refreshCharge(deps, ref, feed, id))
}

const CHARGES_MAX = 50

/** Stripe may have forgotten an object: then it is as we know it. */
export async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StripeFeedError && error.fault === 'gone')) throw error
  }
}

/** Reads one refund or dispute again and keeps what it is now, with its rows of the ledger: they say whether money moved. Throws
 *  StripeFeedError. */
export async function refreshReturn(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  kind: StripeReturn['kind'],
  id: string,
): Promise<void> {
  const readAt = await readingBegins(deps, ref)
  const returned = kind === 'refund' ? await feed.getRefund(id) : await feed.getDispute(id)
  const rows = await missingRows(deps, ref, feed, returned.ledgerIds)
  await deps.store.change(ref.tenantId, ACTOR, async (tx) => {
    const account = await lockAccountOf(tx, ref.id)
    if (account) await keep(tx, deps, account, { rows: rows.map(bare), returns: [returned], readAt })
  })
}

async function missingRows(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  ledgerIds: readonly string[],
): Promise<LedgerRow[]> {
  const missing = await deps.store.read(ref.tenantId, (tx) => listMissingRows(tx, ref.id, ledgerIds))
  const rows: LedgerRow[] = []
  for (const ledgerId of missing) rows.push(await feed.getLedgerRow(ledgerId))
  return rows
}

/** The row without its source: that was just read by itself, and is no older. */
const bare = (row: LedgerRow): LedgerRow => ({ ...row, chargeId: chargeOf(row), source: {} })
