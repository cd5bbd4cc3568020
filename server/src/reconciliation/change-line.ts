import type { Change } from '../events/store.ts'
import {
  getTransaction,
  type MatchStatus,
  presentTransaction,
  setTransactionMatch,
  type TransactionRow,
} from '../transactions/index.ts'

/** Writes on the line what its matches made of it, and says so when it looks different. Returns the line as it is now. */
export async function changeLine(
  tx: Change,
  line: TransactionRow,
  change: { matchStatus: MatchStatus; allocatedMinor: bigint },
): Promise<TransactionRow> {
  if (line.matchStatus === change.matchStatus && line.allocatedMinor === change.allocatedMinor) return line
  await setTransactionMatch(tx, line.id, change)
  const after = (await getTransaction(tx, line.id))!
  if (after.matchStatus !== line.matchStatus) tx.event('transaction.updated', line.id, presentTransaction(after))
  return after
}
