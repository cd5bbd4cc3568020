import type { Proposal, Verdict } from '../server/src/matching/index.ts'
import type { Truth } from './matching-books.ts'
import type { Forecast } from './matching-statistics.ts'

/** Counts of one class, one size or a whole set. */
export interface Tally {
  lines: number
  autoLines: number
  autoInvoices: number
  coveredInvoices: number
  /** The same of lines with one reading of thin support. */
  thinInvoices: number
  thinCoveredInvoices: number
  /** Applied by itself, and how: see `judge`. */
  applied: number
  appliedRight: number
  appliedNothingDue: number
  appliedAmbiguous: number
  appliedThin: number
  nothingDueLines: number
  ambiguousLines: number
  /** On lines with one well supported reading: the true set proposed first, or among the first three. */
  firstRight: number
  threeRight: number
  /** Lines with one well supported reading that pay two to six invoices, and how many of them have it first. */
  sumLines: number
  sumFound: number
  /** Lines with a sum that has a second reading, and how many of them were applied. */
  sumAmbiguousLines: number
  sumAmbiguousApplied: number
  /** Lines with one well supported reading whose reading was sought, and how many had it among those that were weighed. */
  soughtLines: number
  soughtFound: number
  /** Every proposal with its confidence. */
  forecasts: Forecast[]
  autoForecasts: Forecast[]
}

export const emptyTally = (): Tally => ({
  lines: 0,
  autoLines: 0,
  autoInvoices: 0,
  coveredInvoices: 0,
  thinInvoices: 0,
  thinCoveredInvoices: 0,
  applied: 0,
  appliedRight: 0,
  appliedNothingDue: 0,
  appliedAmbiguous: 0,
  appliedThin: 0,
  nothingDueLines: 0,
  ambiguousLines: 0,
  firstRight: 0,
  threeRight: 0,
  sumLines: 0,
  sumFound: 0,
  sumAmbiguousLines: 0,
  sumAmbiguousApplied: 0,
  soughtLines: 0,
  soughtFound: 0,
  forecasts: [],
  autoForecasts: [],
})

/** Right: the set of invoices and each amount; where the truth is in another currency only the invoice. */
export function isRight(proposal: Proposal | null, truth: Truth): boolean {
  if (proposal === null || proposal.allocations.length !== truth.allocations.length) return false
  const amounts = new Map(proposal.allocations.map((one) => [one.invoiceId, one.amountMinor]))
  return truth.allocations.every(
    (one) => amounts.has(one.invoiceId) && (truth.fx || amounts.get(one.invoiceId) === one.amountMinor),
  )
}

/** Adds one verdict to a tally. `weighed`: the sets of invoices that the engine weighed for the line, where they were asked
 *  for. Returns whether it was applied wrongly: guesses at ambiguous lines count as wrong. */
export function judge(tally: Tally, verdict: Verdict, truth: Truth, weighed?: readonly string[][]): boolean {
  tally.lines += 1
  const paid = truth.allocations.length
  const right = paid > 0 && isRight(verdict.best, truth)
  const isAuto = truth.expected === 'auto'
  const isSum = paid >= 2 && paid <= 6
  if (isAuto) {
    tally.autoLines += 1
    tally.autoInvoices += paid
    if (right) tally.firstRight += 1
    if (right || verdict.alternatives.slice(0, 2).some((one) => isRight(one, truth))) tally.threeRight += 1
    if (isSum) {
      tally.sumLines += 1
      if (right) tally.sumFound += 1
    }
    if (weighed !== undefined) {
      tally.soughtLines += 1
      if (weighed.some((set) => sameSet(set, truth))) tally.soughtFound += 1
    }
  }
  if (truth.expected === 'auto-or-review') tally.thinInvoices += paid
  if (truth.expected === 'none') tally.nothingDueLines += 1
  if (truth.expected === 'review') {
    tally.ambiguousLines += 1
    if (isSum) tally.sumAmbiguousLines += 1
  }
  if (verdict.best !== null && verdict.best.allocations.length > 0 && verdict.decision !== 'none') {
    const forecast = { confidence: verdict.best.confidence, right }
    tally.forecasts.push(forecast)
    if (verdict.decision === 'auto') tally.autoForecasts.push(forecast)
  }
  if (verdict.decision !== 'auto') return false
  tally.applied += 1
  const allowed = right && (isAuto || truth.expected === 'auto-or-review')
  if (allowed) tally.appliedRight += 1
  if (allowed && isAuto) tally.coveredInvoices += paid
  if (allowed && !isAuto) {
    tally.appliedThin += 1
    tally.thinCoveredInvoices += paid
  }
  if (truth.expected === 'none') tally.appliedNothingDue += 1
  if (truth.expected === 'review') {
    tally.appliedAmbiguous += 1
    if (isSum) tally.sumAmbiguousApplied += 1
  }
  return !allowed
}

function sameSet(set: readonly string[], truth: Truth): boolean {
  const ids = new Set(set)
  return ids.size === truth.allocations.length && truth.allocations.every((one) => ids.has(one.invoiceId))
}
