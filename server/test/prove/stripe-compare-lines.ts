import type { LedgerTruth } from '../../../sandbox/src/stripe/index.ts'
import type { Check } from './check-invariants.ts'
import { differences, shownAmount } from './stripe-compare.ts'
import type { StripeStage } from './stripe-stage.ts'

/** A line of money as the API shows it, as far as the suite looks. */
interface ShownLine {
  transaction_id: string
  amount: number
  currency: string
  direction: string
  status: string
  reference: string
}

/** Charges, refunds and disputes as lines of money, with what they say about their invoice. */
export async function compareLines(
  stage: StripeStage,
  shown: readonly ShownLine[],
  truth: LedgerTruth,
): Promise<Check[]> {
  const { must, may } = linesOf(stage)
  const is = shown.map((line) =>
    [line.transaction_id, line.direction, line.amount, line.currency, line.status].join(' '),
  )
  const optional = new Set(may)
  return [
    {
      name: 'every charge, refund and dispute once, as it ended',
      faults: differences(
        is.filter((text) => !optional.has(text)),
        must,
      ),
    },
    { name: 'the invoice is named where the gateway left it', faults: nameFaults(shown, truth) },
  ]
}

/** What the book says the lines must be; and lines that may be there: of payments that came to nothing before money moved, which are
 *  lines only where somebody saw them under way. */
function linesOf({ desk: { book }, seenFrom }: StripeStage): { must: string[]; may: string[] } {
  const [must, may]: [string[], string[]] = [[], []]
  const text = (id: string, direction: string, minor: bigint, currency: string, status: string): string =>
    [id, direction, shownAmount(minor, currency), currency.toUpperCase(), status].join(' ')
  const back = new Map<string, bigint>()
  const takes = (charge: string, minor: bigint): void => void back.set(charge, (back.get(charge) ?? 0n) + minor)
  for (const refund of book.refunds.rows) {
    const failed = refund.status === 'failed' || refund.status === 'canceled'
    must.push(text(refund.id, 'debit', refund.amount, refund.currency, failed ? 'ignored' : 'processed'))
    if (!failed) takes(refund.charge, refund.amount)
  }
  for (const dispute of book.disputes.rows) {
    if (dispute.balance_transactions.length === 0) continue
    const won = dispute.status === 'won'
    must.push(text(dispute.id, 'debit', dispute.amount, dispute.currency, won ? 'ignored' : 'processed'))
    if (!won) takes(dispute.charge, dispute.amount)
  }
  for (const charge of book.charges.rows) {
    const line = (minor: bigint, status: string): string => text(charge.id, 'credit', minor, charge.currency, status)
    if (charge.status === 'failed')
      (charge.balance_transaction === null ? may : must).push(line(charge.amount, 'ignored'))
    else if (charge.status === 'pending') must.push(line(charge.amount, 'pending'))
    else if (!charge.captured) {
      const lapses = charge.refunded || charge.created < seenFrom
      ;(lapses ? may : must).push(line(charge.amount, charge.refunded ? 'ignored' : 'pending'))
    } else {
      const isBack = (back.get(charge.id) ?? 0n) >= charge.amount_captured
      must.push(line(charge.amount_captured, isBack ? 'ignored' : 'processed'))
    }
  }
  return { must, may }
}

/** What stands on the customer may be of an earlier invoice. */
const UNSURE: ReadonlySet<string> = new Set(['nowhere', 'customer_metadata'])

function nameFaults(shown: readonly ShownLine[], truth: LedgerTruth): string[] {
  const lines = new Map(shown.map((line) => [line.transaction_id, line]))
  return truth.charges.flatMap(({ id, invoice, place, state }) => {
    const line = lines.get(id)
    // Nobody looks for the invoice of money that did not come, or went back before it was seen.
    if (!line || line.status === 'ignored' || state === 'pending' || state === 'authorized') return []
    const wanted = invoice === null || UNSURE.has(place) ? '' : `Invoice ${invoice}`
    return line.reference === wanted ? [] : [`${id} (${place}): "${line.reference}", not "${wanted}"`]
  })
}
