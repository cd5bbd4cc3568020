import type { Proposal, Verdict } from '../server/src/matching/index.ts'
import type { Truth } from './matching-books.ts'

/** Counts of one class or of a whole set. */
export interface Tally {
  lines: number
  autoLines: number
  autoInvoices: number
  coveredInvoices: number
  applied: number
  appliedRight: number
  appliedNothingDue: number
  appliedAmbiguous: number
  appliedThin: number
  firstRight: number
}

export const emptyTally = (): Tally => ({
  lines: 0,
  autoLines: 0,
  autoInvoices: 0,
  coveredInvoices: 0,
  applied: 0,
  appliedRight: 0,
  appliedNothingDue: 0,
  appliedAmbiguous: 0,
  appliedThin: 0,
  firstRight: 0,
})

/** Right: the set of invoices and each amount; where the truth is in another currency only the invoice. */
export function isRight(proposal: Proposal | null, truth: Truth): boolean {
  if (proposal === null || proposal.allocations.length !== truth.allocations.length) return false
  const amounts = new Map(proposal.allocations.map((one) => [one.invoiceId, one.amountMinor]))
  return truth.allocations.every(
    (one) => amounts.has(one.invoiceId) && (truth.fx || amounts.get(one.invoiceId) === one.amountMinor),
  )
}

/** Adds one verdict to a tally. Returns whether it was applied wrongly: guesses at ambiguous lines count as wrong. */
export function judge(tally: Tally, verdict: Verdict, truth: Truth): boolean {
  tally.lines += 1
  const right = isRight(verdict.best, truth)
  if (truth.expected === 'auto') {
    tally.autoLines += 1
    tally.autoInvoices += truth.allocations.length
    if (right) tally.firstRight += 1
  }
  if (verdict.decision !== 'auto') return false
  tally.applied += 1
  const allowed = right && (truth.expected === 'auto' || truth.expected === 'auto-or-review')
  if (allowed) tally.appliedRight += 1
  if (allowed && truth.expected === 'auto') tally.coveredInvoices += truth.allocations.length
  if (allowed && truth.expected === 'auto-or-review') tally.appliedThin += 1
  if (truth.expected === 'none') tally.appliedNothingDue += 1
  if (truth.expected === 'review') tally.appliedAmbiguous += 1
  return !allowed
}
