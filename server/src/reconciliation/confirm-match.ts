import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { lockTransaction, MATCH_JOB } from '../transactions/index.ts'
import { getMatch, lockMatch, type MatchRow, touchMatch } from './queries.ts'
import { answerCheck } from './spot-checks.ts'

/** A person looked at an automatic match that was shown to them, and found it right: from now on it counts as their decision. Of equal
 *  calls at the same moment one wins. Throws `resource_conflict` when it is no spot check, was answered before, or is not applied any
 *  more. */
export async function confirmMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    const fault = faultOf(match)
    if (fault !== undefined) throw new AppError('resource_conflict', fault)
    await answerCheck(tx, id, { answer: 'right', by: actor.id, at: tx.now })
    await touchMatch(tx, id)
    tx.audit({
      action: 'match.confirm',
      resource: { type: 'match', id },
      changes: { before: { spot_check: 'waiting' }, after: { spot_check: 'right' } },
    })
    // What matching knows of who pays has changed.
    tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
    return (await getMatch(tx, id))!
  })
}

function faultOf({ spotCheck, status, reversal }: MatchRow): string | undefined {
  if (spotCheck === null) return 'This match is no spot check: only those that were drawn by lot are confirmed.'
  if (spotCheck.answer !== null) return 'Somebody looked at this match before.'
  if (status !== 'applied' || reversal !== null) return 'This match is taken back, or is being taken back.'
  return undefined
}
