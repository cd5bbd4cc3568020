import { AppError } from '../../base/errors.ts'
import type { Id } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { Change } from '../../events/store.ts'
import { getInvoices } from '../invoices/queries.ts'
import { presentInvoice } from '../invoices/schemas.ts'
import type { PaymentRow } from '../payments/queries.ts'
import { lockedInvoices, moveBalance, showPayment } from './queries.ts'

interface Part {
  invoiceId: Id<'inv'>
  amountMinor: bigint
}

/** What stands for the installation in the ids of payments on invoices that came by API: no address begins so. */
export const API_BILLING = '/api'

/** Holds invoices that came by API until the change ends, and says no before anything is written. Throws `validation_failed` when
 *  one takes no money, or less than it is to get. */
export async function holdForBooking(tx: Change, parts: readonly Part[]): Promise<void> {
  const invoices = await lockedInvoices(
    tx,
    parts.map((part) => part.invoiceId),
  )
  for (const [id, invoice] of invoices) {
    const name = `Invoice ${invoice.number}`
    if (invoice.status !== 'unpaid') {
      throw new AppError('validation_failed', `${name} is ${invoice.status} and takes no money.`)
    }
    const sumMinor = parts.reduce((sum, part) => (part.invoiceId === id ? sum + part.amountMinor : sum), 0n)
    if (sumMinor > invoice.balanceMinor) {
      const money = (minor: bigint): string => `${formatAmount(minor, invoice.currency)} ${invoice.currency}`
      throw new AppError(
        'validation_failed',
        `${name} has ${money(invoice.balanceMinor)} open, less than ${money(sumMinor)}.`,
      )
    }
  }
}

/** Books payments on invoices that came by API, in the change that decided them: there is nobody to ask. The payments stand as
 *  `applied` already, and the caller holds the invoices (`holdForBooking`). */
export async function bookAtOnce(tx: Change, payments: readonly PaymentRow[]): Promise<void> {
  const today = tx.now.toISOString().slice(0, 10)
  for (const payment of payments) {
    await moveBalance(tx, payment.invoiceId, { byMinor: -payment.amountMinor, today })
    await showPayment(tx, payment)
    tx.audit({
      action: 'payment.apply',
      resource: { type: 'payment', id: payment.id },
      changes: { before: { state: 'pending' }, after: { state: 'applied', attempts: 0 } },
    })
  }
  const ids = [...new Set(payments.map((payment) => payment.invoiceId))]
  for (const invoice of await getInvoices(tx, ids)) {
    tx.event('invoice.updated', invoice.id, presentInvoice(invoice))
    if (invoice.status === 'paid') tx.event('invoice.paid', invoice.id, presentInvoice(invoice))
  }
}
