import { list, type Answer } from '../answer.ts'
import { ZERO_TIME } from '../clock.ts'
import { settingsOf, todayIn, type Install } from '../install.ts'
import { balanceOf, clientOf } from '../ledger.ts'
import { money } from '../money.ts'
import { ensure } from '../refusal.ts'
import { STATUSES, type Invoice } from '../rows.ts'
import { totalOf } from '../totals.ts'
import { page, type Action } from './action.ts'
import { transactionRow } from './transactions.ts'

const amounts = (invoice: Invoice): Answer => ({
  subtotal: money(invoice.subtotalMinor),
  credit: money(invoice.creditMinor),
  tax: money(invoice.taxMinor),
  tax2: money(invoice.tax2Minor),
  total: money(totalOf(invoice)),
})

/** A row of GetInvoices: no balance, no e-mail, no items (reference 2.6). */
function listRow(install: Install, invoice: Invoice): Answer {
  const client = clientOf(install, invoice.clientId)
  const currency = install.books.table('currencies').get(client.currencyId)
  return {
    id: invoice.id,
    userid: invoice.clientId,
    firstname: client.firstname,
    lastname: client.lastname,
    companyname: client.companyname,
    invoicenum: invoice.invoicenum,
    date: invoice.date,
    duedate: invoice.duedate,
    datepaid: invoice.datepaid,
    last_capture_attempt: ZERO_TIME,
    date_refunded: invoice.dateRefunded,
    date_cancelled: invoice.dateCancelled,
    ...amounts(invoice),
    taxrate: invoice.taxrate,
    taxrate2: invoice.taxrate2,
    status: invoice.status,
    paymentmethod: invoice.paymentmethod,
    paymethodid: null,
    notes: invoice.notes,
    created_at: invoice.createdAt,
    updated_at: invoice.updatedAt,
    currencycode: currency?.code ?? '',
    currencyprefix: currency?.prefix ?? '',
    currencysuffix: currency?.suffix ?? '',
  }
}

const ORDERS: Record<string, (a: Invoice, b: Invoice) => number> = {
  id: () => 0,
  invoicenumber: (a, b) => compare(a.invoicenum, b.invoicenum),
  date: (a, b) => compare(a.date, b.date),
  duedate: (a, b) => compare(a.duedate, b.duedate),
  total: (a, b) => compare(totalOf(a), totalOf(b)),
  status: (a, b) => compare(a.status, b.status),
}

const compare = (a: string | bigint, b: string | bigint): number => (a < b ? -1 : a > b ? 1 : 0)

export const getInvoices: Action = {
  parameters: ['limitstart', 'limitnum', 'userid', 'status', 'orderby', 'order'],
  run: (install, form) => {
    const { books } = install
    const status = form.text('status')
    if (status !== '' && status !== 'Overdue' && !STATUSES.some((known) => known === status)) {
      install.warn(`status=${status} is no invoice status (one per call): nothing matches`)
    }
    const today = todayIn(install)
    const rows = (
      form.id('userid') === 0
        ? books.table('invoices').all()
        : books.table('invoices').find(`client:${form.id('userid')}`)
    ).filter(
      (invoice) =>
        status === '' ||
        (status === 'Overdue' ? invoice.status === 'Unpaid' && invoice.duedate < today : invoice.status === status),
    )
    const by = ORDERS[form.text('orderby') === '' ? 'id' : form.text('orderby').toLowerCase()]
    if (!by) install.warn(`orderby=${form.text('orderby')} is unknown: ordered by id`)
    const sign = form.text('order').toLowerCase() === 'desc' ? -1 : 1
    rows.sort((a, b) => sign * ((by ?? ORDERS.id!)(a, b) || a.id - b.id))
    const shown = page(install, form, rows)
    return {
      ...shown.counts,
      ...list(
        settingsOf(install).switches,
        'invoices',
        'invoice',
        shown.rows.map((row) => listRow(install, row)),
      ),
    }
  },
}

export const getInvoice: Action = {
  parameters: ['invoiceid'],
  run: (install, form) => {
    const invoice = install.books.table('invoices').get(form.id('invoiceid'))
    ensure(invoice, 'Invoice ID Not Found')
    const { switches } = settingsOf(install)
    const transactions = install.books.table('transactions').find(`invoice:${invoice.id}`)
    return {
      invoiceid: invoice.id,
      invoicenum: invoice.invoicenum,
      userid: invoice.clientId,
      date: invoice.date,
      duedate: invoice.duedate,
      datepaid: invoice.datepaid,
      lastcaptureattempt: ZERO_TIME,
      ...amounts(invoice),
      balance: money(balanceOf(install, invoice)),
      taxrate: invoice.taxrate,
      taxrate2: invoice.taxrate2,
      status: invoice.status,
      paymentmethod: invoice.paymentmethod,
      notes: invoice.notes,
      ccgateway: false,
      ...list(
        switches,
        'items',
        'item',
        invoice.items.map((item) => ({
          id: item.id,
          type: item.type,
          relid: item.relid,
          description: item.description,
          amount: money(item.amountMinor),
          taxed: item.taxed ? 1 : 0,
        })),
      ),
      ...list(switches, 'transactions', 'transaction', transactions.map(transactionRow)),
    }
  },
}
