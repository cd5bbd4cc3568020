import type Stripe from 'stripe'
import { type Cursor, type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import type { StripeClient } from './client.ts'
import { toPayout } from './to-payout.ts'

/** Payouts with the account they go to, where Stripe lets us see it: for accounts that are only connected that is not settled, so
 *  after a refusal the feed asks without it, and keeps to that. */
export function readPayouts(
  client: StripeClient,
  pageOf: (cursor: Cursor) => Stripe.PaginationParams,
): Pick<StripeFeed, 'listPayouts' | 'getPayout'> {
  let seesDestination = true

  const either = async <T>(ask: (seen: boolean) => Promise<T>): Promise<T> => {
    if (!seesDestination) return ask(false)
    try {
      return await ask(true)
    } catch (error) {
      if (!(error instanceof StripeFeedError) || (error.fault !== 'refused' && error.fault !== 'permission'))
        throw error
      const answer = await ask(false)
      seesDestination = false
      return answer
    }
  }

  return {
    listPayouts: (cursor, { arrivalFrom }) =>
      either((seen) =>
        client.page(
          (stripe, request) =>
            stripe.payouts.list(
              {
                ...pageOf(cursor),
                arrival_date: { gte: Math.floor(Date.parse(`${arrivalFrom}T00:00:00Z`) / 1_000) },
                ...(seen ? { expand: ['data.destination'] } : {}),
              },
              request,
            ),
          toPayout,
        ),
      ),
    getPayout: (id) =>
      either((seen) =>
        client.one(
          id,
          (stripe, request) => stripe.payouts.retrieve(id, seen ? { expand: ['destination'] } : {}, request),
          toPayout,
        ),
      ),
  }
}
