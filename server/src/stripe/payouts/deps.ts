import type { Id } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import type { LedgerRow } from '../stripe-feed.ts'

/** What payouts/ is given. */
export interface PayoutDeps extends Pick<StripeDeps, 'store' | 'clock' | 'scaled' | 'log' | 'backfillDays'> {
  /** Writes rows of the ledger, new ones and those known before, in the caller's change. */
  keepRows(tx: Change, ref: ConnectionRef, rows: LedgerRow[]): Promise<unknown>
  lines: BankLines
}

/** Lines of the bank, to whoever decides about them. Both hold the line until the change ends. */
export interface BankLines {
  /** The line is money between accounts of the tenant and pays no invoice: `match_status` becomes `transfer`, its open suggestions
   *  are superseded. `decided`: it pays an invoice, or is a transfer already; `announced`: the bank has not booked it; `unknown`:
   *  there is no such line. In these cases nothing is changed. */
  take(tx: Change, id: Id<'txn'>): Promise<'taken' | 'decided' | 'announced' | 'unknown'>
  /** The line is no such transfer: it is matched again. Does nothing when it is none. */
  release(tx: Change, id: Id<'txn'>): Promise<void>
}
