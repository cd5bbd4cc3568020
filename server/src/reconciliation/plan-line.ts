import type { Id } from '../base/ids.ts'
import type { Proposal, Reason, Verdict } from '../matching/index.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { type Surplus, surplusText, withSurplus } from './judge-surplus.ts'
import type { TenantPolicy } from './policy.ts'
import type { MatchRow, Refused } from './queries.ts'
import { BY_PERSON } from './schemas.ts'

/** What is to become of a line, by what the engine found and what people said before. */
export type Plan =
  | { do: 'nothing' }
  /** The money stands in the billing system already. At least one part, each on an invoice of its own. */
  | { do: 'recognise'; parts: BookedPart[]; confidence: string; reason: Reason }
  /** `auto`: it may be applied without a person. */
  | { do: 'suggest'; proposal: Proposal; withheld: Reason[]; auto: boolean }

export type Recognised = Extract<Plan, { do: 'recognise' }>

/** A payment in the billing system, and how much of the line it is. */
export interface BookedPart {
  invoiceId: Id<'inv'>
  paymentId: string
  /** As it stands there. */
  paidMinor: bigint
  /** Of the line; in another currency than the line's, where the gateway changed it, the whole payment. */
  amountMinor: bigint
  currency: string
}

/** Turns a verdict into a plan. `refused`: sets of invoices that people refused for this line; they are not proposed again, and
 *  whatever stands behind them waits for a person. `surplusOf`: what becomes of money beyond a proposal. Pure. */
export function planLine(
  verdict: Verdict,
  line: TransactionRow,
  policy: TenantPolicy,
  refused: readonly Refused[],
  surplusOf: (proposal: Proposal) => Surplus | undefined,
): Plan {
  const { booked } = verdict
  if (booked?.payment.id !== undefined && !isLetGo(verdict, refused)) {
    const text = verdict.withheld.find((reason) => reason.code === 'already_booked')?.text ?? ''
    return {
      do: 'recognise',
      parts: [
        {
          invoiceId: booked.invoiceId as Id<'inv'>,
          paymentId: booked.payment.id,
          paidMinor: booked.payment.amountMinor,
          amountMinor: booked.payment.amountMinor < line.amountMinor ? booked.payment.amountMinor : line.amountMinor,
          currency: line.currency,
        },
      ],
      confidence: RECOGNISED.confidence,
      reason: { code: 'already_booked', weight: RECOGNISED.logOdds, text },
    }
  }
  if (verdict.decision === 'none' || !verdict.best) return { do: 'nothing' }
  const isRefused = ({ allocations }: Proposal): boolean =>
    refused.some(
      ({ invoices }) =>
        invoices.size === allocations.length && allocations.every(({ invoiceId }) => invoices.has(invoiceId)),
    )
  const proposal = [verdict.best, ...verdict.alternatives].find(
    (each) => each.allocations.length > 0 && !isRefused(each),
  )
  if (!proposal) return { do: 'nothing' }
  const withheld = [...verdict.withheld, ...ownDoubts(line, policy)]
  if (refused.length > 0)
    withheld.push({
      code: 'refused_before',
      weight: 0,
      text: 'A person refused another proposal for this transaction.',
    })
  const auto = verdict.decision === 'auto' && policy.mode === 'auto' && withheld.length === 0
  const reasons = withSurplus(proposal.reasons, surplusOf(proposal))
  return { do: 'suggest', proposal: { ...proposal, reasons }, withheld, auto: auto && proposal === verdict.best }
}

/** Whether a person said that the line is not what somebody booked on this invoice. */
export const isLetGo = ({ booked }: Verdict, refused: readonly Refused[]): boolean =>
  booked !== null && refused.some((one) => one.booked && one.invoices.has(booked.invoiceId))

/** How sure a recognised line is: the client, the amount and the day agree. An estimate, not calibrated. */
const RECOGNISED = { confidence: '0.9900', logOdds: 4.5951 }

/** Doubts that the engine does not know of. */
export function ownDoubts(line: TransactionRow, policy: TenantPolicy): Reason[] {
  const doubts: Reason[] = []
  if (line.possibleDuplicateOf !== null) {
    const text = 'It may be the same transaction as another.'
    doubts.push({ code: 'possible_duplicate', weight: 0, text })
  }
  if (policy.engine.maxAutoAmountMinor !== undefined && line.currency !== policy.homeCurrency) {
    const text = `The largest amount applied without a person is set in ${policy.homeCurrency}, not in ${line.currency}.`
    doubts.push({ code: 'veto_max_amount', weight: 0, text })
  }
  return doubts
}

/** Whether the plan leaves the line as it is. `before`: the suggestion that stands. */
export function isKept(plan: Plan, before: MatchRow | undefined): boolean {
  if (plan.do === 'recognise') return false
  // What a person put together stands until a person decides, or the money turns out to be booked.
  if (before && isByPerson(before)) return true
  if (plan.do === 'nothing') return before === undefined
  return before !== undefined && !plan.auto && isSame(before, plan)
}

const isByPerson = (match: MatchRow): boolean => match.reasons.some((reason) => reason.code === BY_PERSON)

/** The same proposal, about as sure, with the same doubts: not worth a new match. */
export function isSame(before: MatchRow, plan: Extract<Plan, { do: 'suggest' }>): boolean {
  const { proposal, withheld } = plan
  const codes = (reasons: readonly Reason[]): string => reasons.map((reason) => reason.code).join(',')
  return (
    before.allocations.length === proposal.allocations.length &&
    before.allocations.every((allocation, n) => {
      const other = proposal.allocations[n]!
      return allocation.invoiceId === other.invoiceId && allocation.amountMinor === other.amountMinor
    }) &&
    codes(before.withheld) === codes(withheld) &&
    surplusText(before.reasons) === surplusText(proposal.reasons) &&
    Math.abs(proposal.confidence - Number(before.confidence)) < 0.01
  )
}
