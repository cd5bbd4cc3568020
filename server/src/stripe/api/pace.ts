import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StripeAccess } from '../deps.ts'
import { StripeFeedError } from '../stripe-feed.ts'

/** Calls a second. Stripe allows 25 for each endpoint and account, and for a platform 100 in live mode and 25 in test mode; whose
 *  account a call in another's name counts against it does not say, so both are held to. Several processes share what is left
 *  above. Source: Stripe, rate limits. */
const OF_ACCOUNT = 20
const OF_PLATFORM = { live: 80, test: 20 }
/** Longest wait for a turn, ms. Longer ones are for the queue, where they survive a restart. */
const WAIT_MS_MAX = 5_000
const FORGET_ABOVE = 10_000

/** Turns at calling Stripe, for all feeds of this process. */
export interface StripePace {
  /** Waits for a turn and returns how long that took, ms. Throws StripeFeedError (`later`) where it would take longer than 5 s. */
  turn(access: StripeAccess, now: Date): Promise<number>
}

export interface PaceOptions {
  /** Monotonic, ms. */
  nowMs?: () => number
  wait?: (ms: number) => Promise<unknown>
}

/** Token buckets, each kept as the one moment at which it will be full again: a second's calls may come at once, then they come
 *  evenly. */
export function createStripePace({ nowMs = () => performance.now(), wait = sleep }: PaceOptions = {}): StripePace {
  const fullAt = new Map<string, number>()

  const forget = (at: number): void => {
    for (const [key, full] of fullAt) if (full <= at) fullAt.delete(key)
  }

  return {
    turn: async (access, now) => {
      const at = nowMs()
      if (fullAt.size > FORGET_ABOVE) forget(at)
      const buckets = bucketsOf(access).map(({ key, perSecond }) => {
        const full = Math.max(at, fullAt.get(key) ?? at) + 1_000 / perSecond
        return { key, full, waitMs: full - 1_000 - at }
      })
      const waitMs = Math.ceil(Math.max(0, ...buckets.map((bucket) => bucket.waitMs)))
      if (waitMs > WAIT_MS_MAX) {
        throw new StripeFeedError(
          'later',
          'paced',
          'Too many calls to Stripe wait already. Payymo asks later by itself.',
          {
            notBefore: new Date(now.getTime() + waitMs),
          },
        )
      }
      for (const { key, full } of buckets) fullAt.set(key, full)
      if (waitMs > 0) await wait(waitMs)
      return waitMs
    },
  }
}

function bucketsOf(access: StripeAccess): { key: string; perSecond: number }[] {
  if (access.kind === 'restricted_key') return [{ key: digest(access.apiKey.reveal()), perSecond: OF_ACCOUNT }]
  const key = access.secretKey.reveal()
  const platform = digest(key)
  return [
    { key: `${platform} ${access.accountId}`, perSecond: OF_ACCOUNT },
    { key: platform, perSecond: key.startsWith('sk_test_') ? OF_PLATFORM.test : OF_PLATFORM.live },
  ]
}

/** Keys stand in no map. */
const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64')
