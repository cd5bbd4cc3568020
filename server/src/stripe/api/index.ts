import type Stripe from 'stripe'
import type { Cursor, StripeFeed } from '../stripe-feed.ts'
import { createStripeClient, type StripeFeedOptions } from './client.ts'
import { unreadable } from './errors.ts'
import { readSurroundings } from './look-around.ts'
import { readPayouts } from './payout-calls.ts'
import { toAccount } from './to-account.ts'
import { toCharge } from './to-charge.ts'
import { toEvent } from './to-event.ts'
import { toLedgerRow } from './to-ledger-row.ts'
import { toDispute, toRefund } from './to-return.ts'

export type { StripeFeedOptions } from './client.ts'
export { createStripePace, type StripePace } from './pace.ts'

/** Longest page Stripe gives. */
const LIMIT = 100

/** Stripe's API as a StripeFeed, on the official library: it knows paths and parameters, `transport.ts` carries them. */
export function createStripeFeed(options: StripeFeedOptions): StripeFeed {
  const client = createStripeClient(options)
  return {
    getAccount: () =>
      client.one(undefined, (stripe, request) => stripe.accounts.retrieve(null, {}, request), toAccount),

    listLedger: (cursor, { payoutId, createdFrom } = {}) =>
      client.page(
        (stripe, request) =>
          stripe.balanceTransactions.list(
            {
              ...pageOf(cursor),
              ...(payoutId === undefined ? {} : { payout: payoutId }),
              ...(createdFrom === undefined ? {} : { created: since(createdFrom) }),
              expand: ['data.source'],
            },
            request,
          ),
        toLedgerRow,
      ),
    getLedgerRow: (id) =>
      client.one(
        id,
        (stripe, request) => stripe.balanceTransactions.retrieve(id, { expand: ['source'] }, request),
        // A source that cannot be read leaves the row without one.
        (raw) => toLedgerRow(raw, () => {}),
      ),

    listCharges: (cursor, { createdFrom }) =>
      client.page(
        (stripe, request) => stripe.charges.list({ ...pageOf(cursor), created: since(createdFrom) }, request),
        toCharge,
      ),
    getCharge: (id) => client.one(id, (stripe, request) => stripe.charges.retrieve(id, {}, request), toCharge),
    findChargeOf: async (paymentIntentId) => {
      const { rows, rejected } = await client.page(
        (stripe, request) => stripe.charges.list({ payment_intent: paymentIntentId, limit: LIMIT }, request),
        toCharge,
      )
      // Of all charges of an intent at most one succeeds.
      const found =
        rows.find((charge) => charge.status === 'succeeded') ?? rows.find((charge) => charge.status !== 'failed')
      // That there is none may be said only when all could be read.
      if (!found && rejected.length > 0) throw unreadable('unfit_object')
      return found
    },
    lookAround: (charge) => readSurroundings(client, charge),

    getRefund: (id) => client.one(id, (stripe, request) => stripe.refunds.retrieve(id, {}, request), toRefund),
    getDispute: (id) => client.one(id, (stripe, request) => stripe.disputes.retrieve(id, {}, request), toDispute),

    ...readPayouts(client, pageOf),

    listEvents: (cursor, { createdFrom }) =>
      client.page(
        (stripe, request) => stripe.events.list({ ...pageOf(cursor), created: since(createdFrom) }, request),
        toEvent,
      ),
  }
}

const pageOf = ({ before, after }: Cursor): Stripe.PaginationParams => ({
  limit: LIMIT,
  ...(before === undefined ? {} : { starting_after: before }),
  ...(after === undefined || before !== undefined ? {} : { ending_before: after }),
})

/** Seconds are Stripe's finest unit: what happened within the first one is asked for again. */
const since = (from: Date): Stripe.RangeQueryParam => ({ gte: Math.floor(from.getTime() / 1_000) })
