import type { Scaled } from '../../base/clock.ts'
import type { Id } from '../../base/ids.ts'
import type { Log } from '../../base/log.ts'
import type { Change, Store } from '../../events/store.ts'
import type { BilledInvoice, OpenBillingSystem } from '../billing-system.ts'
import type { CrashPoints } from './crash-point.ts'
import type { FeesOf } from './fees.ts'

/** What the work on payments is given. */
export interface PaymentDeps {
  store: Store
  openBilling: OpenBillingSystem
  scaled: Scaled
  log: Log
  crash: CrashPoints
  /** Told inside the change that writes an outcome which ends the work on a payment, or on taking it back; whoever asked for it
   *  follows up there. */
  onSettled(
    tx: Change,
    settled: {
      matchId: Id<'match'>
      transactionId: Id<'txn'>
      outcome: 'applied' | 'refused' | 'quarantined' | 'undone' | 'undo_stopped'
    },
  ): Promise<void>
  /** What a gateway kept of money that came through it; without it no fee is noted. */
  feesOf?: FeesOf
  /** Given the invoice as it was just read, for whoever mirrors invoices; in a change of its own, after the money is settled. */
  keepInvoice?(tx: Change, kept: { instanceId: Id<'whm'>; invoiceId: Id<'inv'>; invoice: BilledInvoice }): Promise<void>
}

/** How long one call to WHMCS may take, planned (reliability 12). */
export const CALL_TIMEOUT_MS = 30_000
/** A lease: longer than two look-ups and a send, one after the other. */
export const LEASE_MS = 180_000
/** What must be left of the lease, beyond the time-out of the send, when the send starts. */
export const LEASE_MARGIN_MS = 30_000
/** Payments under way at one installation at once (reliability 5). */
export const PER_INSTANCE = 2
/** No send may still commit after this, doubled before each further send; never less than twice the slowest answer. */
export const SETTLE_MS = 120_000
/** A first look after a send without an answer, long before it has settled: it can only confirm. */
export const FIRST_LOOK_MS = 10_000
/** How long the work waits for its next look where nothing may be sent at present, planned. */
export const REST_MS = 300_000
/** An `unknown` older than this has an alert. */
export const UNKNOWN_ALERT_MS = 15 * 60_000
/** What was never sent and still waits after this has an alert, planned. */
export const DELAYED_ALERT_MS = 3_600_000
