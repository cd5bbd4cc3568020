import type { InvoiceMatch, MatchCandidates, MatchReason } from '@payymo/sdk'

export interface Allocation {
  invoice_id: string
  invoice_number?: string
  amount: string
  currency: string
}

/** Invoices that the line might pay, and what speaks for it. */
export interface Proposal {
  allocations: Allocation[]
  confidence: number
  score: number
  reasons: MatchReason[]
  /** The match that stands; without it the proposal is a rival. */
  match: InvoiceMatch | undefined
  origin: 'engine' | 'person'
}

/** So many can be chosen by a digit. */
export const PROPOSALS_MAX = 9

const sameInvoices = (left: readonly { invoice_id: string }[], right: readonly { invoice_id: string }[]): boolean =>
  left.length === right.length && left.every((one) => right.some((other) => other.invoice_id === one.invoice_id))

/** What can be chosen, best first: the match that stands, then the engine's other readings. A match that a person put together
 *  borrows the engine's evidence for the same invoices. */
export function proposalsOf(match: InvoiceMatch | undefined, candidates: MatchCandidates | undefined): Proposal[] {
  const readings = (candidates?.candidates ?? []).filter(({ allocations }) => allocations.length > 0)
  const byPerson = match?.reasons.some(({ code }) => code === 'decided_by_person') ?? false
  const standing: Proposal[] = match
    ? [
        {
          ...match,
          ...(byPerson ? evidenceFor(match, readings) : {}),
          allocations: match.allocations,
          match,
          origin: byPerson ? 'person' : 'engine',
        },
      ]
    : []
  const rivals = readings
    .filter(({ allocations }) => !match || !sameInvoices(allocations, match.allocations))
    .map((reading): Proposal => ({ ...reading, match: undefined, origin: 'engine' }))
  return [...standing, ...rivals].slice(0, PROPOSALS_MAX)
}

const evidenceFor = (match: InvoiceMatch, readings: MatchCandidates['candidates']) => {
  const found = readings.find(({ allocations }) => sameInvoices(allocations, match.allocations))
  return found ? { confidence: found.confidence, score: found.score, reasons: found.reasons } : {}
}

/** What a person approves by approving this: other money or other invoices make it another one. */
export const signOf = ({ match, allocations }: Proposal): string =>
  match?.id ?? allocations.map(({ invoice_id, amount }) => `${invoice_id}=${amount}`).join()

/** Whether nothing but a person's word stands behind it: then there is nothing to be sure of by numbers. */
export const isWord = ({ reasons }: Pick<Proposal, 'reasons'>): boolean =>
  reasons.some(({ code }) => code === 'decided_by_person')
