import type { Clock, Scaled } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Vault } from '../../database/vault.ts'
import type { Store } from '../../events/store.ts'
import type { Outbound } from '../../outbound/index.ts'
import type { BillingConnections } from '../connections.ts'
import type { ResolveTxt } from '../instances/proofs.ts'
import type { PaymentDeps } from '../payments/index.ts'

/** What the work with modules is given. */
export interface ModuleDeps {
  store: Store
  vault: Vault
  outbound: Pick<Outbound, 'request'>
  connections: Pick<BillingConnections, 'open'>
  resolveTxt: ResolveTxt
  clock: Clock
  scaled: Scaled
  log: Log
  /** How modules reach us, without a slash at its end. */
  publicUrl(): string
  /** One use of something that is limited per minute, counted in all processes together. */
  limit(subject: string, perMinute: number): Promise<{ admitted: boolean; retryAfterSeconds: number }>
  /** Who an address belongs to, for counting. */
  networkOf(ip: string): string
  /** Told inside the change that ends a payment. */
  onSettled: PaymentDeps['onSettled']
  feesOf?: PaymentDeps['feesOf']
}

/** A signature holds so long before and after our own time. */
export const SIGNATURE_SECONDS = 300
/** Calls and hints of one module a minute, and calls from one network, signed by anybody or nobody. */
export const CALLS_PER_MINUTE = 60
export const HINTS_PER_MINUTE = 1_000
export const NETWORK_PER_MINUTE = 3_000
/** How long a payment is a module's alone (planned). */
export const OFFER_LEASE_MS = 15 * 60_000
/** Payments at one module at once. */
export const OFFERED_MAX = 50
/** A module that has not called for so long has an alert (planned). */
export const SILENT_MS = 24 * 3_600_000
/** A push that was gathered before a booking may come after it: for so long a payment is not missed in one (planned). */
export const YOUNG_MS = 5 * 60_000
