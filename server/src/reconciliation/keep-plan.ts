import { type Id, newId } from '../base/ids.ts'
import { assert } from '../base/errors.ts'
import type { Change } from '../events/store.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { approve } from './approve-match.ts'
import { isExplaining } from './booked-queries.ts'
import { changeLine } from './change-line.ts'
import { isKept, isSame, type Plan, type Recognised } from './plan-line.ts'
import { getDecided, getMatch, insertMatch, listSuggested, type MatchRow } from './queries.ts'
import { presentMatch } from './schemas.ts'
import { supersede, supersedeSuggested } from './supersede.ts'

/** Makes the plan true, in the caller's change, which holds the line and the invoices. Returns what became of it; undefined when
 *  everything is as it was. */
export async function keepPlan(
  tx: Change,
  line: TransactionRow,
  plan: Plan,
): Promise<'suggested' | 'applied' | 'alreadyBooked' | undefined> {
  const before = (await listSuggested(tx, [line.id]))[0]
  if (isKept(plan, before)) return undefined
  if (plan.do === 'recognise') return (await recognise(tx, line, plan)) ? 'alreadyBooked' : undefined
  if (plan.do === 'suggest' && before && isSame(before, plan)) {
    return (await approve(tx, before, line, AUTO)) === undefined ? 'applied' : undefined
  }
  await supersedeSuggested(tx, line.id)
  if (plan.do === 'nothing') {
    await changeLine(tx, line, { matchStatus: 'unmatched', allocatedMinor: 0n })
    return undefined
  }
  const match = await suggest(tx, line, plan)
  const suggested = await changeLine(tx, line, { matchStatus: 'suggested', allocatedMinor: 0n })
  if (plan.auto && (await approve(tx, match, suggested, AUTO)) === undefined) return 'applied'
  return 'suggested'
}

const AUTO = 'system:auto'
const BOOKED = 'system:already_booked'

async function suggest(tx: Change, line: TransactionRow, plan: Extract<Plan, { do: 'suggest' }>): Promise<MatchRow> {
  const { proposal, withheld } = plan
  const id = newId('match')
  await insertMatch(tx, {
    id,
    transactionId: line.id,
    status: 'suggested',
    confidence: proposal.confidence.toFixed(4),
    score: proposal.score.toFixed(2),
    reasons: proposal.reasons,
    withheld,
    decidedBy: null,
    decidedAt: null,
    allocations: proposal.allocations.map((part) => ({ ...part, invoiceId: part.invoiceId as Id<'inv'> })),
  })
  return say(tx, id, 'match.suggest')
}

/** Money that somebody else has booked is decided and never sent (docs/decisions/0004, 0019). Not when a payment is gone or explains
 *  another line by now: the next run looks anew. */
async function recognise(tx: Change, line: TransactionRow, plan: Recognised): Promise<boolean> {
  const { parts, confidence, reason } = plan
  for (const { invoiceId, paymentId, paidMinor } of parts) {
    if (!(await isExplaining(tx, { invoiceId, externalId: paymentId, amountMinor: paidMinor }))) return false
  }
  await supersedeSuggested(tx, line.id)
  // The caller has seen that nothing of a failed match was booked.
  const failed = await getDecided(tx, line.id)
  if (failed) await supersede(tx, failed)
  const id = newId('match')
  await insertMatch(tx, {
    id,
    transactionId: line.id,
    status: 'approved',
    confidence,
    score: '0.00',
    reasons: [reason],
    withheld: [],
    decidedBy: BOOKED,
    decidedAt: tx.now,
    allocations: parts.map(({ paymentId, invoiceId, amountMinor, currency }) => ({
      invoiceId,
      amountMinor,
      currency,
      externalPaymentId: paymentId,
    })),
  })
  const allocatedMinor = parts.every(({ currency }) => currency === line.currency)
    ? parts.reduce((sum, part) => sum + part.amountMinor, 0n)
    : line.amountMinor
  await changeLine(tx, line, { matchStatus: 'matched', allocatedMinor })
  await say(tx, id, 'match.already_booked')
  return true
}

async function say(tx: Change, id: Id<'match'>, action: string): Promise<MatchRow> {
  const match = await getMatch(tx, id)
  assert(match, 'a match just made exists')
  tx.event('match.created', id, presentMatch(match))
  if (match.status === 'approved') tx.event('match.approved', id, presentMatch(match))
  tx.audit({
    action,
    resource: { type: 'match', id },
    changes: { after: { transaction_id: match.transactionId, status: match.status } },
  })
  return match
}
