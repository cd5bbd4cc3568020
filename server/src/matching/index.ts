import { type Book, prepare } from './book.ts'
import { openRun } from './looks.ts'
import { settle } from './settle.ts'
import type {
  MatchInvoice,
  MatchPolicy,
  MatchTransaction,
  Observe,
  PastDecision,
  TaughtPayer,
  Verdict,
} from './types.ts'

export { defaultPolicy } from './policy.ts'
export { type Book, prepare } from './book.ts'
export type { Reading } from './links.ts'
export { type Look, lookAt, openRun, type Run, type Tell } from './looks.ts'
export { isAskedAgain, type Looked, settle } from './settle.ts'
export type * from './types.ts'

/** Decides which invoices the lines pay. `transactions`, `invoices`, `history` and `taught` in any order: the same facts give the same
 *  decisions. Returns one verdict per transaction in input order; debits get `none`. Nothing allocates more than a line
 *  brought or an invoice owes. Pure: no clock, no chance, no input or output. */
export function matchAll(input: {
  transactions: readonly MatchTransaction[]
  invoices: readonly MatchInvoice[]
  history: readonly PastDecision[]
  taught?: readonly TaughtPayer[] | undefined
  policy: MatchPolicy
  observe?: Observe
}): Verdict[] {
  return matchWith(
    prepare(input.invoices, input.history, input.taught),
    input.transactions,
    input.policy,
    input.observe,
  )
}

/** The same with a book that was prepared before, for a server that matches a few new lines against the same invoices. */
export function matchWith(
  book: Book,
  transactions: readonly MatchTransaction[],
  policy: MatchPolicy,
  observe?: Observe,
): Verdict[] {
  const verdicts = settle(openRun(book, transactions, policy), (_, verdict) => verdict, {}, observe)
  return transactions.map((transaction) => verdicts.get(transaction) ?? nothingToSay(transaction))
}

/** Of money that went out. */
export const nothingToSay = ({ id }: MatchTransaction): Verdict => ({
  transactionId: id,
  decision: 'none',
  best: null,
  alternatives: [],
  withheld: [],
  booked: null,
  ruledOut: [],
})
