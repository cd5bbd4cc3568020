/** The port to Stripe, in the words of stripe/. The adapter is api/. Every call is one request to the outside, counted, bounded in
 *  time, and never made inside a database transaction. Amounts are in the smallest unit of their currency by ISO 4217, signed as
 *  Stripe signs them; days are YYYY-MM-DD, UTC. What Stripe adds to its enums is handed on as it is. */

/** Ids of objects as Stripe gives them: up to 255 characters, prefixes are no promise. */
export type StripeId = string

export interface StripeAccount {
  id: StripeId
  name: string
  country: string | null
  defaultCurrency: string | null
  chargesEnabled: boolean
  payoutsEnabled: boolean
  /** `daily`, `weekly`, `monthly` or `manual`. */
  payoutInterval: string | null
}

/** A movement of money. */
export interface LedgerRow {
  id: StripeId
  type: string
  category: string
  amountMinor: bigint
  /** Above zero where it costs. */
  feeMinor: bigint
  netMinor: bigint
  /** The currency it settled in. */
  currency: string
  /** Decimal text; null where nothing was converted. */
  exchangeRate: string | null
  sourceId: StripeId | null
  /** The charge it is about, where the answer says so. */
  chargeId: StripeId | null
  status: string
  availableOn: string | null
  occurredAt: Date
  description: string
  feeDetails: { type: string; amountMinor: bigint; currency: string; description: string }[]
  /** The source, where it came along and is one of these. */
  source: { charge?: StripeCharge; refund?: StripeReturn; dispute?: StripeReturn; payout?: StripePayout }
}

export interface StripeCharge {
  id: StripeId
  paymentIntentId: StripeId | null
  customerId: StripeId | null
  balanceTransactionId: StripeId | null
  /** The row of the ledger that took it back, where it failed after it had been booked. */
  failureBalanceTransactionId: StripeId | null
  /** In the currency of the customer, as are the two after it. */
  amountMinor: bigint
  capturedMinor: bigint
  refundedMinor: bigint
  currency: string
  status: string
  captured: boolean
  disputed: boolean
  occurredAt: Date
  payerName: string
  payerEmail: string
  description: string
  descriptor: string
  method: string | null
  /** Why it failed, in Stripe's words. */
  failure: string | null
  metadata: Record<string, string>
  livemode: boolean
}

/** A refund or a dispute. */
export interface StripeReturn {
  id: StripeId
  kind: 'refund' | 'dispute'
  chargeId: StripeId
  amountMinor: bigint
  currency: string
  status: string
  reason: string | null
  /** Whether its status can still change. */
  final: boolean
  occurredAt: Date
  /** Rows of the ledger: for a dispute none (an inquiry), one, or two (won). */
  ledgerIds: StripeId[]
}

export interface StripePayout {
  id: StripeId
  balanceTransactionId: StripeId | null
  failureBalanceTransactionId: StripeId | null
  /** Below zero: Stripe debits the bank account. */
  amountMinor: bigint
  currency: string
  status: string
  automatic: boolean
  method: string | null
  /** False for cards and for balances elsewhere: no line of a bank will show it. */
  toBank: boolean
  arrivalOn: string
  descriptor: string
  /** The bank's own reference, once known. */
  traceId: string | null
  destinationLast4: string | null
  /** `completed`: its list is final. */
  reconciliationStatus: string | null
  failureCode: string | null
  failureMessage: string | null
  occurredAt: Date
}

/** Where invoice numbers hide besides the charge: newest facts of the things around it. */
export interface Surroundings {
  paymentIntentMetadata: Record<string, string>
  paymentIntentDescription: string
  sessions: { id: StripeId; metadata: Record<string, string>; clientReferenceId: string | null }[]
  customerMetadata: Record<string, string>
  customerEmail: string
  customerName: string
}

export interface StripeEvent {
  id: StripeId
  type: string
  objectId: StripeId | null
  occurredAt: Date
}

/** A page, newest first as Stripe gives it. `more`: there are further objects in the direction asked for. */
export interface Page<T> {
  rows: T[]
  more: boolean
  /** Objects that could not be read, each in a sentence; they are in no `rows`. */
  rejected: string[]
}

/** Older than `before`, newer than `after` (adjacent to it), or the newest; at most one of the two. */
export interface Cursor {
  before?: StripeId
  after?: StripeId
}

/** Why a call brought nothing. `revoked`: we lost access to the account. `credentials`: the key is wrong. `permission`: the
 *  restricted key may not do this. `gone`: no such object. `not_itemised`: Stripe lists automatic payouts only. `later`: limits, or
 *  Stripe is down; not before `notBefore`. `refused`: it said no to what we asked. `unreadable`: no answer we understand. */
export type StripeFault =
  | 'revoked'
  | 'credentials'
  | 'permission'
  | 'gone'
  | 'not_itemised'
  | 'later'
  | 'refused'
  | 'unreadable'

export class StripeFeedError extends Error {
  override readonly name = 'StripeFeedError'
  readonly fault: StripeFault
  /** Stable word for callers of the API, such as `account_invalid`. */
  readonly reason: string
  readonly notBefore: Date | undefined
  /** For `permission`: what is missing, in Stripe's words, such as `Payouts: Read`. */
  readonly missing: string | undefined

  constructor(
    fault: StripeFault,
    reason: string,
    message: string,
    options: { notBefore?: Date; missing?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.fault = fault
    this.reason = reason
    this.notBefore = options.notBefore
    this.missing = options.missing
  }
}

/** One account in one mode. All methods throw StripeFeedError. */
export interface StripeFeed {
  getAccount(): Promise<StripeAccount>
  listLedger(cursor: Cursor, filter?: { payoutId?: StripeId; createdFrom?: Date }): Promise<Page<LedgerRow>>
  getLedgerRow(id: StripeId): Promise<LedgerRow>
  listCharges(cursor: Cursor, filter: { createdFrom: Date }): Promise<Page<StripeCharge>>
  getCharge(id: StripeId): Promise<StripeCharge>
  /** The charge of a payment intent that succeeded or is under way, if any. */
  findChargeOf(paymentIntentId: StripeId): Promise<StripeCharge | undefined>
  /** Up to three calls: intent, sessions, customer. */
  lookAround(charge: StripeCharge): Promise<Surroundings>
  getRefund(id: StripeId): Promise<StripeReturn>
  getDispute(id: StripeId): Promise<StripeReturn>
  listPayouts(cursor: Cursor, filter: { arrivalFrom: string }): Promise<Page<StripePayout>>
  getPayout(id: StripeId): Promise<StripePayout>
  /** What happened since; 30 days are kept. */
  listEvents(cursor: Cursor, filter: { createdFrom: Date }): Promise<Page<StripeEvent>>
}
