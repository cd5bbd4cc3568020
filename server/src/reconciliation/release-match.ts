import { AppError, assert, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { lockTransaction, MATCH_JOB } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { getMatch, listParts, lockMatch, type MatchRow, setMatchStatus } from './queries.ts'

/** A person gives up a failed match of which nothing was booked: it becomes `superseded` and its money is free, to be matched, given
 *  to other invoices or set aside. The engine does not propose what the billing system refused again. Throws `resource_conflict`
 *  when the match is not failed, or when a part of it is booked or under way. */
export async function releaseMatch(store: Store, tenantId: TenantId, actor: Actor, id: Id<'match'>): Promise<MatchRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await getMatch(tx, id)
    if (!before) throw notFound()
    const line = await lockTransaction(tx, before.transactionId)
    const match = await lockMatch(tx, id)
    assert(line && match, 'a match and its line are never removed')
    if (match.status !== 'failed') {
      throw new AppError('resource_conflict', `This match is ${match.status}. Only a failed one is let go of.`)
    }
    if ((await listParts(tx, id)).some(({ state }) => state !== 'refused' && state !== 'reversed')) {
      throw new AppError(
        'resource_conflict',
        'A part of this match is booked already. Approve it again, or settle the rest in WHMCS.',
      )
    }
    await setMatchStatus(tx, id, { status: 'superseded', decidedBy: actor.id, decidedAt: tx.now })
    await changeLine(tx, line, { matchStatus: 'unmatched', allocatedMinor: 0n })
    tx.audit({
      action: 'match.release',
      resource: { type: 'match', id },
      changes: { before: { status: 'failed' }, after: { status: 'superseded' } },
    })
    tx.job(MATCH_JOB, {}, { onlyOne: tenantId })
    return (await getMatch(tx, id))!
  })
}
