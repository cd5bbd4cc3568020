import { array, assert, asyncProperty, integer } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withWhmcs } from './caller.ts'
import { money } from './money.ts'

describe('AddInvoicePayment', () => {
  it('leaves the invoice open when the amount is less than the balance', () =>
    withWhmcs({}, async (caller) => {
      expect(await caller.pay(1, '20.00', 'T1')).toEqual({ result: 'success' })
      expect(await caller.invoice(1)).toMatchObject({
        status: 'Unpaid',
        total: '120.00',
        balance: '100.00',
        datepaid: '0000-00-00 00:00:00',
        transactions: {
          transaction: [{ transid: 'T1', amountin: '20.00', date: '2026-03-02 00:00:00', invoiceid: '1' }],
        },
      })
      expect(caller.whmcs.control.happenings().map((one) => one.hook)).toEqual(['AddInvoicePayment', 'PaymentEmail'])
    }))

  it('settles the invoice by the exact balance, in parts or at once', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.setClock({ frozenAt: '2026-03-05T10:20:30Z' })
      await caller.pay(1, '20.00', 'T1')
      await caller.pay(1, '100.00', 'T2', { noemail: '1' })
      expect(await caller.invoice(1)).toMatchObject({
        status: 'Paid',
        balance: '0.00',
        datepaid: '2026-03-05 10:20:30',
      })
      expect(await caller.credit(1)).toBe('0.00')
      const hooks = caller.whmcs.control.happenings().map((one) => one.hook)
      expect(hooks).toEqual(['AddInvoicePayment', 'PaymentEmail', 'AddInvoicePayment', 'InvoicePaid'])
    }))

  it('turns an excess into client credit', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '150.00', 'T1')
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', balance: '-30.00' })
      expect(await caller.credit(1)).toBe('30.00')
      expect(caller.whmcs.control.journal()).toMatchObject([
        { kind: 'payment', invoiceid: 1, clientid: 1, transid: 'T1', amountMinor: '15000', currency: 'USD' },
        { kind: 'credit', invoiceid: 1, transid: 'T1', amountMinor: '3000', cause: 'overpayment' },
      ])
    }))

  it('takes the same transid again: twice paid, the second as credit', () =>
    withWhmcs({}, async (caller) => {
      await Promise.all([caller.pay(1, '120.00', 'T1'), caller.pay(1, '120.00', 'T1')])
      expect(await caller.call('GetTransactions', { transid: 'T1' })).toMatchObject({ totalresults: 2 })
      expect(await caller.credit(1)).toBe('120.00')
      expect(caller.whmcs.control.journal().map((entry) => entry.cause)).toEqual(['', '', 'already_paid'])
    }))

  it('takes the full balance when the amount is missing, empty or zero', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '20.00', 'T1')
      await caller.pay(1, '', 'T2')
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', balance: '0.00' })
      expect(caller.whmcs.control.journal().at(-1)).toMatchObject({ amountMinor: '10000' })
    }))

  it('reads amounts as PHP does and warns of those a careful caller would not send', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '1,250.00', 'T1')
      await caller.pay(1, '2.005', 'T2')
      expect(caller.whmcs.control.books().transactions.map((row) => row.amountin)).toEqual(['1.00', '2.01'])
      expect(caller.whmcs.control.warnings()).toHaveLength(2)
    }))

  it('notes fees without changing what is paid', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '120.00', 'T1', { fees: '3.50' })
      expect(await caller.invoice(1)).toMatchObject({
        status: 'Paid',
        balance: '0.00',
        transactions: { transaction: [{ fees: '3.50', amountin: '120.00' }] },
      })
    }))

  it.each([
    ['an unknown invoice', { invoiceid: '99' }, 'Invoice ID Not Found'],
    ['invoice 0', { invoiceid: '0' }, 'Invoice ID Not Found'],
    ['no transid', { transid: '' }, 'Transaction ID is required'],
    ['paymentmethod instead of gateway', { gateway: '', paymentmethod: 'banktransfer' }, 'Payment Gateway is required'],
    ['a negative amount', { amount: '-5.00' }, 'Amount must not be negative'],
    ['a date in another form', { date: '02/03/2026' }, 'Date Format is not Valid'],
  ])('refuses %s and books nothing', (_case, fields, message) =>
    withWhmcs({}, async (caller) => {
      expect(await caller.pay(1, '10.00', 'T1', fields)).toEqual({ result: 'error', message })
      expect(caller.whmcs.control.journal()).toEqual([])
    }),
  )

  it.each(['Cancelled', 'Draft'] as const)('refuses an invoice that is %s', (status) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({ invoices: [{ id: 2, client: 1, total: '5.00', status }] })
      expect((await caller.pay(2, '5.00', 'T1')).message).toBe(
        `It is not possible to add a payment to an invoice that is ${status}`,
      )
    }),
  )

  it.each(['Refunded', 'Collections', 'Payment Pending'] as const)('accepts an invoice that is %s', (status) =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({ invoices: [{ id: 2, client: 1, total: '5.00', status }] })
      await caller.pay(2, '5.00', 'T1')
      expect(await caller.invoice(2)).toMatchObject({ status: 'Paid', balance: '0.00' })
    }),
  )

  it('obeys the switches for drafts, unknown gateways and dates', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.seed({ invoices: [{ id: 2, client: 1, total: '5.00', status: 'Draft' }] })
      control.setSwitches({ draftPayment: 'accepted' })
      expect((await caller.pay(2, '5.00', 'T1')).result).toBe('success')
      expect((await caller.pay(1, '1.00', 'T2', { gateway: 'Bank Transfer' })).result).toBe('success')
      expect(control.warnings().at(-1)?.text).toContain('Bank Transfer')
      control.setSwitches({ unknownGateway: 'refused', paymentDate: 'required' })
      expect((await caller.pay(1, '1.00', 'T3', { gateway: 'Bank Transfer' })).message).toBe(
        'Payment Gateway is not valid',
      )
      expect((await caller.pay(1, '1.00', 'T4', { date: '' })).message).toBe('Date is required')
    }))

  it('stores a transid entity-encoded, and still finds it by what was sent', () =>
    withWhmcs({}, async (caller) => {
      await caller.pay(1, '1.00', "A&B'C")
      expect(await caller.call('GetTransactions', { transid: "A&B'C" })).toMatchObject({
        totalresults: 1,
        transactions: { transaction: [{ transid: 'A&amp;B&#039;C' }] },
      })
    }))

  it('assigns the number at payment, or to all, as the install numbers', () =>
    withWhmcs({ switches: { numbering: 'on_payment' } }, async (caller) => {
      const { control } = caller.whmcs
      control.setClock({ frozenAt: '2026-03-05T00:00:00Z' })
      expect(await caller.invoice(1)).toMatchObject({ invoicenum: '' })
      await caller.pay(1, '120.00', 'T1')
      expect(await caller.invoice(1)).toMatchObject({ invoicenum: '2026-1' })
      control.setSwitches({ numbering: 'all', numberFormat: 'WHMCS{YEAR}-{NUMBER}' })
      const created = await caller.call('CreateInvoice', {
        userid: '1',
        itemdescription1: 'Hosting',
        itemamount1: '9.00',
      })
      expect(created).toEqual({ result: 'success', invoiceid: 2, status: 'Unpaid' })
      expect(await caller.invoice(2)).toMatchObject({ invoicenum: 'WHMCS2026-2', total: '9.00' })
    }))

  it('settles the originals of a mass payment through credit', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.seed({
        invoices: [
          { id: 2, client: 1, total: '30.00' },
          {
            id: 3,
            client: 1,
            items: [
              { type: 'Invoice', relid: 1, amount: '120.00' },
              { type: 'Invoice', relid: 2, amount: '30.00' },
            ],
          },
        ],
      })
      await caller.pay(3, '150.00', 'T1')
      for (const id of [1, 2, 3]) expect(await caller.invoice(id)).toMatchObject({ status: 'Paid', balance: '0.00' })
      expect(await caller.invoice(1)).toMatchObject({ total: '0.00', credit: '120.00', transactions: '' })
      expect(await caller.credit(1)).toBe('0.00')
      const paid = control.happenings().filter((one) => one.hook === 'InvoicePaid')
      expect(paid.map((one) => one.invoiceid)).toEqual([3, 1, 2])
    }))

  it('leaves with the client what an original already paid cannot take', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({
        invoices: [{ id: 3, client: 1, items: [{ type: 'Invoice', relid: 1, amount: '120.00' }] }],
      })
      await caller.pay(1, '120.00', 'T1')
      await caller.pay(3, '120.00', 'T2')
      expect(await caller.credit(1)).toBe('120.00')
    }))

  it('turns a paid AddFunds invoice into credit', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({ invoices: [{ id: 2, client: 1, items: [{ type: 'AddFunds', amount: '50.00' }] }] })
      await caller.pay(2, '50.00', 'T1')
      expect(await caller.credit(1)).toBe('50.00')
    }))

  it('keeps two decimals in every currency, while the journal speaks minor units', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.seed({
        currencies: [{ code: 'JPY' }, { code: 'KWD' }],
        clients: [
          { id: 2, currency: 'JPY' },
          { id: 3, currency: 'KWD' },
        ],
        invoices: [
          { id: 2, client: 2, total: '1000.00' },
          { id: 3, client: 3, total: '1.25' },
        ],
      })
      await caller.pay(2, '1000', 'T1')
      await caller.pay(3, '1.25', 'T2')
      await caller.pay(2, '0.50', 'T3')
      const shown = control
        .journal()
        .map(({ kind, amountMinor, amount, currency }) => [kind, amountMinor, amount, currency])
      expect(shown).toEqual([
        ['payment', '1000', '1000.00', 'JPY'],
        ['payment', '1250', '1.25', 'KWD'],
        ['payment', null, '0.50', 'JPY'],
        ['credit', null, '0.50', 'JPY'],
      ])
    }))

  it('holds its identities under any sequence of payments', () =>
    assert(
      asyncProperty(array(integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 6 }), (sums) =>
        withWhmcs({}, async (caller) => {
          for (const [index, sum] of sums.entries()) await caller.pay(1, money(BigInt(sum)), `T${index}`)
          const paid = sums.reduce((total, sum) => total + sum, 0)
          const over = BigInt(Math.max(0, paid - 12_000))
          expect(await caller.invoice(1)).toMatchObject({
            status: paid >= 12_000 ? 'Paid' : 'Unpaid',
            balance: money(12_000n - BigInt(paid)),
          })
          expect(await caller.credit(1)).toBe(money(over))
          const journal = caller.whmcs.control.journal()
          const sumOf = (kind: string): bigint =>
            journal.reduce((sum, entry) => sum + (entry.kind === kind ? BigInt(entry.amountMinor!) : 0n), 0n)
          expect([sumOf('payment'), sumOf('credit')]).toEqual([BigInt(paid), over])
        }),
      ),
      { numRuns: 20 },
    ))
})
