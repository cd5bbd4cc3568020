import { type Id, uuidOf } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import { getInvoices } from '../invoices/queries.ts'
import { presentInvoice } from '../invoices/schemas.ts'
import { lockPaymentsOf } from '../payments/queries.ts'
import { hidePayment, lockedInvoices, moveBalance } from './queries.ts'

/** Takes the payments of an applied match back from invoices that came by API, in the change that decided it: the payments are
 *  reversed, what they paid is open again, and a paid invoice is unpaid. Invoices that were cancelled or refunded meanwhile keep
 *  that status. The caller holds line and match.
 *  Returns what stays as it is, in words; undefined, with nothing done, when a billing system outside keeps the payments. */
export async function takeBackAtOnce(
  tx: Change,
  { matchId, transactionId }: { matchId: Id<'match'>; transactionId: Id<'txn'> },
): Promise<string[] | undefined> {
  const payments = (await lockPaymentsOf(tx, transactionId)).filter(
    (payment) => payment.matchId === matchId && payment.state === 'applied',
  )
  if (payments.length === 0 || payments.some((payment) => payment.instanceId !== null)) return undefined
  const ids = [...new Set(payments.map((payment) => payment.invoiceId))]
  const before = await lockedInvoices(tx, ids)
  const today = tx.now.toISOString().slice(0, 10)
  for (const payment of payments) {
    await tx.run(`update payments set state = 'reversed', updated_at = now() where tenant_id = $1 and id = $2`, [
      tx.tenantUuid,
      uuidOf(payment.id),
    ])
    await moveBalance(tx, payment.invoiceId, { byMinor: payment.amountMinor, today })
    await hidePayment(tx, payment)
    tx.audit({
      action: 'payment.reverse',
      resource: { type: 'payment', id: payment.id },
      changes: { before: { state: 'applied' }, after: { state: 'reversed' } },
    })
  }
  for (const invoice of await getInvoices(tx, ids)) tx.event('invoice.updated', invoice.id, presentInvoice(invoice))
  return [...before.values()]
    .filter((invoice) => invoice.status === 'paid')
    .map(
      (invoice) =>
        `What you or your programs did because invoice ${invoice.number} was paid (event invoice.paid) stays as it is. Look at it there.`,
    )
}
