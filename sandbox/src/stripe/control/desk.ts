import { shownAccount } from '../api/account.ts'
import { type AdjustmentOrder, adjust } from '../ledger/adjustments.ts'
import type { Book } from '../ledger/book.ts'
import type { ChargeOrder } from '../ledger/charge-order.ts'
import { capture, charge, completeCapture, editCharge, expireAuthorisation, settleDelayed } from '../ledger/charges.ts'
import { closeDispute, type DisputeOrder, dispute } from '../ledger/disputes.ts'
import { assertInvariants } from '../ledger/invariants.ts'
import { changedTerms, type MerchantTerms, type TermChanges } from '../ledger/merchant.ts'
import type { SourceType } from '../ledger/objects.ts'
import {
  cancelPayout,
  completeReconciliation,
  type FailureOrder,
  failPayout,
  markPaid,
  tellTrace,
} from '../ledger/payout-life.ts'
import { type ManualOrder, runAutomatic, runManual } from '../ledger/payout-run.ts'
import { failRefund, type RefundOrder, refund, succeedRefund } from '../ledger/refunds.ts'
import { type LedgerOptions, seedLedger } from '../seed/ledger.ts'
import { type LedgerTruth, truthOf } from '../seed/truth-of.ts'
import type { Mode } from '../world/merchants.ts'
import type { World } from '../world/world.ts'

/** What happens in one account in one mode. Everything happens at the simulator's time; amounts are bigint in the currency's smallest
 *  unit. Throws `Impossible` for what Stripe would not do. */
export class Desk {
  readonly #world: World
  readonly account: string
  readonly mode: Mode

  constructor(world: World, account: string, mode: Mode) {
    this.#world = world
    this.account = account
    this.mode = mode
  }

  /** Everything the account has, for a close look. */
  get book(): Book {
    return this.#world.book(this.account, this.mode)
  }

  charge = (order: ChargeOrder) => charge(this.book, order)
  completeCapture = (id: string) => completeCapture(this.book, id)
  settleDelayed = (id: string, to: 'succeeded' | 'failed') => settleDelayed(this.book, id, to)
  capture = (id: string, options: { amount?: bigint; reversal?: boolean } = {}) => capture(this.book, id, options)
  expireAuthorisation = (id: string) => expireAuthorisation(this.book, id)
  editCharge = (id: string, changes: { description?: string; metadata?: Record<string, string> }) =>
    editCharge(this.book, id, changes)
  refund = (order: RefundOrder) => refund(this.book, order)
  succeedRefund = (id: string) => succeedRefund(this.book, id)
  failRefund = (id: string, reason?: string) => failRefund(this.book, id, reason)
  dispute = (order: DisputeOrder) => dispute(this.book, order)
  closeDispute = (id: string, outcome: 'won' | 'lost', options: { feeReturned?: boolean } = {}) =>
    closeDispute(this.book, id, outcome, options)
  /** Fees, tax, reserves, top-ups. */
  adjust = (order: AdjustmentOrder) => adjust(this.book, order)
  /** The day's automatic payout, now; null when there is none to make. */
  automaticPayout = (currency?: string, sourceType?: SourceType) =>
    runAutomatic(this.book, currency ?? this.book.terms.defaultCurrency, sourceType)
  manualPayout = (order: ManualOrder = {}) => runManual(this.book, order)
  failPayout = (id: string, order: FailureOrder = {}) => failPayout(this.book, id, order)
  cancelPayout = (id: string) => cancelPayout(this.book, id)
  markPaid = (id: string) => markPaid(this.book, id)
  completeReconciliation = (id: string) => completeReconciliation(this.book, id)
  tellTrace = (id: string, value?: string | null) => tellTrace(this.book, id, value)

  /** Changes what the merchant agreed on, from now on. */
  terms(changes: TermChanges = {}): MerchantTerms {
    const { book } = this
    if (Object.keys(changes).length > 0) {
      book.terms = changedTerms(book.terms, changes)
      book.emit('account.updated', shownAccount(this.#world.merchants.get(this.account)!, this.mode))
    }
    return book.terms
  }

  /** Another event of the same change, with an id of its own, as Stripe sometimes makes. */
  repeatEvent(id: string): string | null {
    const { book } = this
    const { type, data } = book.need(book.events, id)
    return book.emit(type, data.object, data.previous_attributes)?.id ?? null
  }

  /** Fills the account with a past that ends now. Only while nothing has happened in it. */
  seedLedger(options: LedgerOptions): LedgerTruth {
    const book = this.#world.merchants.get(this.account)!.books[this.mode]
    const truth = seedLedger(book, this.#world.clock.now(), options)
    book.catchUp(this.#world.clock.now())
    return truth
  }

  truth = (): LedgerTruth => truthOf(this.book)
  assertInvariants = (): void => assertInvariants(this.book)
}
