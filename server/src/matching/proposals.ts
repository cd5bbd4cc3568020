import type { Finding, Weighed } from './evidence.ts'
import type { Ledger } from './ledger.ts'
import type { Reading } from './links.ts'
import { ruleScore } from './rules-score.ts'
import { compareText } from './text.ts'
import type { Allocation, Proposal, Reason } from './types.ts'
import { calibrated, toConfidence } from './weights.ts'

/** Readings below this chance are not shown: they would only cost a person's time. */
const proposedLogOdds = -3.2
const alternativesMax = 9
/** The readings a person should see. Beside a good one, the mere amount of strangers is noise, and so is another client's number
 *  whose amount does not fit. */
export function worthShowing(all: readonly Weighed[]): Weighed[] {
  const best = all[0]
  const likely = all.filter((weighed) => {
    if (weighed.logOdds < proposedLogOdds) return false
    if (best === undefined || weighed === best || best.logOdds < 0) return true
    if (weighed.link !== null) return true
    return weighed.candidate.mentions.length > 0 && (isFull(weighed) || best.link === null)
  })
  return likely.slice(0, alternativesMax + 1)
}

/** Whether a reading that nothing but the amount speaks for may be shown beside the best of the others. */
export const mayShowStranger = (logOdds: number, bestLogOdds: number): boolean =>
  logOdds >= proposedLogOdds && (bestLogOdds < 0 || bestLogOdds <= logOdds)

/** A reading as it is shown, beside what it was weighed as. */
export interface Scored {
  weighed: Weighed
  proposal: Proposal
}

export function keyOf({ candidate: { invoices } }: Weighed): string {
  const only = invoices[0]
  return invoices.length === 1 && only !== undefined ? only.id : invoices.map((invoice) => invoice.id).join(' ')
}

/** The readings exclude each other, so each is worth its own odds against all others and against "none of them". `held`:
 *  something forbids applying the line, whatever it pays: such lines are right less often than equal findings otherwise are.
 *  `unseen`: odds of readings that are not among `all`. */
export function byOdds(
  shown: readonly Weighed[],
  all: readonly Weighed[],
  unseen: number,
  reading: Reading,
  ledger: Ledger,
  held: boolean,
): Scored[] {
  const first = shown[0]
  return shown.map((weighed) => {
    const rivals = all.reduce((sum, other) => (other === weighed ? sum : sum + Math.exp(other.logOdds)), unseen)
    const reasons: Reason[] = [...weighed.reasons]
    const discount = -Math.log1p(rivals)
    if (discount < -0.00005)
      reasons.push({ code: 'other_readings', weight: discount, text: 'Other invoices fit as well.' })
    const raw = weighed.logOdds + discount
    const odds = calibrated(raw, held)
    if (Math.abs(odds - raw) > 0.00005)
      reasons.push({
        code: 'calibration',
        weight: odds - raw,
        text: 'Adjusted by experience: how often findings as strong as these were right.',
      })
    const proposal = proposalOf(weighed, reading, ledger, toConfidence(odds), reasons)
    const lost = first === undefined || weighed === first ? null : whyBehind(weighed, first)
    return { weighed, proposal: lost === null ? proposal : { ...proposal, lost } }
  })
}

/** The finding in which a reading falls behind the best one most. */
function whyBehind(weighed: Weighed, best: Weighed): string | null {
  const weightIn = (reasons: readonly Finding[], signal: string): number =>
    reasons.reduce((sum, reason) => (reason.signal === signal ? sum + reason.weight : sum), 0)
  let gap = 0.5
  let sentence: string | null = null
  for (const { signal, text } of best.reasons) {
    const ahead = weightIn(best.reasons, signal) - weightIn(weighed.reasons, signal)
    if (ahead <= gap) continue
    gap = ahead
    sentence = `The first has more for it: ${text}`
  }
  for (const { signal, text } of weighed.reasons) {
    const behind = weightIn(best.reasons, signal) - weightIn(weighed.reasons, signal)
    if (weightIn(weighed.reasons, signal) >= 0 || behind <= gap) continue
    gap = behind
    sentence = `Against it: ${text}`
  }
  return sentence
}

/** The specification's points in place of odds. Readings that earn none are left out. */
export function byRules(shown: readonly Weighed[], reading: Reading, ledger: Ledger): Scored[] {
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
        compareText(keyOf(left.weighed), keyOf(right.weighed)),
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
    reasons: reasons.map(({ code, weight, text }) => ({ code, weight: Math.round(weight * 10_000) / 10_000, text })),
  }
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

/** The reading pays just what is open, and something besides the amount points to the invoice. */
export const isFull = (weighed: Weighed): boolean =>
  weighed.candidate.fit === 'exact' && (weighed.named || weighed.link !== null)
