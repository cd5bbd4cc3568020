import type { Id } from '../../base/ids.ts'
import { closeAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import type { PayoutDeps } from './deps.ts'
import { type PayoutRow, setBankLine } from './queries.ts'
import { sayReconciled } from './say-payout.ts'

/** How a line was found: by the bank's own reference, as the only one that fits, or by a person. */
export type FoundBy = 'trace_id' | 'amount_and_date' | 'person'

/** Gives the payout its line, in the caller's change, which holds the payout and has taken the line. */
export async function linkLine(tx: Change, payout: PayoutRow, lineId: Id<'txn'>, foundBy: FoundBy): Promise<void> {
  await setBankLine(tx, payout.id, {
    transactionId: lineId,
    foundBy,
    refused: payout.bankRefused.filter((id) => id !== lineId),
  })
  await closeAlert(tx, 'payout_not_found', payout.id)
  await closeAlert(tx, 'bank_line_without_payout', lineId)
  await closeAlert(tx, 'payout_line_decided', lineId)
  tx.audit({
    action: 'payout.find_line',
    resource: { type: 'payout', id: payout.id },
    changes: { after: { bank_transaction_id: lineId, bank_found_by: foundBy } },
  })
  await sayReconciled(tx, payout.id)
}

/** The payout has this line no longer, in the caller's change, which holds the payout: the line is matched again. `refused`: a
 *  person says that it is another payment, so that it is not taken again. */
export async function leaveLine(
  { lines }: Pick<PayoutDeps, 'lines'>,
  tx: Change,
  payout: PayoutRow,
  { refused }: { refused: boolean } = { refused: false },
): Promise<void> {
  const lineId = payout.bankTransactionId
  if (!lineId) return
  await setBankLine(tx, payout.id, {
    transactionId: null,
    foundBy: null,
    refused: refused ? [...new Set([...payout.bankRefused, lineId])] : payout.bankRefused,
  })
  await lines.release(tx, lineId)
  tx.audit({
    action: 'payout.leave_line',
    resource: { type: 'payout', id: payout.id },
    changes: { before: { bank_transaction_id: lineId }, after: { bank_transaction_id: null } },
  })
}
