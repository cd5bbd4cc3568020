import { assert } from '../../base/errors.ts'
import { formatAmount } from '../../base/money.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import type { ConnectionRef } from '../deps.ts'
import { type Cursor, type LedgerRow, type StripeFeed, StripeFeedError, type StripeId } from '../stripe-feed.ts'
import { assignRows, listOwners, reopenComposition, setComposition } from './compose-queries.ts'
import type { PayoutDeps } from './deps.ts'
import { PAYOUTS } from './keep-payouts.ts'
import { isComplete, lockPayout, type PayoutRow, wasTold } from './queries.ts'
import { sayReconciled } from './say-payout.ts'
import { type Item, type Sums, sumItems } from './sum-items.ts'

/** A hundred rows each. A payout that is larger than this stays unexplained. */
const PAGES_MAX = 2000

export const DIFFERENCE = 'payout_difference'

/** Reads what Stripe lists for an automatic payout, keeps its rows, and adds them up to the cent. `final`: the list is not going to
 *  change; of another one only a sum that comes out right is believed. Run again it ends in the same rows. Returns how many pages
 *  were read. Throws StripeFeedError, also in the middle: then everything is as before, but for rows new to the ledger. */
export async function itemisePayout(
  deps: PayoutDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  payout: PayoutRow,
  final: boolean,
): Promise<number> {
  const rows = new Map<StripeId, Item>()
  let flaw: string | null = null
  let cursor: Cursor = {}
  let pages = 0
  for (;;) {
    const page = await listed(feed, cursor, payout.externalId)
    pages += 1
    if (page === undefined) {
      await noteUnlisted(deps, ref, payout)
      return pages
    }
    if (page.rejected.length > 0) flaw ??= `A part of its list cannot be read. ${page.rejected[0]!}`
    const fresh = uniqueRows(page.rows.filter((row) => !rows.has(row.id)))
    if (fresh.length > 0) await deps.store.change(ref.tenantId, PAYOUTS, (tx) => deps.keepRows(tx, ref, fresh))
    for (const row of fresh) rows.set(row.id, slim(row))
    const last = page.rows.at(-1)
    if (!page.more || !last) break
    if (fresh.length === 0 || pages === PAGES_MAX) {
      flaw ??= 'Its list does not end.'
      break
    }
    cursor = { before: last.id }
  }
  const sums = sumItems(payout, [...rows.values()])
  await keepSums(deps, ref, payout, { ...sums, fault: flaw ?? sums.fault }, final)
  return pages
}

async function listed(feed: StripeFeed, cursor: Cursor, payoutId: StripeId) {
  try {
    return await feed.listLedger(cursor, { payoutId })
  } catch (error) {
    if (error instanceof StripeFeedError && (error.fault === 'not_itemised' || error.fault === 'gone')) return undefined
    throw error
  }
}

const uniqueRows = (rows: LedgerRow[]): LedgerRow[] => [...new Map(rows.map((row) => [row.id, row])).values()]

/** A payout of a hundred thousand rows is added up in memory. */
const slim = ({ id, type, sourceId, amountMinor, feeMinor, netMinor, currency }: LedgerRow): Item => ({
  id,
  type,
  sourceId,
  amountMinor,
  feeMinor,
  netMinor,
  currency,
})

async function keepSums(
  deps: PayoutDeps,
  ref: ConnectionRef,
  { id }: PayoutRow,
  sums: Sums,
  final: boolean,
): Promise<void> {
  await deps.store.change(ref.tenantId, PAYOUTS, async (tx) => {
    const payout = await lockPayout(tx, id)
    assert(payout, 'a payout is never removed')
    if (isComplete(payout)) return
    const ids = sums.items.map((item) => item.id)
    const owners = await listOwners(tx, payout, ids)
    // What Stripe lists wins over what was deduced; two of its lists that claim one row contradict each other.
    const listedTwice = owners.filter(({ composition }) => composition === 'itemised').map((owner) => owner.id)
    const believed = sums.fault === null && sums.differenceMinor === 0n && listedTwice.length === 0
    if (!believed && !final) return notYet(tx, payout)
    for (const owner of owners) if (owner.composition === 'deduced') await reopenComposition(tx, owner.id)
    const items = await assignRows(tx, payout, ids, listedTwice)
    const fault =
      sums.fault ??
      (listedTwice.length > 0 ? 'A part of its list belongs to another payout.' : null) ??
      (items < ids.length ? 'A part of its list is not in the ledger here.' : null)
    const complete = fault === null && sums.differenceMinor === 0n
    const note = complete ? null : (fault ?? differenceWords(payout, sums))
    await setComposition(tx, id, { composition: 'itemised', note, at: tx.now, sums: { ...sums, items } })
    tx.audit({
      action: 'payout.itemise',
      resource: { type: 'payout', id },
      changes: { after: { items, complete } },
    })
    if (!complete) return tellDifference(tx, payout, note!)
    await closeAlert(tx, DIFFERENCE, id)
    await sayReconciled(tx, id)
  })
}

const notYet = (tx: Change, payout: PayoutRow): Promise<void> =>
  setComposition(tx, payout.id, {
    composition: 'open',
    note: 'Stripe has not finished the list of what this payout is made of.',
    at: tx.now,
    sums: null,
  })

/** The fact in a sentence: what adds up, and to what. */
const differenceWords = (payout: PayoutRow, sums: Sums): string => {
  const money = (minor: bigint): string => `${formatAmount(minor, payout.currency)} ${payout.currency}`
  const sum = sums.itemsTotalMinor - sums.feesTotalMinor
  return `What Stripe lists adds up to ${money(sum)}, the payout is ${money(payout.amountMinor)}: ${money(sums.differenceMinor)} are unexplained.`
}

/** Never hidden, and tried again; told once. */
async function tellDifference(tx: Change, payout: PayoutRow, note: string): Promise<void> {
  if (await wasTold(tx, DIFFERENCE, payout.id)) return
  await openAlert(tx, {
    code: DIFFERENCE,
    severity: 'warning',
    subject: { type: 'payout', id: payout.id },
    message: `Payout ${payout.externalId} is not explained to the cent. ${note} Payymo reads the list again; if this stays, compare it with the payout's page in the Stripe Dashboard.`,
  })
}

async function noteUnlisted(deps: PayoutDeps, ref: ConnectionRef, { id }: PayoutRow): Promise<void> {
  await deps.store.change(ref.tenantId, PAYOUTS, async (tx) => {
    const note = 'Stripe does not list what this payout is made of.'
    await setComposition(tx, id, { composition: 'unexplained', note, at: tx.now, sums: null })
    tx.audit({ action: 'payout.itemise', resource: { type: 'payout', id }, changes: { after: { listed: false } } })
  })
}
