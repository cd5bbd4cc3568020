import type { LinkKind } from './links.ts'
import type { Coverage } from './reference-index.ts'
import type { Announced } from './references.ts'

/** Weights in log-odds (natural logarithm). They were set by hand so that the sums agree with how often such evidence was
 *  right on open development data; `prior` is the chance of any one open invoice of the tenant. */
export const weights = {
  prior: -8,
  amount: { exact: 5, sum: 6, printed: 5, cents: 4.5, close: 2.5, fee: 1.5, over: -0.5, part: -1, other: -4 },
  link: {
    known_payer: 8.5,
    payer_name: 8.5,
    payer_name_partly: 4,
    named_in_text: 8.2,
    customer_number: 7,
    domain: 8.2,
    email: 8.5,
  } satisfies Record<LinkKind, number>,
  /** Another link to the same client: of the same kind (two names), or of an independent kind (name and account). */
  linkMore: { same: 1, independent: 5 },
  /** A service, a month or a nearly right number that picks one of several invoices. */
  service: 1.5,
  month: 2,
  nearlyNumber: 1.5,
  numberMore: 1,
  newerEqual: -7.5,
  otherClientKnown: -5,
  otherPurpose: -7,
  collector: -7,
  beforeInvoice: -4,
  tooOld: -3,
  everythingOpen: 1,
  tokenBroken: -2,
  yearLike: -3,
  otherService: -4.5,
  otherDomain: -7,
  otherMonth: -6,
  othersNumber: -0.3,
} as const

const coverageWeight: Record<Coverage, number> = { whole: 9.5, digits: 8, tail: 4 }
const announcedWeight: Record<Announced, number> = { invoice: 0.5, alone: 0, nothing: -3, customer: -9, foreign: -9 }

/** What a named number is worth by itself. */
export function numberWeight(coverage: Coverage, announced: Announced, broken: boolean): number {
  const spoiled = broken && coverage !== 'whole' ? weights.tokenBroken : 0
  const context = coverage === 'whole' && announced === 'nothing' ? -0.5 : announcedWeight[announced]
  return coverageWeight[coverage] + context + spoiled
}

/** Four decimals, never 0 or 1. */
export function toConfidence(logOdds: number): number {
  const probability = 1 / (1 + Math.exp(-logOdds))
  return Math.min(0.9999, Math.max(0.0001, Math.round(probability * 10_000) / 10_000))
}
