import type { Book } from './book.ts'
import { lookAtClosed } from './booked.ts'
import { candidatesOf } from './candidates.ts'
import { contrasts } from './clues.ts'
import { type Weighed, weighAll } from './evidence.ts'
import { doubtsOf } from './doubts.ts'
import type { Limit } from './gathering.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
import { byOdds, byRules, keyOf, mayShowStranger, worthShowing } from './proposals.ts'
import type { Contest } from './rivals.ts'
import { oneByOne, type Strangers, weighStrangers } from './strangers.ts'
import { compareText } from './text.ts'
import type { MatchPolicy, Reason, Verdict } from './types.ts'
import { isAmbiguous, saysNothing, vetoes } from './vetoes.ts'

export interface Decision {
  verdict: Verdict
  /** The best reading as it was weighed, absent when nothing is proposed. */
  best: Weighed | null
  /** Readings, best first: all but the unseen. */
  weighed: readonly Weighed[]
  /** Invoices that merely owe the amount, where none of them could be shown. */
  unseen: readonly Strangers[]
}

/** All readings, in no order. */
export const everyReading = ({ weighed, unseen }: Decision): Weighed[] => [...weighed, ...oneByOne(unseen)]

const contestTexts: Record<Contest, string> = {
  rivals: 'Another line may pay the same invoice.',
  many: 'So many lines want the same invoices that they are not weighed together.',
}

/** Weighs all readings of one line against what is still owed, and decides. Changes nothing. */
export function decide(
  book: Book,
  reading: Reading,
  ledger: Ledger,
  policy: MatchPolicy,
  contest: Contest | null,
): Decision {
  const { transaction } = reading
  const { ruledOut, withheld } = lookAtClosed(book, reading, ledger)
  const limits = new Set<Limit>()
  const candidates = candidatesOf(book, reading, ledger, policy.feeToleranceMinor, limits)
  const own = weighAll(reading, candidates.tied, contrasts(reading, candidates.tied), policy)
  const strangers = weighStrangers(reading, candidates, policy)
  const bestLogOdds = own.reduce((best, { logOdds }) => Math.max(best, logOdds), Number.NEGATIVE_INFINITY)
  const areSeen = strangers.some(({ like }) => mayShowStranger(like.logOdds, bestLogOdds))
  const unseen = areSeen ? nobody : strangers
  const all = (areSeen ? [...own, ...oneByOne(strangers)] : own).sort(
    (left, right) => right.logOdds - left.logOdds || compareText(keyOf(left), keyOf(right)),
  )
  const shown = worthShowing(all)
  const first = shown[0]
  const rules = policy.scorer === 'rules' ? byRules(shown, reading, ledger) : []
  const top = policy.scorer === 'rules' ? rules[0]?.weighed : first
  if (top === undefined) {
    const verdict: Verdict = {
      transactionId: transaction.id,
      decision: 'none',
      best: null,
      alternatives: [],
      withheld: [...withheld, ...limitsSaid(limits)],
      booked: null,
      ruledOut,
    }
    return { verdict, best: null, weighed: all, unseen }
  }
  withheld.push(
    ...vetoes(top, reading, policy, book),
    ...doubtsOf(top, all, reading, book),
    ...(transaction.doubt ? [transaction.doubt] : []),
  )
  // Rivals that were not weighed must not make the others surer.
  if (limits.has('equal') && !top.named) withheld.push(LIMITS.equal)
  const tied = (rules[1]?.proposal.score ?? -1) >= (rules[0]?.proposal.score ?? 0)
  if (policy.scorer === 'rules' ? tied : isAmbiguous(top, all, shown, reading, book, ledger))
    withheld.push({ code: 'ambiguous', weight: 0, text: 'Another reading is nearly as good.' })
  if (contest !== null) withheld.push({ code: 'contested', weight: 0, text: contestTexts[contest] })
  // What a setting or the caller wants a person for says nothing about how likely the reading is.
  const held = withheld.some((reason) => reason !== transaction.doubt && !saysNothing.has(reason.code))
  const proposals = policy.scorer === 'rules' ? rules : byOdds(shown, all, oddsOf(unseen), reading, ledger, held)
  const best = proposals[0]?.proposal ?? null
  const auto =
    withheld.length === 0 && best !== null && best.confidence >= policy.autoThreshold && best.allocations.length > 0
  return {
    verdict: {
      transactionId: transaction.id,
      decision: auto ? 'auto' : 'review',
      best,
      alternatives: proposals.slice(1).map(({ proposal }) => proposal),
      // The other limits are no reason to ask: what is sure without it needs no more looking.
      withheld: auto ? withheld : [...new Set([...withheld, ...limitsSaid(limits)])],
      booked: null,
      ruledOut,
    },
    best: top,
    weighed: all,
    unseen,
  }
}

const nobody: readonly Strangers[] = []

const oddsOf = (strangers: readonly Strangers[]): number =>
  strangers.reduce((sum, { invoices, like }) => sum + invoices.length * Math.exp(like.logOdds), 0)

const LIMITS: Record<Limit, Reason> = {
  sums: {
    code: 'sums_not_searched',
    weight: 0,
    text: 'The client has so many open invoices that not every sum of them could be tried.',
  },
  equal: {
    code: 'equal_invoices_not_all_weighed',
    weight: 0,
    text: 'The client owes this amount so often that only the oldest of the invoices were weighed.',
  },
  clients: {
    code: 'clients_not_all_weighed',
    weight: 0,
    text: 'The line points to so many clients that only the likeliest were weighed.',
  },
  amount: {
    code: 'amount_too_common',
    weight: 0,
    text: 'Nothing but the amount could point to an invoice, and many owe just that.',
  },
}

/** What was too much to be looked at, as reasons. */
const limitsSaid = (limits: ReadonlySet<Limit>): Reason[] => [...limits].map((limit) => LIMITS[limit])
