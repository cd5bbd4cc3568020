import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withWhmcs } from './caller.ts'
import { CHOICES, DEFAULT_SWITCHES } from './switches.ts'

const out = { paymentmethod: 'banktransfer', invoiceid: '1', transid: 'T1-undo', amountout: '120.00' }

describe('the switches', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  const rows = new Map(
    [...readme.matchAll(/^\| `(\w+)` \|([^|]*)\|([^|]*)\|$/gm)].map(([, name, values, tests]) => [
      name!,
      { values: [...values!.matchAll(/`([^`]*)`/g)].map((found) => found[1]), tests: tests!.trim().split(', ') },
    ]),
  )

  it.each(Object.entries(CHOICES))(
    '%s begins with its default and stands in the table of the README, with its tests',
    (name, values) => {
      expect(values[0]).toBe(DEFAULT_SWITCHES[name as keyof typeof CHOICES])
      expect(rows.get(name)?.values).toEqual(values.map(String))
      for (const test of rows.get(name)!.tests)
        expect(readFileSync(join(import.meta.dirname, test), 'utf8')).toMatch(new RegExp(`\\b${name}\\b`))
    },
  )

  it('refuse what they do not know', () =>
    withWhmcs({}, async ({ whmcs: { control } }) => {
      expect(() => control.setSwitches({ site: 'mars' as 'whmcs' })).toThrow(/site cannot be "mars"; choices: whmcs, /)
      expect(() => control.setSwitches({ colour: 'red' } as object)).toThrow(/no such switch/)
    }))
})

describe('money on an invoice that is paid', () => {
  it.each([
    ['credit', 'success', 2, '120.00'],
    ['refused', 'error', 1, '0.00'],
  ] as const)('paidPayment %s', (paidPayment, result, payments, credit) =>
    withWhmcs({ switches: { version: '9.0', paidPayment } }, async (caller) => {
      await caller.pay(1, '120.00', 'T1')
      expect((await caller.pay(1, '120.00', 'T2')).result).toBe(result)
      expect(caller.whmcs.control.journal().filter(({ kind }) => kind === 'payment')).toHaveLength(payments)
      expect(await caller.credit(1)).toBe(credit)
    }),
  )
})

describe('9.0', () => {
  it('leaves no balance behind: what is marked paid or cancelled while open gets a credit note', () =>
    withWhmcs({ switches: { version: '9.0' } }, async (caller) => {
      caller.whmcs.control.seed({ invoices: [{ id: 2, client: 1, total: '30.00' }] })
      await caller.pay(1, '20.00', 'T1')
      await caller.call('UpdateInvoice', { invoiceid: '1', status: 'Paid' })
      await caller.call('UpdateInvoice', { invoiceid: '2', status: 'Cancelled' })
      expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', total: '120.00', balance: '0.00' })
      expect(await caller.invoice(2)).toMatchObject({ status: 'Cancelled', total: '30.00', balance: '0.00' })
      expect(caller.whmcs.control.journal()).toHaveLength(1)
    }))

  it('edits again where immutability is off', () =>
    withWhmcs({ switches: { version: '9.0', immutability: 'off' } }, async (caller) => {
      await caller.pay(1, '20.00', 'T1')
      const change = { invoiceid: '1', 'newitemdescription[0]': 'Late fee', 'newitemamount[0]': '5.00' }
      expect((await caller.call('UpdateInvoice', change)).result).toBe('success')
      expect((await caller.call('UpdateTransaction', { transactionid: '1', amountin: '25.00' })).result).toBe('success')
      expect(await caller.invoice(1)).toMatchObject({ total: '125.00', balance: '100.00' })
    }))

  it('takes money out in three readings: it is owed again, it is refused, or a credit note follows and nothing is owed', async () => {
    for (const [moneyOut, result, balance] of [
      ['accepted', 'success', '120.00'],
      ['refused', 'error', '0.00'],
      ['credit_note', 'success', '0.00'],
    ] as const) {
      await withWhmcs({ switches: { version: '9.0', moneyOut } }, async (caller) => {
        await caller.pay(1, '120.00', 'T1')
        expect((await caller.call('AddTransaction', out)).result).toBe(result)
        expect(await caller.invoice(1)).toMatchObject({ status: 'Paid', balance })
      })
    }
  })

  it('shows credit used on an invoice in total and credit, or in the balance alone', async () => {
    for (const [appliedCredit, credit, total] of [
      ['on_invoice', '20.00', '100.00'],
      ['credit_note', '0.00', '120.00'],
    ] as const) {
      await withWhmcs({ switches: { version: '9.0', appliedCredit } }, async (caller) => {
        await caller.call('AddCredit', { clientid: '1', description: 'x', amount: '20.00' })
        await caller.call('ApplyCredit', { invoiceid: '1', amount: '20.00' })
        expect(await caller.invoice(1)).toMatchObject({ credit, total, balance: '100.00', status: 'Unpaid' })
      })
    }
  })
})

describe('answers', () => {
  it('transidLookup: as sent, or without regard to case and blanks at the end', () =>
    withWhmcs({ switches: { transidLookup: 'any_case' } }, async (caller) => {
      const find = async (transid: string, more = {}) =>
        (await caller.call('GetTransactions', { transid, ...more })).totalresults
      await caller.pay(1, '1.00', 'pym-A ')
      expect([await find('PYM-a'), await find('PYM-a', { invoiceid: '1' }), await find('PYM-b')]).toEqual([1, 1, 0])
      caller.whmcs.control.setSwitches({ transidLookup: 'exact' })
      expect([await find('PYM-a'), await find('pym-A ')]).toEqual([0, 1])
    }))

  it('errorKey and successKey: an error told by status, a success that says nothing', () =>
    withWhmcs({ switches: { errorKey: 'status', successKey: 'none' } }, async (caller) => {
      expect(await caller.invoice(9)).toEqual({ status: 'error', message: 'Invoice ID Not Found' })
      expect(await caller.pay(1, '1.00', 'T1')).toEqual({})
      expect(await caller.call('GetCurrencies')).not.toHaveProperty('result')
    }))

  it('limitMax: a page may hold fewer rows than asked for', () =>
    withWhmcs({ switches: { limitMax: 25 } }, async (caller) => {
      const { control } = caller.whmcs
      control.seed({ invoices: Array.from({ length: 40 }, () => ({ client: 1, total: '1.00' })) })
      const returned = async () => (await caller.call('GetInvoices', { limitnum: '250' })).numreturned
      expect(await returned()).toBe(25)
      control.setSwitches({ limitMax: 0 })
      expect(await returned()).toBe(41)
    }))
})
