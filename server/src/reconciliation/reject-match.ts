import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { lockTransaction, MATCH_JOB } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { getMatch, listSuggested, lockMatch, type MatchRow, setMatchStatus } from './queries.ts'
import { presentMatch } from './schemas.ts'

/** A person says no to a suggestion. The same invoices are not proposed for this line again; the engine remembers, and looks
 *  for others. Throws `resource_conflict` when the match has moved on. */
export async function rejectMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    if (match.status !== 'suggested') {
      const instead = match.status === 'failed' ? ' Let go of it instead: POST /invoice-matches/{id}/release.' : ''
      throw new AppError(
        'resource_conflict',
        `This match is ${match.status} and cannot be rejected any more.${instead}`,
      )
    }
    await setMatchStatus(tx, id, { status: 'rejected', decidedBy: actor.id, decidedAt: tx.now })
    const left = await listSuggested(tx, [line.id])
    if (line.matchStatus === 'suggested' && left.length === 0) {
      await changeLine(tx, line, { matchStatus: 'unmatched', allocatedMinor: 0n })
    }
    const after = (await getMatch(tx, id))!
    tx.event('match.rejected', id, presentMatch(after))
    tx.audit({
      action: 'match.reject',
      resource: { type: 'match', id },
      changes: { before: { status: 'suggested' }, after: { status: 'rejected' } },
    })
    tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
    return after
  })
}
