import type { TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import type { StripeFeed, StripeId } from '../stripe-feed.ts'

/** A secret that signs what comes to `/webhooks/stripe`. */
export interface PlatformSecret {
  secret: Secret
  /** The mode of the endpoint it signs for; null where that is not known. One in live mode sends events of both modes. */
  livemode: boolean | null
  /** Whose own platform it is: such a secret speaks for this tenant only. Without it, it is ours and speaks for all. */
  tenantId?: TenantId
  /** The platform's own account at Stripe, which events without `account` are about. */
  accountId?: StripeId
}

/** Counts one use of what is limited per minute; a network is what stands for its addresses (limits/). */
export interface EventLimits {
  limit(subject: string, perMinute: number): Promise<{ admitted: boolean; retryAfterSeconds: number }>
  networkOf(ip: string): string
}

/** What events/ is given. The three functions read an object again and keep what they find; doing so again changes nothing. */
export interface EventsDeps extends StripeDeps, EventLimits {
  /** Ours. Those of platforms that tenants brought are asked of `platformOf`. */
  platformSecrets(): readonly PlatformSecret[]
  /** `lookAround`: what stands beside the charge has changed too. */
  refreshCharge(ref: ConnectionRef, feed: StripeFeed, id: StripeId, more: { lookAround: boolean }): Promise<unknown>
  refreshReturn(ref: ConnectionRef, feed: StripeFeed, kind: 'refund' | 'dispute', id: StripeId): Promise<unknown>
  refreshPayout(ref: ConnectionRef, feed: StripeFeed, id: StripeId): Promise<unknown>
}

/** Job that works off what came for one connection: `{ connectionId }`. */
export const EVENTS_JOB = 'stripe.events'
