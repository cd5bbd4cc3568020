import type { Book } from './book.ts'
import type { Ledger } from './ledger.ts'
import { type MemoMatch, matchMemos } from './memos.ts'
import { ruleScore } from './rules-score.ts'
import type { MatchPolicy, MatchTransaction, Reason, Verdict } from './types.ts'
import { toConfidence } from './weights.ts'

/** Pairs below this chance are not shown. */
const proposedLogOdds = -3

/** Decides the lines that are copies of memos (memos.ts), and takes what they bring from the ledger. The other lines are left
 *  to the ordinary way. Applied without a person is only what brings the very amount. */
export function decideMemos(
  book: Book,
  transactions: readonly MatchTransaction[],
  ledger: Ledger,
  policy: MatchPolicy,
): Map<MatchTransaction, Verdict> {
  const verdicts = new Map<MatchTransaction, Verdict>()
  if (policy.scorer === 'rules') return verdicts
  for (const [transaction, match] of matchMemos(book, transactions, book.decisions)) {
    if (match.logOdds < proposedLogOdds) continue
    const verdict = verdictOf(transaction, match, ledger, policy)
    if (verdict.decision === 'auto' && verdict.best !== null) ledger.apply(verdict.best.allocations, transaction.date)
    verdicts.set(transaction, verdict)
  }
  return verdicts
}

function verdictOf(transaction: MatchTransaction, match: MemoMatch, ledger: Ledger, policy: MatchPolicy): Verdict {
  const { invoice, logOdds, text, amount, days } = match
  const owed = ledger.left(invoice)
  const amountMinor = transaction.amountMinor < owed ? transaction.amountMinor : owed
  const isExact = transaction.amountMinor === owed
  const withheld: Reason[] = []
  const veto = (code: string, sentence: string): void => {
    withheld.push({ code, weight: 0, text: sentence })
  }
  if (!isExact) veto('veto_amount_differs', 'Another amount than is open is for a person.')
  if (invoice.status !== 'unpaid') veto('veto_status', 'The invoice is with collections or a payment is under way.')
  if (policy.maxAutoAmountMinor !== undefined && transaction.amountMinor > policy.maxAutoAmountMinor)
    veto('veto_max_amount', 'The amount is larger than what is applied without a person.')
  if (policy.startOn !== undefined && transaction.date < policy.startOn)
    veto('veto_start_on', 'The money is older than the day Payymo began.')
  if (transaction.doubt !== undefined) withheld.push(transaction.doubt)
  const rounded = (weight: number): number => Math.round(weight * 10_000) / 10_000
  const reasons: Reason[] = [
    { code: 'text_begins_like_memo', weight: rounded(text), text: "The text begins as the invoice's memo does." },
    isExact
      ? { code: 'amount_exact_match', weight: rounded(amount), text: 'The amount is exactly what is open.' }
      : { code: 'amount_close_match', weight: rounded(amount), text: 'The amount is near what is open.' },
    { code: 'days_apart', weight: rounded(days), text: 'So many days lie between the invoice and the money.' },
    {
      code: 'other_readings',
      weight: rounded(logOdds - text - amount - days),
      text: 'The chance of any invoice before looking, and what else fits the line or the invoice.',
    },
  ]
  const confidence = toConfidence(logOdds)
  return {
    transactionId: transaction.id,
    decision: withheld.length === 0 && confidence >= policy.autoThreshold ? 'auto' : 'review',
    best: {
      allocations: [{ invoiceId: invoice.id, amountMinor, currency: invoice.currency }],
      confidence,
      score: ruleScore(transaction, [invoice], owed).score,
      reasons,
    },
    alternatives: [],
    withheld,
    booked: null,
    ruledOut: [],
  }
}
