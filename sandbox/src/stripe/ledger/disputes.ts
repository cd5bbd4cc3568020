import { type Book, Impossible } from './book.ts'
import type { RateMillionths } from './currencies.ts'
import { disputeFees, returned, settle, shownRate } from './fees.ts'
import type { Dispute } from './objects.ts'
import { post } from './post.ts'

export interface DisputeOrder {
  charge: string
  /** In the currency of the charge; all of it when absent. */
  amount?: bigint
  feeMinor?: bigint
  reason?: string
  rate?: RateMillionths
  /** An inquiry: no money moves. */
  inquiry?: boolean
}

const NO_EVIDENCE = {}

/** The payer's bank takes the money back, with a fee. */
export function dispute(book: Book, order: DisputeOrder): Dispute {
  const paid = book.need(book.charges, order.charge)
  if (paid.status !== 'succeeded' || !paid.captured) throw new Impossible(`${paid.id} has no money to dispute`)
  const amount = order.amount ?? paid.amount_captured
  const id = book.id('du')
  const inquiry = order.inquiry === true
  const rows = inquiry ? [] : [withdraw(book, id, amount, paid.currency, order)]
  const made = book.disputes.add({
    id,
    object: 'dispute',
    amount,
    balance_transactions: rows,
    charge: paid.id,
    created: book.now,
    currency: paid.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: book.now + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: null,
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: book.livemode,
    metadata: {},
    payment_intent: paid.payment_intent,
    reason: order.reason ?? 'fraudulent',
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  })
  book.emit('charge.dispute.created', made)
  if (!inquiry) book.emit('charge.dispute.funds_withdrawn', made)
  book.change(book.charges, book.need(book.charges, paid.id), { disputed: true }, 'charge.updated')
  return made
}

function withdraw(book: Book, id: string, amount: bigint, currency: string, order: DisputeOrder): string {
  const settled = settle(book, amount, currency, order.rate)
  return post(book, {
    movement: `dispute ${id}`,
    type: 'adjustment',
    category: 'dispute',
    amount: -settled.amount,
    currency: settled.currency,
    source: id,
    description: `Chargeback withdrawal for ${order.charge}`,
    fees: disputeFees(book, settled.currency, order.feeMinor),
    exchangeRate: shownRate(settled.rate),
    charge: order.charge,
  }).id
}

/** The bank has decided. Won: the money comes back, and the fee with it unless `feeReturned` is false. */
export function closeDispute(
  book: Book,
  id: string,
  outcome: 'won' | 'lost',
  options: { feeReturned?: boolean } = {},
): Dispute {
  const before = book.need(book.disputes, id)
  if (before.status === 'warning_needs_response') {
    return book.change(book.disputes, before, { status: 'warning_closed' }, 'charge.dispute.closed')
  }
  if (before.status !== 'needs_response') throw new Impossible(`${id} is ${before.status}`)
  if (outcome === 'lost') return book.change(book.disputes, before, { status: 'lost' }, 'charge.dispute.closed')
  const out = book.need(book.transactions, before.balance_transactions[0]!)
  const row = post(book, {
    movement: `dispute_reversal ${id}`,
    type: 'adjustment',
    category: 'dispute_reversal',
    amount: -out.amount,
    currency: out.currency,
    source: id,
    description: `Chargeback reversal for ${before.charge}`,
    fees: options.feeReturned === false ? [] : returned(out.fee_details),
    exchangeRate: out.exchange_rate,
    charge: before.charge,
  })
  const changes = { status: 'won', balance_transactions: [out.id, row.id] } as const
  const won = book.change(book.disputes, before, changes, 'charge.dispute.closed')
  book.emit('charge.dispute.funds_reinstated', won)
  return won
}
