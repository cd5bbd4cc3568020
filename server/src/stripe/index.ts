/** Stripe: accounts, what moved on them, and which payout on the bank statement is made of what. */
import type { TenantId } from '../base/ids.ts'
import type { Slice } from '../http/slice.ts'
import { callbackRoutes, connectionJobs, connectionRoutes, type ConnectionsDeps } from './connections/index.ts'
import type { ConnectionRef } from './deps.ts'
import { catchUp, eventJobs, eventRoutes, type EventsDeps, eventSweeps } from './events/index.ts'
import { keep, lockAccountOf, newsAmong, refreshCharge, refreshReturn } from './ledger/index.ts'
import {
  type BankLines,
  composePayouts,
  findBankLines,
  type PayoutDeps,
  payoutRoutes,
  readPayouts,
  refreshPayout,
} from './payouts/index.ts'
import type { StripeFeed } from './stripe-feed.ts'
import { type SyncDeps, syncJobs, syncRoutes, syncSweeps } from './sync/index.ts'

export { createStripeFeed, createStripePace } from './api/index.ts'
export { feesOfCharges, listToldReturns, withholdReturned } from './charges/index.ts'
export { disconnectAllStripe } from './connections/index.ts'
export { analyzeSmallTables } from './ledger/index.ts'
export { STRIPE_EVENTS } from './events/index.ts'
export type { ConnectionRef, StripeAccess, StripeDeps, StripePlatform } from './deps.ts'
export { withholdPayoutLines } from './payouts/index.ts'
export type { StripeFeed } from './stripe-feed.ts'

/** What the slice is given: what all of it stands on, who is at a browser, and the lines of the bank. */
export type StripeSliceDeps = ConnectionsDeps &
  Pick<EventsDeps, 'platformSecrets' | 'limit' | 'networkOf'> &
  Pick<SyncDeps, 'statistics'> & { lines: BankLines }

const LONG_AGO = new Date(0)

export function stripeSlice(deps: StripeSliceDeps): Slice & {
  /** Looks for the bank's lines of payouts, before they are taken for payments of invoices. */
  findBankLines(tenantId: TenantId): Promise<void>
} {
  const payouts: PayoutDeps = {
    ...deps,
    keepRows: async (tx, ref, listed) => {
      // Most rows were walked over before their payout listed them: a hundred are told apart by one look.
      const rows = await newsAmong(tx, ref.id, listed)
      if (rows.length === 0) return
      const account = await lockAccountOf(tx, ref.id)
      // What the rows are about came along, and counts as read before everything else: it tells of charges from before the account was
      // read, and nothing new of those that are known.
      if (account) await keep(tx, deps, account, { rows, readAt: LONG_AGO })
    },
  }
  const explain = async (ref: ConnectionRef, feed: StripeFeed): Promise<void> => {
    await composePayouts(payouts, ref, feed)
    await findBankLines(payouts, ref.tenantId)
  }
  const events: EventsDeps = {
    ...deps,
    refreshCharge: (ref, feed, id, { lookAround }) => refreshCharge(deps, ref, feed, id, { again: lookAround }),
    refreshReturn: (ref, feed, kind, id) => refreshReturn(deps, ref, feed, kind, id),
    refreshPayout: async (ref, feed, id) => {
      await refreshPayout(payouts, ref, feed, id)
      await explain(ref, feed)
    },
  }
  const sync = {
    ...deps,
    parts: {
      readPayouts: (_: unknown, ref: ConnectionRef, feed: StripeFeed) => readPayouts(payouts, ref, feed),
      composePayouts: (_: unknown, ref: ConnectionRef, feed: StripeFeed) => explain(ref, feed),
      catchUp: (_: unknown, ref: ConnectionRef, feed: StripeFeed) => catchUp(events, ref, feed),
    },
  }
  return {
    findBankLines: (tenantId) => findBankLines(payouts, tenantId),
    routes: [
      ...connectionRoutes(deps),
      ...callbackRoutes(deps),
      ...syncRoutes(deps),
      ...payoutRoutes(payouts),
      ...eventRoutes(events),
    ],
    jobs: [...connectionJobs(deps), ...syncJobs(sync), ...eventJobs(events)],
    sweeps: [...syncSweeps(deps), ...eventSweeps(events)],
  }
}
