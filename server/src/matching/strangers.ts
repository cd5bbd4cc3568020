import { merelyOwing } from './candidate.ts'
import type { Candidates } from './candidates.ts'
import { daysOf, weigh, type Weighed } from './evidence.ts'
import type { Reading } from './links.ts'
import type { MatchInvoice, MatchPolicy } from './types.ts'

/** Invoices that merely owe the amount and differ in nothing that is weighed. */
export interface Strangers {
  invoices: MatchInvoice[]
  /** The first of them, weighed. */
  like: Weighed
}

/** Weighs what merely owes the amount. Such invoices differ in nothing but their days, and a line of a large book has five of them:
 *  they are weighed once for the days they have in common. */
export function weighStrangers(
  reading: Reading,
  { strangers, sameAmount }: Candidates,
  policy: MatchPolicy,
): Strangers[] {
  const found: Strangers[] = []
  const ofDays: (Strangers | undefined)[] = []
  for (const invoice of strangers) {
    const { before, longAfter } = daysOf(reading, [invoice], policy)
    const days = (before ? 1 : 0) + (longAfter ? 2 : 0)
    const known = ofDays[days]
    if (known !== undefined) {
      known.invoices.push(invoice)
      continue
    }
    const like = weigh(reading, merelyOwing(invoice, sameAmount), undefined, policy)
    found.push((ofDays[days] = { invoices: [invoice], like }))
  }
  return found
}

/** Each of them as a reading of its own. */
export const oneByOne = (strangers: readonly Strangers[]): Weighed[] =>
  strangers.flatMap(({ invoices, like }) =>
    invoices.map((invoice, at) =>
      at === 0 ? like : { ...like, candidate: merelyOwing(invoice, like.candidate.sameAmount) },
    ),
  )
