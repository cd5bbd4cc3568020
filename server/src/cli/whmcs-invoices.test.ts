import { describe, expect, it } from 'vitest'
import { isWhmcsAnswer, toWhmcsInvoice, whmcsRows } from './whmcs-invoices.ts'

const row = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 331,
  userid: '831',
  firstname: 'Robin',
  lastname: 'Lowe',
  companyname: 'H&amp;K Outfitters',
  invoicenum: '',
  date: '2026-08-01',
  duedate: '2026-08-15',
  datepaid: '0000-00-00 00:00:00',
  total: '84.00',
  status: 'Unpaid',
  currencycode: 'GBP',
  ...more,
})

describe('invoices as WHMCS answers them', () => {
  it.each([
    ['a list under two wrappers', { invoices: { invoice: [row(), row({ id: '332' })] } }, 2],
    ['one bare object', { invoices: { invoice: row() } }, 1],
    ['an object with numeric keys', { invoices: { invoice: { '0': row(), '1': row() } } }, 2],
    ['a list without the inner level', { invoices: [row()] }, 1],
    ['an empty text', { invoices: '' }, 0],
    ['an empty list', { invoices: [] }, 0],
    ['an empty object', { invoices: {} }, 0],
    ['an empty inner list', { invoices: { invoice: [] } }, 0],
    ['no key at all', { result: 'success', totalresults: 0 }, 0],
  ])('finds the rows of %s', (_what, answer, count) => {
    expect(isWhmcsAnswer(answer)).toBe(true)
    expect(whmcsRows(answer)).toHaveLength(count)
  })

  it('decodes entities once, takes the total for the balance, and unset days for none', () => {
    expect(toWhmcsInvoice(row({ companyname: 'H&amp;amp;K &#039;n&#039; Co', duedate: '0000-00-00' }))).toMatchObject({
      id: '331',
      totalMinor: 8400n,
      balanceMinor: 8400n,
      currency: 'GBP',
      dueDate: '',
      status: 'unpaid',
      client: { id: '831', name: 'Robin Lowe', company: "H&amp;K 'n' Co" },
      payments: [],
    })
  })

  it('lets a mass-payment invoice stand for its parts', () => {
    const items = {
      item: [
        { type: 'Invoice', relid: 881, description: 'Invoice #881' },
        { type: 'Invoice', relid: '882', description: 'Invoice #882' },
      ],
    }
    expect(toWhmcsInvoice(row({ items })).collects).toEqual(['881', '882'])
    const mixed = { item: [...items.item, { type: 'LateFee', relid: 5, description: 'Late fee' }] }
    expect(toWhmcsInvoice(row({ items: mixed })).collects).toEqual([])
  })

  it('knows what was paid: the payments listed, else the total on the day of payment', () => {
    const paid = { status: 'Paid', datepaid: '2026-08-09 10:00:00' }
    expect(toWhmcsInvoice(row(paid)).payments).toEqual([{ amountMinor: 8400n, date: '2026-08-09', transid: '' }])
    const transactions = { transaction: { amountin: '40.00', date: '2026-08-08 09:00:00', transid: 'T1' } }
    expect(toWhmcsInvoice(row({ ...paid, transactions })).payments).toEqual([
      { amountMinor: 4000n, date: '2026-08-08', transid: 'T1' },
    ])
  })

  it('names what a row lacks', () => {
    expect(() => toWhmcsInvoice(row({ currencycode: '' }))).toThrow('"currencycode" is missing.')
    expect(() => toWhmcsInvoice(row({ total: '84,00' }))).toThrow(
      '"total" is "84,00", which is no amount in GBP (not a number).',
    )
  })
})
