import { readTime } from '../clock.ts'
import { nowIn, settingsOf, type Install } from '../install.ts'
import { balanceOf, moveCredit, recordTransaction, settle } from '../ledger.ts'
import { ensure } from '../refusal.ts'
import type { Invoice } from '../rows.ts'
import { amountOf, truthy, type Action } from './action.ts'

/** AddInvoicePayment (reference 2.7). It does not mind a transid it has seen: asking twice pays twice. */
export const addInvoicePayment: Action = {
  parameters: ['invoiceid', 'transid', 'gateway', 'date', 'amount', 'fees', 'noemail'],
  run: (install, form) => {
    const { switches } = settingsOf(install)
    const invoice = install.books.table('invoices').get(form.id('invoiceid'))
    ensure(invoice, 'Invoice ID Not Found')
    const refused =
      invoice.status === 'Cancelled' ||
      (invoice.status === 'Draft' && switches.draftPayment === 'refused') ||
      (invoice.status === 'Paid' && switches.paidPayment === 'refused')
    ensure(!refused, `It is not possible to add a payment to an invoice that is ${invoice.status}`)
    ensure(form.text('transid') !== '', 'Transaction ID is required')
    ensure(form.text('gateway') !== '', 'Payment Gateway is required')
    const known = install.books.table('gateways').find(`module:${form.text('gateway')}`).length > 0
    if (!known) {
      ensure(switches.unknownGateway === 'accepted', 'Payment Gateway is not valid')
      install.warn(`gateway=${form.text('gateway')} is no system name of this install`)
    }
    ensure(form.text('date') !== '' || switches.paymentDate === 'optional', 'Date is required')
    const date = form.text('date') === '' ? nowIn(install) : readTime(form.text('date'))
    ensure(date, 'Date Format is not Valid')

    const asked = amountOf(install, form, 'amount')
    ensure(asked >= 0n, 'Amount must not be negative')
    if (asked === 0n) install.warn('amount is empty or 0: the full balance was taken')
    pay(install, invoice, {
      amountMinor: asked === 0n ? floor(balanceOf(install, invoice)) : asked,
      feesMinor: amountOf(install, form, 'fees'),
      transid: form.text('transid'),
      gateway: form.text('gateway'),
      date,
    })
    if (!truthy(install, form, 'noemail')) install.happen({ hook: 'PaymentEmail', invoiceid: invoice.id })
    return {}
  },
}

const floor = (hundredths: bigint): bigint => (hundredths < 0n ? 0n : hundredths)

export interface Payment {
  amountMinor: bigint
  feesMinor: bigint
  transid: string
  gateway: string
  /** `YYYY-MM-DD HH:MM:SS` */
  date: string
}

/** Books a payment: less than the balance leaves the invoice open, the exact sum settles it, the excess becomes client credit; on a
 *  paid invoice all of it does. Fees are noted and change nothing. */
export function pay(install: Install, invoice: Invoice, payment: Payment): void {
  const before = balanceOf(install, invoice)
  const alreadyPaid = invoice.status === 'Paid'
  recordTransaction(install, {
    clientId: invoice.clientId,
    currencyId: 0,
    gateway: payment.gateway,
    date: payment.date,
    description: 'Invoice Payment',
    amountInMinor: payment.amountMinor,
    feesMinor: payment.feesMinor,
    amountOutMinor: 0n,
    rate: '1.00000',
    transid: payment.transid,
    invoiceId: invoice.id,
    refundId: 0,
  })
  install.happen({ hook: 'AddInvoicePayment', invoiceid: invoice.id })
  const excess = alreadyPaid ? payment.amountMinor : payment.amountMinor - floor(before)
  if (!alreadyPaid && excess >= 0n) settle(install, invoice.id)
  else install.books.put('invoices', { ...invoice, updatedAt: nowIn(install) })
  if (excess > 0n) {
    moveCredit(install, invoice.clientId, excess, {
      description: `Invoice #${invoice.id} Overpayment`,
      cause: alreadyPaid ? 'already_paid' : 'overpayment',
      invoiceId: invoice.id,
      transid: payment.transid,
      gateway: payment.gateway,
    })
  }
}
