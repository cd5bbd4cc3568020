import { assert } from '../../base/errors.ts'
import type { Id } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import { isUnderWay } from './merge-payout.ts'
import { getPayout, isComplete, setReconciled } from './queries.ts'
import { listItems } from './item-queries.ts'
import { ITEMS_TOLD, presentPayout } from './schemas.ts'

/** Says what happened to the payout, as it stands now. */
export async function sayPayout(
  tx: Change,
  type: 'payout.created' | 'payout.reconciled' | 'payout.failed',
  id: Id<'pout'>,
): Promise<void> {
  const payout = await getPayout(tx, id)
  assert(payout, 'a payout that something happened to exists')
  tx.event(type, id, presentPayout(payout, await listItems(tx, id, ITEMS_TOLD)))
}

/** Once, when the payout is both explained to the cent and found at the bank. Does nothing before and afterwards. */
export async function sayReconciled(tx: Change, id: Id<'pout'>): Promise<void> {
  const payout = await getPayout(tx, id)
  if (!payout || payout.reconciledAt || !payout.bankTransactionId) return
  if (!isComplete(payout) || !isUnderWay(payout)) return
  await setReconciled(tx, id, tx.now)
  await sayPayout(tx, 'payout.reconciled', id)
  tx.audit({
    action: 'payout.reconcile',
    resource: { type: 'payout', id },
    changes: { after: { bank_transaction_id: payout.bankTransactionId } },
  })
}
