import { formatAmount } from '../../base/money.ts'
import type { ConnectionRef } from '../deps.ts'
import { type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { assignRows, setComposition } from './compose-queries.ts'
import { deducePayouts, type Verdict } from './deduce.ts'
import {
  getBeginning,
  getRows,
  type LedgerPayout,
  listCurrenciesToDeduce,
  loadLedger,
  lockFreeRows,
  setHasOlder,
} from './deduce-queries.ts'
import type { PayoutDeps } from './deps.ts'
import { PAYOUTS } from './keep-payouts.ts'
import { lockPayout } from './queries.ts'
import { sayReconciled } from './say-payout.ts'
import { addUp } from './sum-items.ts'

/** Explains the payouts that Stripe does not list, where the ledger has one answer only; of the others it says why not. Asks Stripe
 *  once for each account whether it has any money older than the ledger. Throws StripeFeedError. */
export async function deduceOpen(deps: PayoutDeps, ref: ConnectionRef, feed: StripeFeed): Promise<void> {
  const currencies = await deps.store.read(ref.tenantId, (tx) => listCurrenciesToDeduce(tx, ref))
  if (currencies.length === 0) return
  const hasOlder = await askForOlder(deps, ref, feed)
  for (const currency of currencies) {
    const { movements, payouts, knownFrom, whole } = await deps.store.read(ref.tenantId, (tx) =>
      loadLedger(tx, ref, currency),
    )
    if (knownFrom === null) continue
    const verdicts = deducePayouts({ movements, payouts, knownFrom, beginsEmpty: whole && !hasOlder })
    const oldestFirst = payouts.toSorted((one, other) => one.at.getTime() - other.at.getTime())
    for (const payout of oldestFirst) {
      const verdict = verdicts.get(payout.id)
      if (verdict) await keepVerdict(deps, ref, payout, verdict)
    }
  }
}

/** Whether anything happened at the account before the ledger begins. */
async function askForOlder({ store }: PayoutDeps, ref: ConnectionRef, feed: StripeFeed): Promise<boolean> {
  const { hasOlder, oldest } = await store.read(ref.tenantId, (tx) => getBeginning(tx, ref))
  if (hasOlder !== null || oldest === null) return hasOlder ?? true
  try {
    const older = await feed.listLedger({ before: oldest })
    const found = older.rows.length > 0 || older.rejected.length > 0 || older.more
    await store.change(ref.tenantId, PAYOUTS, (tx) => setHasOlder(tx, ref, found))
    return found
  } catch (error) {
    if (error instanceof StripeFeedError && error.fault === 'gone') return true
    throw error
  }
}

async function keepVerdict(
  { store }: PayoutDeps,
  ref: ConnectionRef,
  { payoutId, composition }: LedgerPayout,
  verdict: Verdict,
): Promise<void> {
  const found = 'rows' in verdict
  if (composition !== 'open' && !(composition === 'unexplained' && found)) return
  if (!found && verdict.why === 'wait') return
  await store.change(ref.tenantId, PAYOUTS, async (tx) => {
    const payout = await lockPayout(tx, payoutId)
    if (!payout || payout.composition !== composition || payout.automatic) return
    if (!found) {
      const note = wordsOf(verdict, payout.currency)
      await setComposition(tx, payoutId, { composition: 'unexplained', note, at: tx.now, sums: null })
    } else {
      const rows = await lockFreeRows(tx, ref, verdict.rows)
      const sums = addUp(payout, rows, await getRows(tx, ref, [payout.balanceTransactionId ?? '']))
      // The ledger moved on since it was read: the next look sees it as it is.
      if (rows.length !== verdict.rows.length || sums.differenceMinor !== 0n || sums.fault !== null) return
      const items = await assignRows(tx, payout, verdict.rows, [])
      await setComposition(tx, payoutId, { composition: 'deduced', note: null, at: tx.now, sums: { ...sums, items } })
    }
    tx.audit({
      action: 'payout.deduce',
      resource: { type: 'payout', id: payoutId },
      changes: { after: { composition: found ? 'deduced' : 'unexplained' } },
    })
    await sayReconciled(tx, payoutId)
  })
}

/** Why it is not explained, for people. */
function wordsOf(verdict: Exclude<Verdict, { rows: string[] }>, currency: string): string {
  const begin = 'Stripe does not list what payouts made by hand are made of.'
  switch (verdict.why) {
    case 'several':
      return `${begin} More than one set of movements adds up to this one.`
    case 'part':
      return `${begin} The balance before it was ${formatAmount(verdict.balanceMinor, currency)} ${currency}; nothing tells which part of it this payout took.`
    case 'together':
      return `${begin} Together with the payouts before it, it emptied the balance; which movement went with which cannot be told.`
    default:
      return `${begin} What the balance held before it is not known, and what came since the payout before does not add up to it.`
  }
}
