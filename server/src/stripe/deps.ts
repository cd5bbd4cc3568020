import type { Clock, Scaled } from '../base/clock.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import type { Outbound } from '../outbound/index.ts'
import type { StripeFeed } from './stripe-feed.ts'

/** What a platform is to Stripe, in one mode. A tenant's own (contract 4.3) comes before ours. */
export interface StripePlatform {
  secretKey: Secret | undefined
  clientId: string | undefined
  /** Secrets of our endpoint at Stripe; several while one is rolled. */
  webhookSecrets: readonly Secret[]
  livemode: boolean
}

/** How an account is called: with a restricted key of its own, or with the platform's key in its name. */
export type StripeAccess =
  | { kind: 'restricted_key'; apiKey: Secret }
  | { kind: 'connect_oauth'; secretKey: Secret; accountId: string }

/** What stripe/ is given by main. */
export interface StripeDeps {
  store: Store
  vault: Vault
  outbound: Outbound
  clock: Clock
  scaled: Scaled
  log: Log
  /** Where Stripe is: the API and the pages of Connect, base URLs without a path. */
  stripeOf(tenantId: TenantId): { apiUrl: string; connectUrl: string }
  /** The platform of the tenant's mode; undefined where none is configured for it. */
  platformOf(tenantId: TenantId): Promise<StripePlatform | undefined>
  /** Secrets by which events at `/webhooks/stripe` may be signed: the settings' of both modes, and tenants' own. */
  platformSecrets(): readonly { secret: Secret; livemode: boolean | null }[]
  /** Opens an account. `onRead` hears of each call, before it is made. */
  openFeed(tenantId: TenantId, access: StripeAccess, onRead: () => void): StripeFeed
  /** How browsers reach us. */
  publicUrl(): string
  /** Redirect addresses registered at Stripe. */
  redirectUrls: readonly string[]
  production: boolean
  /** How far back a new connection is read, in days, where nobody asked for another number. */
  backfillDays: number
}

/** A connection that can be called. */
export interface ConnectionRef {
  tenantId: TenantId
  id: Id<'strc'>
}
