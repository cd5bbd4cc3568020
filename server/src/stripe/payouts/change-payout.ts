import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { getTransaction, type TransactionRow } from '../../transactions/index.ts'
import type { PayoutDeps } from './deps.ts'
import { leaveLine, linkLine } from './link-line.ts'
import { isOver } from './merge-payout.ts'
import { findPayoutOfLine, getPayout, lockPayout, type PayoutRow } from './queries.ts'

/** A person says which line of the bank the payout is, or, with null, that the line found is not it: then it is matched with
 *  invoices again and will not be taken by itself. The amount may differ, since banks take fees; direction and currency may not.
 *  Throws `validation_failed` for a line that cannot be it, `resource_conflict` when the payout came back or the line is decided. */
export async function changePayout(
  deps: Pick<PayoutDeps, 'store' | 'lines'>,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'pout'>,
  lineId: Id<'txn'> | null,
): Promise<PayoutRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const payout = await lockPayout(tx, id)
    if (!payout) throw notFound()
    if (payout.bankTransactionId === lineId) return payout
    if (lineId === null) await leaveLine(deps, tx, payout, { refused: true })
    else await choose(deps, tx, payout, lineId)
    return (await getPayout(tx, id))!
  })
}

async function choose(
  deps: Pick<PayoutDeps, 'lines'>,
  tx: Change,
  payout: PayoutRow,
  lineId: Id<'txn'>,
): Promise<void> {
  const line = await getTransaction(tx, lineId)
  if (!line) throw invalid('The request names something that does not exist', 'Nothing of this tenant has this id')
  const fault = lineFault(payout, line)
  if (fault) throw invalid(fault, fault)
  if (isOver(payout))
    throw new AppError('resource_conflict', `This payout is ${payout.status}: no line of the bank is its money.`)
  if (await findPayoutOfLine(tx, lineId))
    throw new AppError('resource_conflict', 'This line is another payout already. Clear it there first.')
  if (payout.bankTransactionId) await leaveLine(deps, tx, payout, { refused: true })
  const taken = await deps.lines.take(tx, lineId)
  if (taken === 'announced')
    throw new AppError('resource_conflict', 'The bank has only announced this line. Wait until it is booked.')
  if (taken !== 'taken')
    throw new AppError(
      'resource_conflict',
      'This line is decided already. If it is no payment of an invoice, take its match back first.',
    )
  await linkLine(tx, (await getPayout(tx, payout.id))!, lineId, 'person')
}

/** Why the line cannot be the payout's money, whatever the amount. */
function lineFault(payout: PayoutRow, line: TransactionRow): string | undefined {
  const direction = payout.amountMinor < 0n ? 'debit' : 'credit'
  if (line.source === 'stripe') return 'This line is of the Stripe account itself. Choose one of a bank account.'
  if (line.currency !== payout.currency) return `This line is in ${line.currency}, the payout in ${payout.currency}.`
  if (line.direction !== direction) {
    const amount = `${formatAmount(payout.amountMinor, payout.currency)} ${payout.currency}`
    return `A payout of ${amount} is a ${direction} on the bank account, this line is a ${line.direction}.`
  }
  return undefined
}

const invalid = (message: string, issue: string): AppError =>
  new AppError('validation_failed', message, { details: [{ field: 'bank_transaction_id', issue }] })
