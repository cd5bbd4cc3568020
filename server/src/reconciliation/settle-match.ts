import type { Id } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import { lockTransaction } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { AUTO } from './keep-plan.ts'
import { getMatch, listParts, lockMatch, setMatchStatus } from './queries.ts'
import { settleReversal } from './reverse-match.ts'
import { presentMatch } from './schemas.ts'
import { isSampled, sample } from './spot-checks.ts'

const UNDER_WAY: readonly string[] = ['pending', 'sending', 'unknown', 'quarantined']

/** Called by billing/ inside the change that writes a payment's outcome: the match is applied when all its payments are, and
 *  failed when one was refused and none is under way. The line of a failed match stays `matched`, with what is really booked
 *  of it: nothing is tried again before a person has looked. The payments of an applied match have no outcome but being taken back.
 *  `isDrawn`: which of the matches that were applied without a person are shown to one. */
export async function settleMatch(
  tx: Change,
  { matchId, transactionId }: { matchId: Id<'match'>; transactionId: Id<'txn'> },
  isDrawn: (id: Id<'match'>) => boolean = isSampled,
): Promise<void> {
  const line = await lockTransaction(tx, transactionId)
  const match = await lockMatch(tx, matchId)
  if (!line || !match) return
  if (match.status === 'applied') return settleReversal(tx, line, match)
  if (match.status !== 'approved' && match.status !== 'failed') return
  const parts = await listParts(tx, matchId)
  if (parts.length === 0 || parts.some(({ state }) => UNDER_WAY.includes(state))) return
  const applied = parts.every(({ state }) => state === 'applied')
  const status = applied ? 'applied' : 'failed'
  if (match.status === status) return
  await setMatchStatus(tx, matchId, { status })
  const drawn = applied && match.decidedBy === AUTO && isDrawn(matchId) && (await sample(tx, matchId))
  tx.event(applied ? 'match.applied' : 'match.failed', matchId, presentMatch((await getMatch(tx, matchId))!))
  tx.audit({
    action: applied ? 'match.apply' : 'match.fail',
    resource: { type: 'match', id: matchId },
    changes: { before: { status: match.status }, after: { status, ...(drawn ? { spot_check: 'waiting' } : {}) } },
  })
  const allocatedMinor = parts
    .filter(({ state }) => state === 'applied')
    .reduce((sum, part) => sum + part.amountMinor, 0n)
  await changeLine(tx, line, { matchStatus: applied ? 'applied' : 'matched', allocatedMinor })
}
