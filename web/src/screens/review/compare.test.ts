import type { Invoice, Transaction } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { compare, textOf } from './compare.ts'

const line = (change: Partial<Transaction> = {}) =>
  ({
    amount: '44.05',
    currency: 'EUR',
    description: 'Rechnung FL-20633',
    reference: 'FL-20633',
    transaction_date: '2026-11-02T00:00:00Z',
    counterparty: { name: 'CORINNE MARINO', iban_last4: null },
    ...change,
  }) as Transaction
const invoice = (change: Partial<Invoice> = {}) =>
  ({
    id: 'inv_1',
    number: 'FL-20633',
    external_id: '633',
    balance: '44.05',
    currency: 'EUR',
    issued_on: '2026-10-20',
    due_on: '2026-11-03',
    client: { name: 'Corinne Marino', company: '' },
    items: [],
    ...change,
  }) as unknown as Invoice
const look = (one: Transaction, ...invoices: Invoice[]) =>
  compare(
    one,
    invoices,
    invoices.map(({ id, balance, currency }) => ({ invoice_id: id, amount: balance, currency })),
  )
const agreements = ({ amount, day, name, number }: ReturnType<typeof compare>) =>
  [amount, name, number, day].map(({ agreement }) => agreement).join(' ')

describe('a line beside its invoice', () => {
  it.each([
    ['the same in all', {}, {}, 'equal equal equal equal'],
    ['a few cents less', { amount: '44.00' }, {}, 'near equal equal equal'],
    ['half of it', { amount: '22.00' }, {}, 'differs equal equal equal'],
    ['another currency', { currency: 'USD' }, {}, 'differs equal equal equal'],
    ['a first name alone', { counterparty: { name: 'Corinne Berg', iban_last4: null } }, {}, 'equal near equal equal'],
    ['a digit off', {}, { number: 'FL-20634' }, 'equal equal near equal'],
    ['no number', { description: 'Danke', reference: '' }, {}, 'equal equal unknown equal'],
    ['before the invoice', { transaction_date: '2026-10-01T00:00:00Z' }, {}, 'equal equal equal differs'],
    ['months late', { transaction_date: '2027-02-01T00:00:00Z' }, {}, 'equal equal equal near'],
  ])('%s', (_what, lineHas, invoiceHas, expected) => {
    expect(agreements(look(line(lineHas), invoice(invoiceHas)))).toBe(expected)
  })
  it('says how much is missing or too much, to the cent', () => {
    expect(look(line({ amount: '40.00' }), invoice()).amount).toMatchObject({ state: 'less', difference: '4.05' })
    expect(look(line({ amount: '50.00' }), invoice()).amount).toMatchObject({ state: 'more', difference: '5.95' })
  })
  it('compares the sum of several invoices', () => {
    const both = [invoice({ balance: '40.00' }), invoice({ id: 'inv_2', number: 'FL-20999', balance: '4.05' })]
    expect(look(line(), ...both).amount).toMatchObject({ agreement: 'equal', open: '44.05' })
  })
  it('knows an invoice by the id that the billing system gave it', () => {
    const { number } = look(line({ description: 'Invoice#6331', reference: '' }), invoice({ external_id: '6331' }))
    expect(number).toMatchObject({ state: 'named', byOtherId: new Set(['inv_1']) })
  })
  it('calls an invoice without a number by its other id', () => {
    expect(look(line({ description: 'Invoice 633', reference: '' }), invoice({ number: '' })).number.state).toBe(
      'named',
    )
  })
})

describe('what the bank said', () => {
  it('is said once', () => {
    expect(textOf(line())).toBe('Rechnung FL-20633')
    expect(textOf(line({ description: 'FL', reference: 'FL-1' }))).toBe('FL-1')
    expect(textOf(line({ description: 'Danke', reference: 'E2E-7' }))).toBe('E2E-7 Danke')
    expect(textOf(line({ description: '', reference: '' }))).toBe('')
  })

  it('that is booked already: what is open now says nothing', () => {
    const paid = [invoice({ balance: '0.00' })]
    const allocations = [{ invoice_id: 'inv_1', amount: '44.05', currency: 'EUR' }]
    expect(compare(line(), paid, allocations).amount.state).toBe('more')
    expect(compare(line(), paid, allocations, true).amount).toMatchObject({ agreement: 'equal', open: '44.05' })
  })
})
