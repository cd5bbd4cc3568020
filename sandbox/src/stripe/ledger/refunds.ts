import { type Book, Impossible } from './book.ts'
import type { RateMillionths } from './currencies.ts'
import { settle, shownRate } from './fees.ts'
import type { Charge, Refund } from './objects.ts'
import { post } from './post.ts'

export interface RefundOrder {
  charge: string
  /** In the currency of the charge; what is left of it when absent. */
  amount?: bigint
  reason?: string
  status?: 'succeeded' | 'pending'
  /** The rate of the day; the one of the terms when absent. */
  rate?: RateMillionths
}

/** Gives money back. Stripe keeps the fee of the charge. Throws `Impossible` for more than is left. */
export function refund(book: Book, order: RefundOrder): Refund {
  const paid = book.need(book.charges, order.charge)
  const left = paid.amount_captured - paid.amount_refunded
  const amount = order.amount ?? left
  if (paid.status !== 'succeeded' || !paid.captured || amount <= 0n || amount > left)
    throw new Impossible(`${paid.id} has ${left} left to refund`)
  const isCard = paid.payment_method_details.type === 'card'
  const id = book.id(isCard ? 're' : 'pyr')
  const settled = settle(book, amount, paid.currency, order.rate)
  const row = post(book, {
    movement: `refund ${id}`,
    type: isCard ? 'refund' : 'payment_refund',
    category: 'refund',
    amount: -settled.amount,
    currency: settled.currency,
    source: id,
    description: `REFUND FOR ${isCard ? 'CHARGE' : 'PAYMENT'}${paid.description === null ? '' : ` (${paid.description})`}`,
    exchangeRate: shownRate(settled.rate),
    sourceType: isCard ? 'card' : 'bank_account',
    charge: paid.id,
  })
  const made = book.refunds.add({
    id,
    object: 'refund',
    amount,
    balance_transaction: row.id,
    charge: paid.id,
    created: book.now,
    currency: paid.currency,
    customer: paid.customer,
    customer_account: null,
    metadata: {},
    payment_intent: paid.payment_intent,
    payment_method: null,
    reason: order.reason ?? 'requested_by_customer',
    receipt_number: null,
    source_transfer_reversal: null,
    status: order.status ?? 'succeeded',
    transfer_reversal: null,
  })
  book.emit('refund.created', made)
  setRefunded(book, paid, paid.amount_refunded + amount, 'charge.refunded')
  return made
}

export function succeedRefund(book: Book, id: string): Refund {
  const before = book.need(book.refunds, id)
  if (before.status !== 'pending') throw new Impossible(`${id} is ${before.status}, not pending`)
  return book.change(book.refunds, before, { status: 'succeeded' }, 'refund.updated')
}

/** The refund comes back, up to 30 days later: the money is in the balance again. */
export function failRefund(book: Book, id: string, reason = 'lost_or_stolen_card'): Refund {
  const before = book.need(book.refunds, id)
  if (before.status !== 'pending' && before.status !== 'succeeded') throw new Impossible(`${id} is ${before.status}`)
  const out = book.need(book.transactions, before.balance_transaction!)
  const row = post(book, {
    movement: `refund_failure ${id}`,
    type: 'refund_failure',
    category: 'refund_failure',
    amount: -out.amount,
    currency: out.currency,
    source: id,
    description: `REFUND FAILURE (${before.charge})`,
    exchangeRate: out.exchange_rate,
    sourceType: id.startsWith('pyr') ? 'bank_account' : 'card',
    charge: before.charge,
  })
  const changes = { status: 'failed', failure_reason: reason, failure_balance_transaction: row.id } as const
  const failed = book.change(book.refunds, before, changes, 'refund.updated')
  book.emit('refund.failed', failed)
  const paid = book.need(book.charges, before.charge)
  setRefunded(book, paid, paid.amount_refunded - before.amount, 'charge.updated')
  return failed
}

function setRefunded(book: Book, paid: Charge, amountRefunded: bigint, event: string): void {
  const refunded = amountRefunded === paid.amount_captured
  book.change(book.charges, paid, { amount_refunded: amountRefunded, refunded }, event)
}
