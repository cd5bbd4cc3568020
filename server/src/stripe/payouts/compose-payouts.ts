import { addDays } from '../../base/clock.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripeFeed } from '../stripe-feed.ts'
import { listToItemise } from './compose-queries.ts'
import { deduceOpen } from './deduce-payouts.ts'
import type { PayoutDeps } from './deps.ts'
import { itemisePayout } from './itemise-payout.ts'
import type { PayoutRow } from './queries.ts'

/** So many days after arrival a list is read although Stripe does not call it final, and so many after which it is taken for final. */
const READ_ANYWAY_DAYS = 3
const FINAL_ANYWAY_DAYS = 10
/** What did not add up is tried again, less and less hopefully, for two months. */
const AGAIN_MS = 6 * 3_600_000
const AGAIN_FOR_DAYS = 60
/** Payouts and pages of one run; the rest is for the next. */
const PAYOUTS_MAX = 200
const PAGES_MAX = 3000

/** Finds out what payouts are made of: automatic ones by Stripe's own list, the others from the ledger. Those that are explained
 *  are left alone. The ledger should be read first: what it lacks, lists of payouts bring. Throws StripeFeedError. */
export async function composePayouts(deps: PayoutDeps, ref: ConnectionRef, feed: StripeFeed): Promise<void> {
  const now = deps.clock.now()
  const today = now.toISOString().slice(0, 10)
  const due = await deps.store.read(ref.tenantId, (tx) =>
    listToItemise(
      tx,
      ref,
      {
        now,
        arrivedBefore: addDays(today, -READ_ANYWAY_DAYS),
        arrivalFrom: addDays(today, -AGAIN_FOR_DAYS),
        triedBefore: new Date(now.getTime() - deps.scaled(AGAIN_MS)),
      },
      PAYOUTS_MAX,
    ),
  )
  const isFinal = ({ reconciliationStatus, arrivalOn }: PayoutRow): boolean =>
    reconciliationStatus === 'completed' || arrivalOn <= addDays(today, -FINAL_ANYWAY_DAYS)
  let pages = 0
  for (const payout of due) {
    if (pages >= PAGES_MAX) break
    pages += await itemisePayout(deps, ref, feed, payout, isFinal(payout))
  }
  await deduceOpen(deps, ref, feed)
}
