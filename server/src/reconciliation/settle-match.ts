import type { Id } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import { getTransaction, lockTransaction, presentTransaction, setTransactionMatch } from '../transactions/index.ts'
import { getMatch, listPaymentStates, lockMatch, setMatchStatus } from './queries.ts'
import { presentMatch } from './schemas.ts'

/** Called by billing/ inside the change that writes a payment's outcome: the match is applied when all its payments are, and
 *  failed when one was refused and none is under way. */
export async function settleMatch(
  tx: Change,
  { matchId, transactionId }: { matchId: Id<'match'>; transactionId: Id<'txn'> },
): Promise<void> {
  const line = await lockTransaction(tx, transactionId)
  const match = await lockMatch(tx, matchId)
  if (!line || !match || !['approved', 'failed'].includes(match.status)) return
  const states = await listPaymentStates(tx, matchId)
  const underWay = states.some((state) => ['pending', 'sending', 'unknown', 'quarantined'].includes(state))
  if (underWay || states.length === 0) return
  const applied = states.every((state) => state === 'applied')
  const status = applied ? 'applied' : 'failed'
  if (match.status === status) return
  await setMatchStatus(tx, matchId, { status })
  tx.event(applied ? 'match.applied' : 'match.failed', matchId, presentMatch((await getMatch(tx, matchId))!))
  tx.audit({
    action: applied ? 'match.apply' : 'match.fail',
    resource: { type: 'match', id: matchId },
    changes: { before: { status: match.status }, after: { status } },
  })
  if (!applied) return
  await setTransactionMatch(tx, transactionId, { matchStatus: 'applied' })
  tx.event('transaction.updated', transactionId, presentTransaction((await getTransaction(tx, transactionId))!))
}
