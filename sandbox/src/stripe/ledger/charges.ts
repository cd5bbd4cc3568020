import { type Book, Impossible } from './book.ts'
import { type ChargeOrder, checkOrder, customerFor, newCharge, newIntent, newSession } from './charge-order.ts'
import { divideRounded, type RateMillionths } from './currencies.ts'
import { paymentFees, settle, shownRate } from './fees.ts'
import type { BalanceTransaction, Charge, PaymentIntent } from './objects.ts'
import { availableAfter, post } from './post.ts'

/** A payer pays, or tries to. Makes the payment intent, the charge, the checkout session when one is ordered, and the row of the
 *  ledger where money moves at once. Throws `Impossible` for an amount that the currency does not allow. */
export function charge(book: Book, order: ChargeOrder): Charge {
  checkOrder(order)
  const customer = order.customer === undefined ? null : customerFor(book, order.customer)
  const intent = newIntent(book, order, customer)
  newSession(book, order, intent)
  const made = newCharge(book, order, intent)
  if (order.purpose !== undefined) book.truth.purposes.set(made.id, order.purpose)
  const first = begin(book, order, made, intent)
  if (order.lateIntentMetadata !== undefined) {
    const now = book.need(book.intents, intent.id)
    book.change(book.intents, now, { metadata: { ...now.metadata, ...order.lateIntentMetadata } })
  }
  return first
}

function begin(book: Book, order: ChargeOrder, made: Charge, intent: PaymentIntent): Charge {
  switch (order.outcome ?? 'succeeded') {
    case 'failed':
      return decline(book, order, made, intent)
    case 'authorized': {
      const held = book.charges.add({ ...made, status: 'succeeded', paid: true })
      const ready = { status: 'requires_capture', amount_capturable: held.amount, latest_charge: held.id } as const
      book.emit('charge.succeeded', held)
      book.change(book.intents, intent, ready, 'payment_intent.amount_capturable_updated')
      return held
    }
    case 'pending': {
      const row = postPayment(book, made, order, made.amount)
      const waiting = book.charges.add({
        ...made,
        balance_transaction: row.id,
        captured: true,
        amount_captured: made.amount,
      })
      book.emit('charge.pending', waiting)
      book.change(book.intents, intent, { status: 'processing', latest_charge: made.id }, 'payment_intent.processing')
      return waiting
    }
    case 'async_capture': {
      const taken = book.charges.add({ ...made, ...PAID, amount_captured: made.amount })
      book.emit('charge.succeeded', taken)
      succeedIntent(book, taken)
      book.later(order.captureDelaySeconds ?? 1200, () => completeCapture(book, taken.id, order))
      return taken
    }
    default: {
      const row = postPayment(book, made, order, made.amount)
      const paid = book.charges.add({ ...made, ...PAID, amount_captured: made.amount, balance_transaction: row.id })
      book.emit('charge.succeeded', paid)
      succeedIntent(book, paid)
      return paid
    }
  }
}

const PAID = { status: 'succeeded', paid: true, captured: true } as const

function postPayment(book: Book, made: Charge, order: Partial<ChargeOrder>, amount: bigint): BalanceTransaction {
  const isCard = made.payment_method_details.type === 'card'
  const delayed = order.outcome === 'pending'
  const settled = settle(book, amount, made.currency, order.rate)
  const days = order.settleDays ?? book.terms.schedule.delayDays + (delayed ? 5 : 0)
  return post(book, {
    movement: `charge ${made.id}`,
    type: isCard ? 'charge' : 'payment',
    category: 'charge',
    amount: settled.amount,
    currency: settled.currency,
    source: made.id,
    description: made.description,
    fees: paymentFees(book, settled, order.feeMinor),
    availableOn: availableAfter(book, days),
    exchangeRate: shownRate(settled.rate),
    sourceType: isCard ? 'card' : 'bank_account',
    charge: made.id,
  })
}

function decline(book: Book, order: ChargeOrder, made: Charge, intent: PaymentIntent): Charge {
  const code = order.failureCode ?? 'card_declined'
  const message = 'Your card was declined.'
  const outcome = {
    ...made.outcome,
    network_status: 'declined_by_network',
    reason: 'generic_decline',
    type: 'issuer_declined',
  }
  const failed = book.charges.add({ ...made, status: 'failed', failure_code: code, failure_message: message, outcome })
  book.emit('charge.failed', failed)
  const changes = {
    status: 'requires_payment_method',
    latest_charge: failed.id,
    last_payment_error: { code, message, type: 'card_error' },
  } as const
  book.change(book.intents, intent, changes, 'payment_intent.payment_failed')
  return failed
}

function succeedIntent(book: Book, paid: Charge): void {
  const intent = book.need(book.intents, paid.payment_intent!)
  const changes = {
    status: 'succeeded',
    latest_charge: paid.id,
    amount_received: paid.amount_captured,
    amount_capturable: 0n,
  } as const
  book.change(book.intents, intent, changes, 'payment_intent.succeeded')
  for (const session of book.sessions.under('payment_intent', intent.id)) {
    const done =
      session.status === 'complete' ? 'checkout.session.async_payment_succeeded' : 'checkout.session.completed'
    book.change(book.sessions, session, { status: 'complete', payment_status: 'paid' }, done)
  }
}

/** The row of an asynchronously captured charge arrives now. Nothing happens when it has arrived before. */
export function completeCapture(book: Book, id: string, order: Partial<ChargeOrder> = {}): Charge {
  const taken = book.need(book.charges, id)
  if (taken.balance_transaction !== null || !taken.captured) return taken
  const row = postPayment(book, taken, order, taken.amount)
  return book.change(book.charges, taken, { balance_transaction: row.id }, 'charge.updated')
}

/** The bank has spoken about a delayed payment. Throws `Impossible` unless it is pending. */
export function settleDelayed(book: Book, id: string, to: 'succeeded' | 'failed'): Charge {
  const waiting = book.need(book.charges, id)
  if (waiting.status !== 'pending') throw new Impossible(`${id} is ${waiting.status}, not pending`)
  if (to === 'succeeded') {
    const paid = book.change(book.charges, waiting, PAID, 'charge.succeeded')
    succeedIntent(book, paid)
    return paid
  }
  const before = book.need(book.transactions, waiting.balance_transaction!)
  const row = post(book, {
    movement: `charge_failure ${id}`,
    type: 'payment_failure_refund',
    category: 'charge_failure',
    amount: -before.amount,
    currency: before.currency,
    source: id,
    description: `Payment failure refund for ${id}`,
    fees: book.terms.failureReturnsFee ? before.fee_details.map((one) => ({ ...one, amount: -one.amount })) : [],
    availableOn: before.available_on,
    exchangeRate: before.exchange_rate,
    sourceType: 'bank_account',
    charge: id,
  })
  const changes = {
    status: 'failed',
    paid: false,
    captured: true,
    failure_balance_transaction: row.id,
    failure_code: 'insufficient_funds',
    failure_message: "The customer's account has insufficient funds to cover this payment.",
  } as const
  const failed = book.change(book.charges, waiting, changes, 'charge.failed')
  const intent = book.need(book.intents, failed.payment_intent!)
  book.change(book.intents, intent, { status: 'requires_payment_method' }, 'payment_intent.payment_failed')
  return failed
}

/** Takes the money of an authorisation, all or a part. With `reversal` (how Stripe files it under `partial_capture_reversal`) a part
 *  is the whole amount and a row of type `refund` for the rest; without, it is a row of the part alone. */
export function capture(
  book: Book,
  id: string,
  options: { amount?: bigint; reversal?: boolean; rate?: RateMillionths } = {},
): Charge {
  const held = book.need(book.charges, id)
  if (held.captured || !held.paid) throw new Impossible(`${id} is not an open authorisation`)
  const amount = options.amount ?? held.amount
  if (amount <= 0n || amount > held.amount) throw new Impossible('the amount must be within the authorised one')
  const isPart = amount < held.amount
  const reversal = isPart && options.reversal !== false
  const row = postPayment(
    book,
    held,
    options.rate === undefined ? {} : { rate: options.rate },
    reversal ? held.amount : amount,
  )
  if (reversal) {
    post(book, {
      movement: `partial_capture_reversal ${id}`,
      type: 'refund',
      category: 'partial_capture_reversal',
      amount: -divideRounded(row.amount * (held.amount - amount), held.amount),
      currency: row.currency,
      source: id,
      description: `Uncaptured part of ${id}`,
      availableOn: row.available_on,
      exchangeRate: row.exchange_rate,
      charge: id,
    })
  }
  const changes = { captured: true, amount_captured: amount, balance_transaction: row.id }
  const taken = book.change(book.charges, held, changes, 'charge.captured')
  succeedIntent(book, taken)
  return taken
}

/** An authorisation that nobody captured lapses: no money ever. */
export function expireAuthorisation(book: Book, id: string): Charge {
  const held = book.need(book.charges, id)
  if (held.captured || !held.paid) throw new Impossible(`${id} is not an open authorisation`)
  const changes = { refunded: true, amount_refunded: held.amount }
  const gone = book.change(book.charges, held, changes, 'charge.expired')
  const intent = book.need(book.intents, held.payment_intent!)
  book.change(book.intents, intent, { status: 'canceled', amount_capturable: 0n }, 'payment_intent.canceled')
  return gone
}

/** Somebody edits the charge. */
export function editCharge(
  book: Book,
  id: string,
  changes: { description?: string; metadata?: Record<string, string> },
): Charge {
  const before = book.need(book.charges, id)
  const metadata = { ...before.metadata, ...changes.metadata }
  const description = changes.description ?? before.description
  return book.change(book.charges, before, { description, metadata }, 'charge.updated')
}
