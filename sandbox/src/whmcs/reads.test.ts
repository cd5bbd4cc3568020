import { describe, expect, it } from 'vitest'
import { withWhmcs } from './caller.ts'
import type { WhmcsSeed } from './seed.ts'

const shop: WhmcsSeed = {
  currencies: [{ code: 'EUR', prefix: '€' }, { code: 'USD' }],
  clients: [
    { name: 'Ann O’Neil', companyname: 'Smith & Sons', email: 'ann@example.com', contacts: [{ firstname: 'Bob' }] },
    { name: 'Łukasz Nowak', currency: 'USD', companyname: 'A < B', storedRaw: true },
  ],
  invoices: [
    { id: 10, client: 1, total: '10.00', date: '2026-01-01', due: '2026-01-15' },
    { id: 11, client: 1, total: '30.00', date: '2026-02-01', due: '2026-02-15' },
    { id: 12, client: 2, total: '20.00', date: '2026-02-01', due: '2026-03-15', updatedAt: null },
    { id: 13, client: 2, total: '5.00', status: 'Paid' },
    { id: 14, client: 2, total: '6.00', status: 'Draft' },
  ],
}

const ids = (answer: unknown): unknown =>
  (answer as { invoices: { invoice: { id: number }[] } }).invoices.invoice.map((row) => row.id)

describe('GetInvoices', () => {
  it('lists one status per call, Overdue being derived', () =>
    withWhmcs({ seed: shop }, async (caller) => {
      caller.whmcs.control.setClock({ frozenAt: '2026-02-20T00:00:00Z' })
      expect(ids(await caller.call('GetInvoices'))).toEqual([10, 11, 12, 13, 14])
      expect(ids(await caller.call('GetInvoices', { status: 'Unpaid' }))).toEqual([10, 11, 12])
      const overdue = await caller.call('GetInvoices', { status: 'Overdue' })
      expect(ids(overdue)).toEqual([10, 11])
      expect(overdue).toMatchObject({ invoices: { invoice: [{ status: 'Unpaid' }, { status: 'Unpaid' }] } })
      expect(ids(await caller.call('GetInvoices', { userid: '2', status: 'Draft' }))).toEqual([14])
      expect(await caller.call('GetInvoices', { status: 'Unpaid,Draft' })).toMatchObject({
        totalresults: 0,
        invoices: '',
      })
      expect(caller.whmcs.control.warnings()).toHaveLength(1)
    }))

  it('pages by 25 unless told otherwise, in the order asked for', () =>
    withWhmcs({}, async (caller) => {
      caller.whmcs.control.seed({
        invoices: Array.from({ length: 29 }, (_none, index) => ({ client: 1, total: `${100 - index}.00` })),
      })
      const first = await caller.call('GetInvoices')
      expect(first).toMatchObject({ totalresults: 30, startnumber: 0, numreturned: 25 })
      const next = await caller.call('GetInvoices', { limitstart: '25', limitnum: '3' })
      expect(next).toMatchObject({ totalresults: 30, startnumber: 25, numreturned: 3 })
      expect(ids(next)).toEqual([26, 27, 28])
      expect(ids(await caller.call('GetInvoices', { orderby: 'total', order: 'desc', limitnum: '2' }))).toEqual([1, 2])
    }))

  it('types values as documented, and carries no balance and no e-mail', () =>
    withWhmcs({ seed: shop }, async (caller) => {
      const { invoices } = (await caller.call('GetInvoices', { userid: '1' })) as unknown as {
        invoices: { invoice: Record<string, unknown>[] }
      }
      const row = invoices.invoice[0]!
      expect(row).toMatchObject({
        id: 10,
        userid: 1,
        companyname: 'Smith &amp; Sons',
        invoicenum: '',
        duedate: '2026-01-15',
        datepaid: '0000-00-00 00:00:00',
        total: '10.00',
        taxrate: '0.000',
        paymethodid: null,
        currencycode: 'EUR',
        currencyprefix: '€',
        currencysuffix: ' EUR',
      })
      for (const absent of ['balance', 'email', 'items', 'transactions']) expect(row).not.toHaveProperty(absent)
    }))
})

describe('GetInvoice', () => {
  it('keeps tax on top or inside, and the identity either way', () =>
    withWhmcs({}, async (caller) => {
      const items = [{ amount: '100.00', taxed: true }, { amount: '7.00' }]
      const { control } = caller.whmcs
      control.seed({ invoices: [{ id: 2, client: 1, items, taxrate: '20.000', credit: '10.00' }] })
      expect(await caller.invoice(2)).toMatchObject({
        subtotal: '107.00',
        tax: '20.00',
        credit: '10.00',
        total: '117.00',
      })
      control.setSwitches({ tax: 'inclusive' })
      control.seed({ invoices: [{ id: 3, client: 1, items, taxrate: '20.000' }] })
      expect(await caller.invoice(3)).toMatchObject({ subtotal: '90.33', tax: '16.67', total: '107.00' })
    }))

  it('types every value as the official samples do', () =>
    withWhmcs({}, async (caller) => {
      const { control } = caller.whmcs
      control.setClock({ frozenAt: '2026-02-20T10:00:00Z' })
      control.seed({
        invoices: [{ id: 7, client: 1, items: [{ amount: '15.95', description: 'A "b"', taxed: true }] }],
      })
      expect(await caller.invoice(7)).toEqual({
        result: 'success',
        invoiceid: 7,
        invoicenum: '',
        userid: 1,
        date: '2026-02-20',
        duedate: '2026-02-20',
        datepaid: '0000-00-00 00:00:00',
        lastcaptureattempt: '0000-00-00 00:00:00',
        subtotal: '15.95',
        credit: '0.00',
        tax: '0.00',
        tax2: '0.00',
        total: '15.95',
        balance: '15.95',
        taxrate: '0.000',
        taxrate2: '0.000',
        status: 'Unpaid',
        paymentmethod: 'banktransfer',
        notes: '',
        ccgateway: false,
        items: {
          item: [{ id: 7001, type: '', relid: 0, description: 'A &quot;b&quot;', amount: '15.95', taxed: 1 }],
        },
        transactions: '',
      })
      await caller.pay(7, '5.00', 'T1', { fees: '0.10' })
      expect(await caller.call('GetTransactions', { transid: 'T1' })).toEqual({
        result: 'success',
        totalresults: 1,
        startnumber: 0,
        numreturned: 1,
        transactions: {
          transaction: [
            {
              id: '1',
              userid: '1',
              currency: '0',
              gateway: 'banktransfer',
              date: '2026-03-02 00:00:00',
              description: 'Invoice Payment',
              amountin: '5.00',
              fees: '0.10',
              amountout: '0.00',
              rate: '1.00000',
              transid: 'T1',
              invoiceid: '7',
              refundid: '0',
            },
          ],
        },
      })
    }))

  it('refuses an id that is not there', () =>
    withWhmcs({}, async (caller) => {
      expect(await caller.invoice(99)).toEqual({ result: 'error', message: 'Invoice ID Not Found' })
    }))
})

describe('clients and the rest', () => {
  it('finds clients by the beginning of a name, and tells details once more at top level', () =>
    withWhmcs({ seed: shop }, async (caller) => {
      expect(await caller.call('GetClients', { search: 'łuk' })).toMatchObject({ clients: { client: [{ id: 2 }] } })
      expect(await caller.call('GetClients', { search: 'nobody' })).toMatchObject({ clients: '', totalresults: 0 })
      const details = await caller.call('GetClientsDetails', { email: 'ann@example.com', stats: '1' })
      expect(details).toMatchObject({
        currency: 1,
        currency_code: 'EUR',
        client: { id: 1, companyname: 'Smith &amp; Sons' },
      })
      expect(details.stats).toMatchObject({ numdueinvoices: 2, dueinvoicesbalance: '€40.00 EUR' })
      expect(await caller.call('GetClientsDetails', { clientid: '2' })).toMatchObject({ companyname: 'A < B' })
      expect((await caller.call('GetClientsDetails')).message).toBe('Either clientid Or email Is Required')
      expect((await caller.call('GetClientsDetails', { clientid: '9' })).message).toBe('Client Not Found')
      expect(await caller.call('GetContacts', { userid: '1' })).toMatchObject({
        contacts: { contact: [{ firstname: 'Bob' }] },
      })
    }))

  it('tells what the install is', () =>
    withWhmcs({ switches: { version: '9.0', tax: 'inclusive' } }, async (caller) => {
      expect(await caller.call('WhmcsDetails')).toMatchObject({ whmcs: { version: '9.0.1' } })
      expect(await caller.call('GetAdminDetails')).toMatchObject({ adminid: 1 })
      expect(await caller.call('GetPaymentMethods')).toMatchObject({
        paymentmethods: { paymentmethod: [{ module: 'banktransfer', displayname: 'Bank Transfer' }, {}, {}] },
      })
      expect(await caller.call('GetCurrencies')).toMatchObject({
        totalresults: '1',
        currencies: { currency: [{ id: '1', code: 'USD', prefix: '$', suffix: ' USD', rate: '1.00000' }] },
      })
      expect(await caller.call('GetConfigurationValue', { setting: 'TaxType' })).toMatchObject({ value: 'Inclusive' })
      expect((await caller.call('GetConfigurationValue')).message).toBe('Parameter setting is required')
      expect((await caller.call('GetConfigurationValue', { setting: 'x' })).message).toBe(
        'Invalid name for parameter setting',
      )
      caller.whmcs.control.setSwitches({ version: '7.10' })
      expect((await caller.call('WhmcsDetails')).result).toBe('error')
    }))
})

describe('shapes of lists', () => {
  it.each([
    ['string', { transactions: '' }],
    ['array', { transactions: [] }],
    ['object', { transactions: {} }],
    ['inner', { transactions: { transaction: [] } }],
    ['missing', {}],
  ] as const)('shows no rows as %s', (emptyList, expected) =>
    withWhmcs({ switches: { emptyList } }, async (caller) => {
      const { totalresults, startnumber, numreturned, result, ...rest } = await caller.call('GetTransactions', {
        transid: 'x',
      })
      expect([result, totalresults, startnumber, numreturned]).toEqual(['success', 0, 0, 0])
      expect(rest).toEqual(expected)
    }),
  )

  it('shows one row bare, or numbered, or numbers as strings', () =>
    withWhmcs({ switches: { rows: 'bare' } }, async (caller) => {
      await caller.pay(1, '1.00', 'T1')
      const ask = (): Promise<unknown> => caller.call('GetTransactions', { transid: 'T1' })
      expect(await ask()).toMatchObject({
        totalresults: 1,
        transactions: { transaction: { transid: 'T1', id: '1', currency: '0' } },
      })
      caller.whmcs.control.setSwitches({ rows: 'numbered', numbers: 'strings' })
      expect(await ask()).toMatchObject({ totalresults: '1', transactions: { transaction: { 0: { transid: 'T1' } } } })
      expect(await caller.invoice(1)).toMatchObject({ invoiceid: '1', items: { item: { 0: { taxed: '0' } } } })
    }))
})
