import { type Book, Impossible } from './book.ts'
import { DAY, HOUR } from './days.ts'
import type { Payout } from './objects.ts'
import { isTraced, traceOf } from './payout-make.ts'
import { post } from './post.ts'

/** A payout is `pending`, an hour later `in_transit`, and `paid` on the morning of its arrival, which only means that it is expected
 *  to be there: it can still fail. Whether its list is final and what the bank calls it are told at times of their own. */
export function planLife(book: Book, { id, automatic, method, currency, arrival_date: arrival }: Payout): void {
  const isInstant = method === 'instant'
  const isIn = (...statuses: Payout['status'][]): boolean => statuses.includes(book.payouts.get(id)!.status)
  book.later(isInstant ? 60 : HOUR, () => {
    if (isIn('pending')) alter(book, id, { status: 'in_transit' }, 'payout.updated')
  })
  book.agenda.put(isInstant ? book.now + HOUR / 2 : arrival + 6 * HOUR, () => {
    if (isIn('pending', 'in_transit')) alter(book, id, { status: 'paid' }, 'payout.paid')
  })
  const { reconciliationDelaySeconds, traceDelaySeconds } = book.terms
  if (automatic && reconciliationDelaySeconds !== null) {
    book.later(reconciliationDelaySeconds, () => completeReconciliation(book, id))
  }
  if (traceDelaySeconds !== null && isTraced(book, currency, method)) {
    book.agenda.put(arrival + traceDelaySeconds, () => {
      if (isIn('paid', 'in_transit')) tellTrace(book, id)
    })
  }
}

const alter = (book: Book, id: string, changes: Partial<Payout>, event: string): Payout =>
  book.change(book.payouts, book.need(book.payouts, id), changes, event)

/** The list of an automatic payout is final from now on. */
export function completeReconciliation(book: Book, id: string): Payout {
  const payout = book.need(book.payouts, id)
  if (!payout.automatic) throw new Impossible(`${id} was made by hand and is never itemised`)
  if (payout.reconciliation_status === 'completed') return payout
  return alter(book, id, { reconciliation_status: 'completed' }, 'payout.reconciliation_completed')
}

export const markPaid = (book: Book, id: string): Payout => alter(book, id, { status: 'paid' }, 'payout.paid')

/** Stripe has learned how the bank calls the payout. */
export function tellTrace(book: Book, id: string, value: string | null = traceOf(id)): Payout {
  const status = value === null ? 'unsupported' : 'supported'
  return alter(book, id, { trace_id: { status, value } }, 'payout.updated')
}

export interface FailureOrder {
  code?: string
  /** Whether the bank had shown the credit before: then its statement has a second line that takes it back. */
  bank?: 'nothing' | 'and_back'
  /** Until then no payout of this currency is made. */
  correctedAfterDays?: number
}

/** The bank has sent the money back: it is in the balance again, and leaves with a later payout. */
export function failPayout(book: Book, id: string, order: FailureOrder = {}): Payout {
  const payout = book.need(book.payouts, id)
  if (payout.status === 'failed' || payout.status === 'canceled') throw new Impossible(`${id} is ${payout.status}`)
  const row = giveBack(book, payout, 'payout_failure')
  const note = book.truth.payouts.get(id)!
  note.failedAt = book.now
  note.bank = order.bank ?? (payout.status === 'paid' ? 'and_back' : 'nothing')
  const failed = alter(
    book,
    id,
    {
      status: 'failed',
      failure_balance_transaction: row,
      failure_code: order.code ?? 'account_closed',
      failure_message: 'The bank account has been closed',
    },
    'payout.failed',
  )
  const bank = book.need(book.bankAccounts, payout.destination)
  book.change(book.bankAccounts, bank, { status: 'errored' }, 'account.external_account.updated')
  book.later((order.correctedAfterDays ?? 2) * DAY, () => {
    const now = book.need(book.bankAccounts, bank.id)
    if (now.status === 'errored')
      book.change(book.bankAccounts, now, { status: 'new' }, 'account.external_account.updated')
  })
  return failed
}

/** Only a payout by hand that is still pending can be called off. */
export function cancelPayout(book: Book, id: string): Payout {
  const payout = book.need(book.payouts, id)
  if (payout.automatic || payout.status !== 'pending')
    throw new Impossible('only pending payouts made by hand are cancelled')
  const row = giveBack(book, payout, 'payout_cancel')
  book.truth.payouts.get(id)!.bank = 'nothing'
  return alter(book, id, { status: 'canceled', failure_balance_transaction: row }, 'payout.canceled')
}

function giveBack(book: Book, payout: Payout, type: 'payout_failure' | 'payout_cancel'): string {
  return post(book, {
    movement: `${type} ${payout.id}`,
    type,
    category: 'payout_reversal',
    amount: payout.amount,
    currency: payout.currency,
    source: payout.id,
    description: type === 'payout_failure' ? 'STRIPE PAYOUT FAILURE' : 'STRIPE PAYOUT CANCEL',
    sourceType: payout.source_type,
  }).id
}
