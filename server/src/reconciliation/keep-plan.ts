import { type Id, newId } from '../base/ids.ts'
import { assert } from '../base/errors.ts'
import type { Change } from '../events/store.ts'
import type { TransactionRow } from '../transactions/index.ts'
import { approve } from './approve-match.ts'
import { changeLine } from './change-line.ts'
import { insertMatch } from './insert-matches.ts'
import { isKept, isSame, type Plan, type Recognised } from './plan-line.ts'
import { getMatch, listSuggested, type MatchRow } from './queries.ts'
import { presentMatch } from './schemas.ts'
import { supersedeSuggested } from './supersede.ts'

/** Makes the plan true, in the caller's change, which holds the line and the invoices. Returns what became of it; undefined when
 *  everything is as it was. */
export async function keepPlan(
  tx: Change,
  line: TransactionRow,
  plan: Exclude<Plan, Recognised>,
): Promise<'suggested' | 'applied' | undefined> {
  const before = (await listSuggested(tx, [line.id]))[0]
  if (isKept(plan, before)) return undefined
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

/** Who decides what is applied without a person. */
export const AUTO = 'system:auto'

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
  return say(tx, id)
}

async function say(tx: Change, id: Id<'match'>): Promise<MatchRow> {
  const match = await getMatch(tx, id)
  assert(match, 'a match just made exists')
  tx.event('match.created', id, presentMatch(match))
  tx.audit({
    action: 'match.suggest',
    resource: { type: 'match', id },
    changes: { after: { transaction_id: match.transactionId, status: match.status } },
  })
  return match
}
