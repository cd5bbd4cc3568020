import { amountFault, type RateMillionths } from './currencies.ts'
import { type Book, Impossible } from './book.ts'
import type { BillingDetails, Charge, CheckoutSession, Customer, Metadata, PaymentIntent } from './objects.ts'
import type { Purpose } from './truth.ts'

/** What becomes of a charge at first. `pending`: a delayed method; `authorized`: captured later or never; `async_capture`: succeeded
 *  with its row of the ledger to follow. */
export type ChargeOutcome = 'succeeded' | 'failed' | 'pending' | 'authorized' | 'async_capture'

export interface ChargeOrder {
  amount: bigint
  currency: string
  /** `card`, or `sepa_debit`, `us_bank_account`, `bacs_debit`, `ideal`, …; other than cards make `py_` ids. */
  method?: string
  outcome?: ChargeOutcome
  description?: string
  metadata?: Metadata
  /** Put on the payment intent before the charge, and so copied to it. */
  intentMetadata?: Metadata
  /** Put on the payment intent afterwards: not copied. */
  lateIntentMetadata?: Metadata
  intentDescription?: string
  /** A known one by the same email is used again. */
  customer?: { email: string; name: string; metadata?: Metadata }
  session?: { metadata: Metadata; line: string; reference?: string }
  descriptorSuffix?: string
  failureCode?: string
  feeMinor?: bigint
  rate?: RateMillionths
  /** Days until available; the terms' delay, or five more for delayed methods. */
  settleDays?: number
  /** For `async_capture`; 1200 unless given. */
  captureDelaySeconds?: number
  purpose?: Purpose
}

export function checkOrder(order: ChargeOrder): void {
  const fault = amountFault(order.amount, order.currency)
  if (fault !== null) throw new Impossible(fault)
}

export function customerFor(book: Book, wanted: NonNullable<ChargeOrder['customer']>): Customer {
  const [known] = book.customers.under('email', wanted.email)
  if (known !== undefined) {
    return wanted.metadata === undefined
      ? known
      : book.change(book.customers, known, { metadata: { ...known.metadata, ...wanted.metadata } })
  }
  return book.customers.add({
    id: book.id('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: book.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: wanted.email,
    livemode: book.livemode,
    metadata: wanted.metadata ?? {},
    name: wanted.name,
    phone: null,
  })
}

export function newIntent(book: Book, order: ChargeOrder, customer: Customer | null): PaymentIntent {
  return book.intents.add({
    id: book.id('pi'),
    object: 'payment_intent',
    amount: order.amount,
    amount_capturable: 0n,
    amount_received: 0n,
    capture_method:
      order.outcome === 'authorized' ? 'manual' : order.outcome === 'async_capture' ? 'automatic_async' : 'automatic',
    created: book.now,
    currency: order.currency,
    customer: customer?.id ?? null,
    description: order.intentDescription ?? order.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: book.livemode,
    metadata: order.intentMetadata ?? {},
    payment_method_types: [order.method ?? 'card'],
    receipt_email: customer?.email ?? null,
    statement_descriptor: null,
    statement_descriptor_suffix: order.descriptorSuffix ?? null,
    status: 'processing',
  })
}

export function newSession(book: Book, order: ChargeOrder, intent: PaymentIntent): CheckoutSession | null {
  if (order.session === undefined) return null
  const customer = intent.customer === null ? undefined : book.customers.get(intent.customer)
  return book.sessions.add({
    id: book.id(book.livemode ? 'cs_live' : 'cs_test'),
    object: 'checkout.session',
    amount_subtotal: order.amount,
    amount_total: order.amount,
    client_reference_id: order.session.reference ?? null,
    created: book.now,
    currency: order.currency,
    customer: intent.customer,
    customer_details: { email: customer?.email ?? null, name: customer?.name ?? null },
    expires_at: book.now + 86_400,
    line_items: order.session.line,
    livemode: book.livemode,
    metadata: order.session.metadata,
    mode: 'payment',
    payment_intent: intent.id,
    payment_status: 'unpaid',
    status: 'open',
    success_url: 'https://billing.example/viewinvoice.php',
    url: null,
  })
}

const OUTCOME_GOOD = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
}
const NOT_REFUSED = {}

/** The charge before its outcome is known: pending, nothing captured. */
export function newCharge(book: Book, order: ChargeOrder, intent: PaymentIntent): Charge {
  const method = order.method ?? 'card'
  const customer = intent.customer === null ? undefined : book.customers.get(intent.customer)
  const suffix = order.descriptorSuffix
  const billing: BillingDetails = {
    address: null,
    email: customer?.email ?? null,
    name: customer?.name ?? null,
    phone: null,
    tax_id: null,
  }
  return {
    id: book.id(method === 'card' ? 'ch' : 'py'),
    object: 'charge',
    amount: order.amount,
    amount_captured: 0n,
    amount_refunded: 0n,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: billing,
    calculated_statement_descriptor:
      method === 'card' ? `${book.terms.descriptor}${suffix === undefined ? '' : `* ${suffix}`}`.slice(0, 22) : null,
    captured: false,
    created: book.now,
    currency: order.currency,
    customer: intent.customer,
    description: order.description ?? intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: NOT_REFUSED,
    livemode: book.livemode,
    metadata: { ...intent.metadata, ...order.metadata },
    on_behalf_of: null,
    outcome: OUTCOME_GOOD,
    paid: false,
    payment_intent: intent.id,
    payment_method: null,
    payment_method_details: methodDetails(method, book),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: suffix ?? null,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  }
}

const BRANDS = ['visa', 'mastercard', 'amex'] as const

function methodDetails(method: string, book: Book): Charge['payment_method_details'] {
  const last4 = String(1000 + book.dice.upTo(8999))
  if (method !== 'card') return { type: method, [method]: { last4 } }
  const brand = book.dice.pick(BRANDS)
  return { type: 'card', card: { brand, country: book.terms.country, exp_month: 12, exp_year: 2031, last4 } }
}
