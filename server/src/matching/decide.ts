import type { Book } from './book.ts'
import { lookAtClosed } from './booked.ts'
import { candidatesOf } from './candidates.ts'
import { contrasts } from './clues.ts'
import { type Weighed, weigh } from './evidence.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
import { ruleScore } from './rules-score.ts'
import { compareText } from './text.ts'
import type { Allocation, MatchPolicy, Proposal, Reason, Verdict } from './types.ts'
import { toConfidence } from './weights.ts'

export interface Decision {
  verdict: Verdict
  /** The best reading as it was weighed, absent when nothing is proposed. */
  best: Weighed | null
  /** All readings, best first. */
  weighed: readonly Weighed[]
}

/** Readings below this chance are not shown: they would only cost a person's time. */
const proposedLogOdds = -3.2
const alternativesMax = 9
/** A second reading this near to the best makes a line ambiguous whatever its confidence. */
const marginLogOdds = 4

/** The readings a person should see. Beside a good one, the mere amount of strangers is noise, and so is another client's number
 *  whose amount does not fit. */
function worthShowing(all: readonly Weighed[]): Weighed[] {
  const best = all[0]
  const likely = all.filter((weighed) => {
    if (weighed.logOdds < proposedLogOdds) return false
    if (best === undefined || weighed === best || best.logOdds < 0) return true
    if (weighed.link !== null) return true
    return weighed.candidate.mentions.length > 0 && (isFull(weighed) || best.link === null)
  })
  return likely.slice(0, alternativesMax + 1)
}

/** Gives the money to the invoices, in their order, never more than one still owes. Across currencies the invoice's own
 *  balance stands for what was meant. */
function allocate(weighed: Weighed, reading: Reading, ledger: Ledger): Allocation[] {
  let rest = reading.transaction.amountMinor
  return weighed.candidate.invoices.flatMap((invoice) => {
    const left = ledger.left(invoice)
    if (weighed.candidate.currencyDiffers)
      return [{ invoiceId: invoice.id, amountMinor: left, currency: invoice.currency }]
    const amountMinor = rest < left ? rest : left
    rest -= amountMinor
    return amountMinor > 0n ? [{ invoiceId: invoice.id, amountMinor, currency: invoice.currency }] : []
  })
}

function vetoes(weighed: Weighed, reading: Reading, policy: MatchPolicy, book: Book): Reason[] {
  const { transaction } = reading
  const { candidate } = weighed
  const found: Reason[] = []
  const veto = (code: string, text: string): void => {
    found.push({ code, weight: 0, text })
  }
  if (transaction.viaGateway === true && candidate.invoices.some((invoice) => invoice.recordsGateways === true))
    veto(
      'card_charge_not_in_billing',
      'The billing system does not show this card payment; its gateway may still record it.',
    )
  if (candidate.currencyDiffers && !(policy.acrossCurrencies && candidate.fit === 'printed')) {
    veto('veto_currency', 'The money is in another currency than the invoice.')
  }
  if (candidate.invoices.some((invoice) => invoice.status !== 'unpaid'))
    veto('veto_status', 'The invoice is with collections or a payment is under way.')
  if (policy.maxAutoAmountMinor !== undefined && transaction.amountMinor > policy.maxAutoAmountMinor) {
    veto('veto_max_amount', 'The amount is larger than what is applied without a person.')
  }
  if (policy.startOn !== undefined && transaction.date < policy.startOn)
    veto('veto_start_on', 'The money is older than the day Payymo began.')
  if (!weighed.named && ['close', 'fee', 'over', 'part'].includes(candidate.fit))
    veto('veto_amount_differs', 'Another amount than is open needs the invoice to be named.')
  if (!weighed.named && weighed.link === null) veto('veto_amount_only', 'Nothing but the amount points to the invoice.')
  if (weighed.early && !(weighed.named && weighed.link !== null))
    veto('veto_before_invoice', 'The money came before the invoice and names no service.')
  const ids = new Set(candidate.invoices.map((invoice) => invoice.id))
  if ([...ids].some((id) => book.collects.get(id)?.some((part) => ids.has(part))))
    veto('veto_container', 'A collective invoice and its parts would both be paid.')
  return found
}

/** Weighs all readings of one line against what is still owed, and decides. Changes nothing. */
export function decide(
  book: Book,
  reading: Reading,
  ledger: Ledger,
  policy: MatchPolicy,
  contested: boolean,
): Decision {
  const { transaction } = reading
  const { ruledOut, withheld } = lookAtClosed(book, reading, ledger)
  const candidates = candidatesOf(book, reading, ledger, policy.feeToleranceMinor)
  const compared = contrasts(reading, candidates)
  const all = candidates
    .map((candidate) => weigh(reading, candidate, compared.get(candidate), policy))
    .sort((left, right) => right.logOdds - left.logOdds || compareText(key(left), key(right)))
  const shown = worthShowing(all)
  const proposals = policy.scorer === 'rules' ? byRules(shown, reading, ledger) : byOdds(shown, all, reading, ledger)
  const top = proposals[0]
  if (top === undefined) {
    return {
      verdict: {
        transactionId: transaction.id,
        decision: 'none',
        best: null,
        alternatives: [],
        withheld,
        booked: null,
        ruledOut,
      },
      best: null,
      weighed: all,
    }
  }
  withheld.push(...vetoes(top.weighed, reading, policy, book), ...(transaction.doubt ? [transaction.doubt] : []))
  const second = proposals[1]
  const near =
    policy.scorer === 'rules'
      ? second !== undefined && second.proposal.score >= top.proposal.score
      : second !== undefined && top.weighed.logOdds - second.weighed.logOdds < marginLogOdds
  // A number with its very amount is never outvoted by another client's name with the same amount, nor the other way round.
  const split = all.some(
    (other) =>
      other !== top.weighed &&
      isFull(other) &&
      isFull(top.weighed) &&
      other.named !== top.weighed.named &&
      clientOf(other) !== clientOf(top.weighed) &&
      !(top.weighed.named && top.weighed.link !== null),
  )
  if (near || split) withheld.push({ code: 'ambiguous', weight: 0, text: 'Another reading is nearly as good.' })
  if (contested)
    withheld.push({ code: 'contested', weight: 0, text: 'Another line of another payer fits the same invoice.' })
  const auto =
    withheld.length === 0 && top.proposal.confidence >= policy.autoThreshold && top.proposal.allocations.length > 0
  return {
    verdict: {
      transactionId: transaction.id,
      decision: auto ? 'auto' : 'review',
      best: top.proposal,
      alternatives: proposals.slice(1).map(({ proposal }) => proposal),
      withheld,
      booked: null,
      ruledOut,
    },
    best: top.weighed,
    weighed: all,
  }
}

const isFull = (weighed: Weighed): boolean =>
  weighed.candidate.fit === 'exact' && (weighed.named || weighed.link !== null)
const clientOf = (weighed: Weighed): string => weighed.candidate.invoices[0]?.client.id ?? ''

interface Scored {
  weighed: Weighed
  proposal: Proposal
}

const key = (weighed: Weighed): string => weighed.candidate.invoices.map((invoice) => invoice.id).join(' ')

/** The readings exclude each other, so each is worth its own odds against all others and against "none of them". */
function byOdds(shown: readonly Weighed[], all: readonly Weighed[], reading: Reading, ledger: Ledger): Scored[] {
  return shown.map((weighed) => {
    const rivals = all.reduce((sum, other) => (other === weighed ? sum : sum + Math.exp(other.logOdds)), 0)
    const reasons = [...weighed.reasons]
    const discount = -Math.log1p(rivals)
    if (discount < -0.00005)
      reasons.push({ code: 'other_readings', weight: discount, text: 'Other invoices fit as well.' })
    return {
      weighed,
      proposal: proposalOf(weighed, reading, ledger, toConfidence(weighed.logOdds + discount), reasons),
    }
  })
}

function byRules(shown: readonly Weighed[], reading: Reading, ledger: Ledger): Scored[] {
  return shown
    .map((weighed) => {
      const { score, reasons } = scoreOf(weighed, reading, ledger)
      const confidence = Math.min(0.9999, Math.max(0.0001, score))
      return { weighed, proposal: proposalOf(weighed, reading, ledger, confidence, reasons) }
    })
    .filter(({ proposal }) => proposal.score > 0)
    .sort(
      (left, right) =>
        right.proposal.score - left.proposal.score ||
        right.weighed.logOdds - left.weighed.logOdds ||
        compareText(key(left.weighed), key(right.weighed)),
    )
}

function scoreOf(weighed: Weighed, reading: Reading, ledger: Ledger): { score: number; reasons: Reason[] } {
  const { invoices } = weighed.candidate
  return ruleScore(
    reading.transaction,
    invoices,
    invoices.reduce((sum, invoice) => sum + ledger.left(invoice), 0n),
  )
}

function proposalOf(
  weighed: Weighed,
  reading: Reading,
  ledger: Ledger,
  confidence: number,
  reasons: Reason[],
): Proposal {
  return {
    allocations: allocate(weighed, reading, ledger),
    confidence,
    score: scoreOf(weighed, reading, ledger).score,
    reasons: reasons.map((reason) => ({ ...reason, weight: Math.round(reason.weight * 10_000) / 10_000 })),
  }
}
