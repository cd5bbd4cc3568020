import { describe, expect, it } from 'vitest'
import { withWhmcs } from './caller.ts'

describe('AddTransaction', () => {
  it('records a row and gives credit when asked, by a transid of its own', () =>
    withWhmcs({}, async (caller) => {
      const fields = { paymentmethod: 'banktransfer', userid: '1', transid: 'T1', amountin: '40.00', credit: '1' }
      expect(await caller.call('AddTransaction', fields)).toEqual({ result: 'success' })
      expect(await caller.credit(1)).toBe('40.00')
      expect((await caller.call('AddTransaction', fields)).message).toBe('Transaction ID must be Unique')
      expect((await caller.call('AddTransaction', { ...fields, allowduplicatetransid: '1' })).result).toBe('success')
      expect(caller.whmcs.control.journal().map((entry) => entry.kind)).toEqual([
        'transaction',
        'credit',
        'transaction',
        'credit',
      ])
    }))

  it('takes money back out of an invoice without reopening it', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '120.00', 'T1')
      const undo = { paymentmethod: 'banktransfer', invoiceid: '1', transid: 'T1-undo', amountout: '120.00' }
      expect((await caller.call('AddTransaction', undo)).result).toBe('success')
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', balance: '120.00' })
      expect(await caller.call('UpdateInvoice', { invoiceid: '1', status: 'Unpaid' })).toEqual({
        result: 'success',
        invoiceid: 1,
      })
      expect(await caller.invoice(1)).toMatchObject({ status: 'Unpaid', datepaid: '0000-00-00 00:00:00' })
      expect(caller.whmcs.control.journal().at(-1)).toMatchObject({
        kind: 'refund',
        amountMinor: '12000',
        invoiceid: 1,
      })
    }))

  it('refuses money out where the switch says so, and nothing else', () =>
    withWhmcs({ switches: { version: '9.0', moneyOut: 'refused' } }, async (caller) => {
      await caller.pay(1, '120.00', 'T1')
      const out = { paymentmethod: 'banktransfer', invoiceid: '1', transid: 'T2' }
      expect((await caller.call('AddTransaction', { ...out, amountout: '120.00' })).message).toBe(
        'This is a Paid Invoice. You cannot modify an Invoice that is Paid.',
      )
      expect(caller.whmcs.control.journal()).toHaveLength(1)
      expect((await caller.call('AddTransaction', { ...out, amountin: '1.00' })).result).toBe('success')
    }))

  it('pays no invoice: that is what AddInvoicePayment is for', () =>
    withWhmcs({}, async (caller) => {
      await caller.call('AddTransaction', { paymentmethod: 'banktransfer', invoiceid: '1', amountin: '120.00' })
      expect(await caller.invoice(1)).toMatchObject({ status: 'Unpaid', balance: '0.00' })
    }))

  it.each([
    [{ userid: '9' }, 'Client ID Not Found'],
    [{ invoiceid: '9' }, 'Invoice ID Not Found'],
    [{ userid: '2', invoiceid: '1' }, 'User ID does not own the given Invoice ID'],
    [{ userid: '1', currencyid: '9' }, 'Currency ID Not Found'],
    [{ userid: '1', currencyid: '2' }, 'Currency ID does not match Client currency'],
    [{}, 'A Currency ID is required for non-customer related transactions'],
    [{ userid: '1', paymentmethod: '' }, 'Payment Method is required'],
    [{ userid: '1', date: '2026-03-02' }, 'Date Format is not Valid'],
  ])('refuses %o', (fields, message) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({ currencies: [{ code: 'EUR' }], clients: [{ id: 2 }] })
      const all = { paymentmethod: 'banktransfer', amountin: '1.00', ...fields }
      expect(await caller.call('AddTransaction', all)).toEqual({ result: 'error', message })
    }),
  )

  it.each([
    ['DD/MM/YYYY', '03/04/2026', '2026-04-03 00:00:00'],
    ['MM/DD/YYYY', '03/04/2026', '2026-03-04 00:00:00'],
    ['YYYY-MM-DD', '2026-03-04', '2026-03-04 00:00:00'],
  ] as const)('reads its date in the format of the install, %s', (dateFormat, date, stored) =>
    withWhmcs({ switches: { dateFormat } }, async (caller) => {
      await caller.call('AddTransaction', { paymentmethod: 'mailin', userid: '1', amountin: '1.00', date })
      expect(caller.whmcs.control.books().transactions).toMatchObject([{ date: stored }])
    }),
  )
})

describe('UpdateTransaction', () => {
  it('changes a row, except one of a published invoice under 9.0', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '20.00', 'T1')
      const change = { transactionid: '1', amountin: '25.00', date: '2026-03-03' }
      expect(await caller.call('UpdateTransaction', change)).toEqual({ result: 'success', transactionid: 1 })
      expect(await caller.invoice(1)).toMatchObject({ balance: '95.00' })
      expect(caller.whmcs.control.journal().at(-1)).toMatchObject({ kind: 'edit', amountMinor: '2500' })
      caller.whmcs.control.setSwitches({ version: '9.0' })
      expect((await caller.call('UpdateTransaction', change)).result).toBe('error')
    }))
})

describe('client credit', () => {
  it('is added, applied to an invoice and logged', () =>
    withWhmcs({}, async (caller) => {
      const add = { clientid: '1', description: 'Goodwill', amount: '150.00' }
      expect(await caller.call('AddCredit', add)).toMatchObject({ newbalance: '150.00' })
      expect(await caller.call('ApplyCredit', { invoiceid: '1', amount: '20' })).toEqual({
        result: 'success',
        invoiceid: 1,
        amount: '20.00',
        invoicepaid: 'false',
      })
      expect(await caller.invoice(1)).toMatchObject({ total: '100.00', credit: '20.00', balance: '100.00' })
      expect(await caller.call('ApplyCredit', { invoiceid: '1' })).toMatchObject({
        amount: '100.00',
        invoicepaid: 'true',
      })
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', total: '0.00', subtotal: '120.00' })
      const log = await caller.call('GetCredits', { clientid: '1' })
      expect(log).toMatchObject({ totalresults: '3', clientid: '1' })
      expect(log.credits).toMatchObject({
        credit: [{ amount: '150.00' }, { amount: '-20.00', relid: '1' }, { amount: '-100.00' }],
      })
      expect(await caller.call('AddCredit', { ...add, amount: '5.00', type: 'remove' })).toMatchObject({
        newbalance: '25.00',
      })
    }))

  it.each([
    ['AddCredit', { type: 'give' }, 'Type can only be add or remove'],
    ['AddCredit', { clientid: '9' }, 'Client ID Not Found'],
    ['AddCredit', { clientid: '1', adminid: '7' }, 'Admin ID Not Found'],
    ['AddCredit', { clientid: '1' }, 'No Amount Provided'],
    ['AddCredit', { clientid: '1', amount: '-1.00' }, 'Amount must be in decimal format: ### or ###.##'],
    ['AddCredit', { clientid: '1', amount: '1.00', date: '3 May' }, 'Date Format is not Valid'],
    ['ApplyCredit', { invoiceid: '9' }, 'Invoice ID Not Found'],
    ['ApplyCredit', { invoiceid: '2' }, 'Invoice Not in Unpaid Status'],
    ['ApplyCredit', { invoiceid: '1', amount: '500.00' }, 'Amount exceeds customer credit balance'],
    ['ApplyCredit', { invoiceid: '1', amount: '121.00' }, 'Amount Exceeds Invoice Balance'],
    ['ApplyCredit', { invoiceid: '1', amount: '0' }, 'Credit Amount to apply must be greater than zero'],
    ['GetCredits', { clientid: '9' }, 'Client ID Not Found'],
  ] as const)('%s refuses %o', (action, fields, message) =>
    withWhmcs(
      {
        seed: {
          clients: [{ credit: '300.00' }],
          invoices: [
            { client: 1, total: '120.00' },
            { client: 1, total: '1.00', status: 'Cancelled' },
          ],
        },
      },
      async (caller) => expect(await caller.call(action, fields)).toEqual({ result: 'error', message }),
    ),
  )
})

describe('UpdateInvoice', () => {
  it('edits lines before 9.0, and only drafts since', () =>
    withWhmcs({}, async (caller) => {
      const change = { invoiceid: '1', 'newitemdescription[0]': 'Late fee', 'newitemamount[0]': '5.00' }
      expect((await caller.call('UpdateInvoice', change)).result).toBe('success')
      expect(await caller.invoice(1)).toMatchObject({ total: '125.00' })
      caller.whmcs.control.setSwitches({ version: '9.0' })
      expect((await caller.call('UpdateInvoice', change)).message).toBe(
        'This is an Unpaid Invoice. You cannot modify an Invoice that is Unpaid.',
      )
      await caller.call('CreateInvoice', { userid: '1', draft: '1' })
      expect((await caller.call('UpdateInvoice', { ...change, invoiceid: '2' })).result).toBe('success')
      expect((await caller.call('UpdateInvoice', { invoiceid: '2', publish: '1' })).result).toBe('success')
      expect(await caller.invoice(2)).toMatchObject({ status: 'Unpaid', balance: '5.00' })
    }))

  it('marks paid without any money, which a warning says', () =>
    withWhmcs({}, async (caller) => {
      await caller.call('UpdateInvoice', { invoiceid: '1', status: 'Paid' })
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', balance: '120.00' })
      expect(caller.whmcs.control.warnings()).toHaveLength(1)
      expect(caller.whmcs.control.journal()).toEqual([])
    }))

  it('refuses to reopen where the switch says so, and statuses that do not exist', () =>
    withWhmcs({ switches: { reopen: 'refused' } }, async (caller) => {
      await caller.pay(1, '120.00', 'T1')
      expect((await caller.call('UpdateInvoice', { invoiceid: '1', status: 'Unpaid' })).result).toBe('error')
      expect((await caller.call('UpdateInvoice', { invoiceid: '1', status: 'Settled' })).message).toBe(
        'Invalid status Settled',
      )
    }))
})
