import { list } from '../answer.ts'
import { isDay } from '../clock.ts'
import { settingsOf, todayIn } from '../install.ts'
import { balanceOf, clientOf, moveCredit, useCredit } from '../ledger.ts'
import { money, readLikePhp } from '../money.ts'
import { ensure } from '../refusal.ts'
import { amountOf, type Action } from './action.ts'

/** AddCredit (reference 2.8): moves a client's credit without a ledger row. */
export const addCredit: Action = {
  parameters: ['clientid', 'description', 'amount', 'date', 'adminid', 'type'],
  run: (install, form) => {
    const type = form.text('type') === '' ? 'add' : form.text('type')
    ensure(type === 'add' || type === 'remove', 'Type can only be add or remove')
    const client = install.books.table('clients').get(form.id('clientid'))
    ensure(client, 'Client ID Not Found')
    ensure(form.id('adminid') <= 1, 'Admin ID Not Found')
    ensure(form.text('amount') !== '', 'No Amount Provided')
    ensure(/^\d+(\.\d{1,2})?$/.test(form.text('amount')), 'Amount must be in decimal format: ### or ###.##')
    const date = form.text('date') === '' ? todayIn(install) : form.text('date')
    ensure(isDay(date), 'Date Format is not Valid')
    const amountMinor = readLikePhp(form.text('amount'))
    // Nobody documents what removing more than there is does; refusing is the reading that hides no fault of the caller.
    ensure(type === 'add' || amountMinor <= client.creditMinor, 'Insufficient Credit Balance')
    moveCredit(install, client.id, type === 'add' ? amountMinor : -amountMinor, {
      description: form.text('description'),
      cause: type === 'add' ? 'added' : 'removed',
      date,
    })
    return { newbalance: money(clientOf(install, client.id).creditMinor) }
  },
}

export const applyCredit: Action = {
  parameters: ['invoiceid', 'amount', 'noemail'],
  run: (install, form) => {
    const invoice = install.books.table('invoices').get(form.id('invoiceid'))
    ensure(invoice, 'Invoice ID Not Found')
    ensure(invoice.status === 'Unpaid', 'Invoice Not in Unpaid Status')
    const held = clientOf(install, invoice.clientId).creditMinor
    const balance = balanceOf(install, invoice)
    const most = held < balance ? held : balance
    const amountMinor = form.text('amount') === '' ? most : amountOf(install, form, 'amount')
    ensure(amountMinor <= held, 'Amount exceeds customer credit balance')
    ensure(amountMinor <= balance, 'Amount Exceeds Invoice Balance')
    ensure(amountMinor > 0n, 'Credit Amount to apply must be greater than zero')
    const paid = useCredit(install, invoice, amountMinor, 'applied')
    return { invoiceid: invoice.id, amount: money(amountMinor), invoicepaid: paid ? 'true' : 'false' }
  },
}

/** GetCredits: all strings, the count included. */
export const getCredits: Action = {
  parameters: ['clientid'],
  run: (install, form) => {
    const client = install.books.table('clients').get(form.id('clientid'))
    ensure(client, 'Client ID Not Found')
    const rows = install.books.table('credits').find(`client:${client.id}`)
    const shown = rows.map((row) => ({
      id: String(row.id),
      date: row.date,
      description: row.description,
      amount: money(row.amountMinor),
      relid: String(row.relid),
    }))
    return {
      totalresults: String(rows.length),
      clientid: String(client.id),
      ...list(settingsOf(install).switches, 'credits', 'credit', shown),
    }
  },
}
