import { addDays } from '../../base/clock.ts'
import { uuidOf } from '../../base/ids.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import type { ConnectionRef } from '../deps.ts'
import { type Cursor, type StripeFeed, StripeFeedError, type StripeId } from '../stripe-feed.ts'
import type { PayoutDeps } from './deps.ts'
import { keepPayouts, PAYOUTS } from './keep-payouts.ts'

/** The status of a payout can change for five working days after its arrival, its trace id for ten days. */
const LOOK_BACK_DAYS = 21
/** A hundred payouts each: more than a business makes in so many days. */
const PAGES_MAX = 50

/** Reads the payouts that may still change or are new: those that arrive from three weeks ago on, further back after a longer
 *  silence, and as far as the ledger goes the first time. Each page is a change of its own. Throws StripeFeedError. */
export async function readPayouts(deps: PayoutDeps, ref: ConnectionRef, feed: StripeFeed): Promise<void> {
  const arrivalFrom = addDays(await lastRead(deps, ref), -LOOK_BACK_DAYS)
  const rejected: string[] = []
  const seen = new Set<StripeId>()
  let cursor: Cursor = {}
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await feed.listPayouts(cursor, { arrivalFrom })
    rejected.push(...page.rejected)
    for (const id of await keepPayouts(deps, ref, page.rows)) {
      rejected.push(`Payout ${id} comes with another amount or currency than before.`)
    }
    const last = page.rows.at(-1)
    // A page that leads nowhere new would be asked for without end.
    if (!page.more || !last || seen.has(last.id)) break
    seen.add(last.id)
    cursor = { before: last.id }
  }
  await tellRejected(deps, ref, rejected)
}

/** Reads one payout again, after Stripe said that it changed. One that is gone at Stripe is left as it is. */
export async function refreshPayout(
  deps: PayoutDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  id: StripeId,
): Promise<void> {
  try {
    await keepPayouts(deps, ref, [await feed.getPayout(id)])
  } catch (error) {
    if (!(error instanceof StripeFeedError && error.fault === 'gone')) throw error
  }
}

/** The day the payouts were last read, today at the latest; before the first time, the day the ledger begins. */
async function lastRead({ store, clock, backfillDays }: PayoutDeps, ref: ConnectionRef): Promise<string> {
  const today = clock.now().toISOString().slice(0, 10)
  const connection = await store.read(ref.tenantId, (tx) =>
    tx.first<{ last_sync_at: Date | null; backfill_days: number | null; known: boolean }>(
      `select c.last_sync_at, c.backfill_days, exists (select 1 from payouts p where p.tenant_id = c.tenant_id and p.connection_id = c.id) as known
         from stripe_connections c where c.tenant_id = $1 and c.id = $2`,
      [uuidOf(ref.tenantId), uuidOf(ref.id)],
    ),
  )
  const last = connection?.last_sync_at
  if (!last || !connection.known)
    return addDays(today, LOOK_BACK_DAYS - Math.max(LOOK_BACK_DAYS, connection?.backfill_days ?? backfillDays))
  const day = last.toISOString().slice(0, 10)
  return day < today ? day : today
}

/** Payouts that cannot be read are in no list: a person must know that something is missing. */
async function tellRejected({ store, log }: PayoutDeps, ref: ConnectionRef, rejected: string[]): Promise<void> {
  if (rejected.length > 0) log.warn('stripe payouts left out', { connection_id: ref.id, count: rejected.length })
  const open = await store.read(ref.tenantId, (tx) =>
    tx.first<object>(
      "select 1 from alerts where tenant_id = $1 and code = 'payouts_unreadable' and subject_id = $2 and closed_at is null",
      [tx.tenantUuid, ref.id],
    ),
  )
  if (rejected.length > 0 === (open !== undefined)) return
  await store.change(ref.tenantId, PAYOUTS, async (tx) => {
    if (rejected.length === 0) return closeAlert(tx, 'payouts_unreadable', ref.id)
    await openAlert(tx, {
      code: 'payouts_unreadable',
      severity: 'warning',
      subject: { type: 'stripe_connection', id: ref.id },
      message: `${rejected.length} payouts of this Stripe account could not be read and are missing here. ${rejected[0]!} Look for them in the Stripe Dashboard; Payymo reads them again with every sync.`,
    })
  })
}
