import { merelyOwing } from './candidate.ts'
import type { Candidates } from './candidates.ts'
import { type Days, daysFrom, dueOf, weigh, type Weighed } from './evidence.ts'
import type { Reading } from './links.ts'
import type { MatchInvoice, MatchPolicy } from './types.ts'

/** Invoices that merely owe the amount and differ in nothing that is weighed. */
export interface Strangers {
  invoices: readonly MatchInvoice[]
  /** The first of them, weighed. */
  like: Weighed
}

/** Weighs what merely owes the amount. Such invoices differ in nothing but their days, and a line of a large book has five of them:
 *  they are weighed once for the days they have in common. */
export function weighStrangers(
  reading: Reading,
  { strangers, owing }: Candidates,
  policy: MatchPolicy,
): readonly Strangers[] {
  const [first] = strangers
  if (first === undefined) return nobody
  const { date } = reading.transaction
  const weighed = (invoice: MatchInvoice): Weighed =>
    weigh(reading, merelyOwing(invoice, owing.count), undefined, policy)
  // Where the outermost days say the same, so do all between them.
  const one = daysFrom(date, owing.written[0], owing.due[1], policy)
  const other = daysFrom(date, owing.written[1], owing.due[0], policy)
  if (keyOf(one) === keyOf(other)) return [{ invoices: strangers, like: weighed(first) }]
  const groups = Map.groupBy(strangers, (invoice) => keyOf(daysFrom(date, invoice.date, dueOf(invoice), policy)))
  return [...groups.values()].map((invoices) => ({ invoices, like: weighed(invoices[0]!) }))
}

const nobody: readonly Strangers[] = []

const keyOf = ({ before, longAfter }: Days): number => (before ? 1 : 0) + (longAfter ? 2 : 0)

/** Each of them as a reading of its own. */
export const oneByOne = (strangers: readonly Strangers[]): Weighed[] =>
  strangers.flatMap(({ invoices, like }) =>
    invoices.map((invoice, at) =>
      at === 0 ? like : { ...like, candidate: merelyOwing(invoice, like.candidate.sameAmount) },
    ),
  )
