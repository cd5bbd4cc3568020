import type { Id } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import { lockTransaction, MATCH_JOB } from '../transactions/index.ts'
import { changeLine } from './change-line.ts'
import { supersedeSuggested } from './supersede.ts'

/** The line is money between accounts of the tenant and pays no invoice: it leaves matching, and its open suggestions are superseded.
 *  Nothing is changed where it is `decided` (it pays an invoice, or is a transfer already), only `announced` by the bank, or
 *  `unknown`. Holds the line until the change ends. */
export async function takeAsTransfer(
  tx: Change,
  id: Id<'txn'>,
): Promise<'taken' | 'decided' | 'announced' | 'unknown'> {
  const line = await lockTransaction(tx, id)
  if (!line) return 'unknown'
  if (line.status === 'pending') return 'announced'
  if (line.matchStatus !== 'unmatched' && line.matchStatus !== 'suggested') return 'decided'
  await supersedeSuggested(tx, id)
  await changeLine(tx, line, { matchStatus: 'transfer', allocatedMinor: 0n })
  tx.audit({
    action: 'transaction.transfer',
    resource: { type: 'transaction', id },
    changes: { before: { match_status: line.matchStatus }, after: { match_status: 'transfer' } },
  })
  return 'taken'
}

/** The line is no transfer after all: it is matched again. Does nothing when it is none. */
export async function releaseTransfer(tx: Change, id: Id<'txn'>): Promise<void> {
  const line = await lockTransaction(tx, id)
  if (line?.matchStatus !== 'transfer') return
  await changeLine(tx, line, { matchStatus: 'unmatched', allocatedMinor: 0n })
  tx.audit({
    action: 'transaction.release',
    resource: { type: 'transaction', id },
    changes: { before: { match_status: 'transfer' }, after: { match_status: 'unmatched' } },
  })
  tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
}
