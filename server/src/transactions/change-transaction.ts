import { AppError, notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { isVoid } from './known-queries.ts'
import { getTransaction, lockTransaction, setTransactionStatus, type TransactionRow } from './queries.ts'
import { presentTransaction } from './schemas.ts'

/** Sets a line aside (`ignored`), takes it back (`processed`), or notes something on it. Throws `resource_conflict` when
 *  the line is decided, a transfer, or only announced, or when its money did not stay. */
export async function changeTransaction(
  store: Store,
  tenantId: TenantId,
  actor: Actor,
  id: Id<'txn'>,
  patch: { status?: 'ignored' | 'processed' | undefined; note?: string | null | undefined },
): Promise<TransactionRow> {
  return store.change(tenantId, actor, async (tx) => {
    const before = await lockTransaction(tx, id)
    if (!before) throw notFound()
    const status = patch.status ?? before.status
    if (status !== before.status && before.status === 'pending') {
      throw new AppError('resource_conflict', 'The bank has only announced this transaction. Wait until it is booked.')
    }
    if (status === 'processed' && status !== before.status && (await isVoid(tx, id))) {
      throw new AppError(
        'resource_conflict',
        'This money did not stay: the payment failed, lapsed or went back. It cannot be taken back.',
      )
    }
    if (status === 'ignored' && ['matched', 'applied'].includes(before.matchStatus)) {
      throw new AppError(
        'resource_conflict',
        'This transaction is decided: it pays an invoice. Reverse its match first, or let go of it if it failed.',
      )
    }
    if (status === 'ignored' && status !== before.status && before.matchStatus === 'transfer') {
      throw new AppError(
        'resource_conflict',
        'This transaction is a transfer between your own accounts: it pays no invoice and nothing is looked for, so it need not be set aside. If it is none, say so at its payout, and it is matched again.',
      )
    }
    const note = patch.note === undefined ? before.note : patch.note
    if (status === before.status && note === before.note) return before
    await setTransactionStatus(tx, id, { status, note })
    const after = (await getTransaction(tx, id))!
    tx.event('transaction.updated', id, presentTransaction(after))
    tx.audit({
      action: 'transaction.change',
      resource: { type: 'transaction', id },
      changes: { before: { status: before.status }, after: { status: after.status } },
    })
    return after
  })
}
