import type { Answer } from '../answer.ts'
import { list } from '../answer.ts'
import { isDay, readLocalised } from '../clock.ts'
import type { Form } from '../form.ts'
import { nowIn, settingsOf, type Install } from '../install.ts'
import { currencyCode, moveCredit, recordTransaction } from '../ledger.ts'
import { money } from '../money.ts'
import { ensure } from '../refusal.ts'
import type { Transaction } from '../rows.ts'
import { immutable } from '../switches.ts'
import { notesOf } from '../totals.ts'
import { amountOf, truthy, type Action } from './action.ts'

/** A ledger row as the API shows it: every field a string (reference 2.12). */
export const transactionRow = (row: Transaction): Answer => ({
  id: String(row.id),
  userid: String(row.clientId),
  currency: String(row.currencyId),
  gateway: row.gateway,
  date: row.date,
  description: row.description,
  amountin: money(row.amountInMinor),
  fees: money(row.feesMinor),
  amountout: money(row.amountOutMinor),
  rate: row.rate,
  transid: row.transid,
  invoiceid: String(row.invoiceId),
  refundid: String(row.refundId),
})

export const getTransactions: Action = {
  parameters: ['invoiceid', 'clientid', 'transid'],
  run: (install, form) => {
    const table = install.books.table('transactions')
    const filters = ['invoiceid', 'clientid', 'transid'].filter((name) => form.text(name) !== '')
    if (filters.length === 0) install.warn('no filter: the whole table was answered')
    const keys = {
      invoiceid: `invoice:${form.id('invoiceid')}`,
      clientid: `client:${form.id('clientid')}`,
      transid: `transid:${form.text('transid')}`,
    }
    // As MySQL's usual collation compares.
    const loosely = settingsOf(install).switches.transidLookup === 'any_case'
    const plain = (transid: string): string => (loosely ? transid.trimEnd().toLowerCase() : transid)
    const indexed = filters.filter((name) => name !== 'transid' || !loosely)[0]
    const rows = indexed === undefined ? table.all() : table.find(keys[indexed as keyof typeof keys])
    const found = rows.filter(
      (row) =>
        (form.text('invoiceid') === '' || row.invoiceId === form.id('invoiceid')) &&
        (form.text('clientid') === '' || row.clientId === form.id('clientid')) &&
        (form.text('transid') === '' || plain(row.transid) === plain(form.text('transid'))),
    )
    return {
      totalresults: found.length,
      startnumber: 0,
      numreturned: found.length,
      ...list(settingsOf(install).switches, 'transactions', 'transaction', found.map(transactionRow)),
    }
  },
}

/** AddTransaction: a ledger row, without any "invoice paid" automation; this one does insist on a transid of its own. */
export const addTransaction: Action = {
  parameters: [
    'paymentmethod',
    'userid',
    'invoiceid',
    'transid',
    'date',
    'currencyid',
    'description',
    'amountin',
    'fees',
    'amountout',
    'rate',
    'credit',
    'allowduplicatetransid',
  ],
  run: (install, form) => {
    const { books } = install
    const { clientId, invoiceId, currencyId } = parties(install, form)
    ensure(form.text('paymentmethod') !== '', 'Payment Method is required')
    const transid = form.text('transid')
    const taken = transid !== '' && books.table('transactions').find(`transid:${transid}`).length > 0
    ensure(!taken || truthy(install, form, 'allowduplicatetransid'), 'Transaction ID must be Unique')
    const { dateFormat } = settingsOf(install).switches
    const day = form.text('date') === '' ? null : readLocalised(form.text('date'), dateFormat)
    ensure(form.text('date') === '' || day !== null, 'Date Format is not Valid')

    const invoice = books.table('invoices').get(invoiceId)
    const status = invoice?.status ?? 'Draft'
    const { moneyOut } = settingsOf(install).switches
    const outMinor = amountOf(install, form, 'amountout')
    ensure(
      moneyOut !== 'refused' || status === 'Draft' || outMinor === 0n,
      `This is ${/^[AEIOU]/.test(status) ? 'an' : 'a'} ${status} Invoice. You cannot modify an Invoice that is ${status}.`,
    )

    const row = recordTransaction(install, {
      clientId,
      currencyId,
      gateway: form.text('paymentmethod'),
      date: day === null ? nowIn(install) : `${day} 00:00:00`,
      description: form.text('description'),
      amountInMinor: amountOf(install, form, 'amountin'),
      feesMinor: amountOf(install, form, 'fees'),
      amountOutMinor: outMinor,
      rate: form.text('rate') === '' ? '1.00000' : form.text('rate'),
      transid,
      invoiceId,
      refundId: 0,
    })
    if (moneyOut === 'credit_note' && invoice && outMinor > 0n) {
      books.put('invoices', { ...invoice, creditNotesMinor: notesOf(invoice) + outMinor })
    }
    if (!truthy(install, form, 'credit')) return {}
    if (invoiceId !== 0 || clientId === 0) {
      install.warn('credit does nothing together with invoiceid or without userid')
      return {}
    }
    moveCredit(install, clientId, row.amountInMinor, {
      description: row.description,
      cause: 'transaction',
      transid,
      gateway: row.gateway,
      date: row.date.slice(0, 10),
    })
    return {}
  },
}

/** Whose money it is. Ids that do not fit together are refused one by one (reference 2.7, errors of AddTransaction). */
function parties(install: Install, form: Form): { clientId: number; invoiceId: number; currencyId: number } {
  const { books } = install
  const userId = form.id('userid')
  const client = books.table('clients').get(userId)
  ensure(userId === 0 || client, 'Client ID Not Found')
  const invoiceId = form.id('invoiceid')
  const invoice = books.table('invoices').get(invoiceId)
  ensure(invoiceId === 0 || invoice, 'Invoice ID Not Found')
  ensure(!client || !invoice || invoice.clientId === client.id, 'User ID does not own the given Invoice ID')
  const clientId = client?.id ?? invoice?.clientId ?? 0
  const currencyId = form.id('currencyid')
  ensure(currencyId === 0 || books.table('currencies').get(currencyId), 'Currency ID Not Found')
  if (clientId === 0) {
    ensure(currencyId !== 0, 'A Currency ID is required for non-customer related transactions')
    return { clientId, invoiceId, currencyId }
  }
  const fits = currencyId === 0 || books.table('clients').get(clientId)?.currencyId === currencyId
  ensure(fits, 'Currency ID does not match Client currency')
  return { clientId, invoiceId, currencyId: 0 }
}

export const updateTransaction: Action = {
  parameters: [
    'transactionid',
    'refundid',
    'userid',
    'invoiceid',
    'transid',
    'date',
    'gateway',
    'currency',
    'description',
    'amountin',
    'fees',
    'amountout',
    'rate',
    'credit',
  ],
  run: (install, form) => {
    const { books } = install
    const before = books.table('transactions').get(form.id('transactionid'))
    ensure(before, 'Transaction ID Not Found')
    const invoice = books.table('invoices').get(before.invoiceId)
    const frozen = immutable(settingsOf(install).switches) && invoice !== undefined && invoice.status !== 'Draft'
    ensure(!frozen, `This transaction belongs to an invoice that is ${invoice?.status}. You cannot modify it.`)
    const date = form.text('date')
    ensure(date === '' || isDay(date), 'Date Format is not Valid')
    if (form.has('credit')) install.warn('credit in UpdateTransaction is not simulated')

    const text = (name: string, old: string): string => (form.has(name) ? form.text(name) : old)
    const id = (name: string, old: number): number => (form.has(name) ? form.id(name) : old)
    const amount = (name: string, old: bigint): bigint => (form.has(name) ? amountOf(install, form, name) : old)
    const after = books.put('transactions', {
      id: before.id,
      clientId: id('userid', before.clientId),
      currencyId: id('currency', before.currencyId),
      gateway: text('gateway', before.gateway),
      date: date === '' ? before.date : `${date} 00:00:00`,
      description: text('description', before.description),
      amountInMinor: amount('amountin', before.amountInMinor),
      feesMinor: amount('fees', before.feesMinor),
      amountOutMinor: amount('amountout', before.amountOutMinor),
      rate: text('rate', before.rate),
      transid: text('transid', before.transid),
      invoiceId: id('invoiceid', before.invoiceId),
      refundId: id('refundid', before.refundId),
    })
    books.book({
      kind: 'edit',
      action: install.action,
      invoiceid: after.invoiceId === 0 ? null : after.invoiceId,
      clientid: after.clientId === 0 ? null : after.clientId,
      transid: after.transid,
      hundredths: after.amountInMinor - after.amountOutMinor,
      currency: currencyCode(install, after.clientId, after.currencyId),
      gateway: after.gateway,
      date: after.date,
      rowId: after.id,
      cause: `before: ${money(before.amountInMinor - before.amountOutMinor)} ${before.transid} on invoice ${before.invoiceId}`,
    })
    return { transactionid: after.id }
  },
}
