import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmount } from '../../base/money.ts'
import type { FeedLine } from '../bank-feed.ts'
import { habitsOf } from './habits.ts'
import { toLine } from './to-lines.ts'

const entry = (change: object = {}): object => ({
  transactionAmount: { amount: '15.00', currency: 'EUR' },
  bookingDate: '2026-03-10',
  ...change,
})

const lineOf = (
  change: object = {},
  status: 'booked' | 'pending' = 'booked',
  institution: string | null = null,
): FeedLine => {
  const line = toLine(entry(change), status, 'EUR', habitsOf(institution))
  if ('rejected' in line) throw new Error(line.rejected)
  return line
}

describe('amount and direction', () => {
  it.each([
    ['15.00', 1_500n, 'credit'],
    ['-3.5', 350n, 'debit'],
    ['-4.0', 400n, 'debit'],
    [' 95.35 ', 9_535n, 'credit'],
    ['+7', 700n, 'credit'],
    [12.1, 1_210n, 'credit'],
    ['0.00', 0n, 'credit'],
  ] as const)('%s', (amount, amountMinor, direction) => {
    expect(lineOf({ transactionAmount: { amount, currency: 'EUR' } })).toMatchObject({
      amountMinor,
      direction,
      currency: 'EUR',
    })
  })

  it('is exact for every amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (minor) => {
        const line = lineOf({ transactionAmount: { amount: formatAmount(minor, 'EUR'), currency: 'EUR' } })
        expect(line.direction === 'debit' ? -line.amountMinor : line.amountMinor).toBe(minor)
      }),
    )
  })

  it.each([
    ['no amount', { transactionAmount: undefined }, 'a transaction without a readable amount'],
    ['words', { transactionAmount: { amount: 'five', currency: 'EUR' } }, 'amount not_a_number'],
    ['a comma', { transactionAmount: { amount: '1,50', currency: 'EUR' } }, 'amount not_a_number'],
    ['too many decimals', { transactionAmount: { amount: '1.005', currency: 'EUR' } }, 'amount too_many_decimals'],
    [
      'another currency',
      { transactionAmount: { amount: '1.00', currency: 'USD' } },
      'currency USD on an account in EUR',
    ],
    ['no currency there is', { transactionAmount: { amount: '1.00', currency: 'EURO' } }, 'currency EURO'],
    ['no date', { bookingDate: '' }, 'no date'],
    ['a day that is none', { bookingDate: '2026-02-30' }, 'no date'],
  ])('refuses %s and says so', (_what, change, rejected) => {
    expect(toLine(entry(change), 'booked', 'EUR')).toEqual({ rejected })
  })

  it('knows banks that write the sign the other way', () => {
    const amount = {
      transactionAmount: { amount: '20.00', currency: 'EUR' },
      creditorName: 'Shop',
      debtorName: 'Holder',
    }
    expect(lineOf(amount, 'booked', 'SEB_KORT_AB_NO_SKHSFI21')).toMatchObject({
      direction: 'debit',
      counterpartyName: 'Shop',
    })
    expect(lineOf(amount, 'booked', 'CETELEM_CETMPTP1XXX').direction).toBe('debit')
    expect(lineOf(amount, 'booked', 'NORTHERN_NBNKGB21').direction).toBe('credit')
  })
})

describe('days', () => {
  it.each([
    ['both', { bookingDate: '2026-03-10', valueDate: '2026-03-11' }, '2026-03-10', '2026-03-11'],
    ['the booking day alone', {}, '2026-03-10', null],
    ['the value day alone', { bookingDate: undefined, valueDate: '2026-03-12' }, '2026-03-12', '2026-03-12'],
    [
      'date-times alone',
      { bookingDate: null, bookingDateTime: '2026-03-09T23:30:00.123456+01:00' },
      '2026-03-09',
      null,
    ],
    ['a date before its date-time', { bookingDateTime: '2026-03-09T23:00:00Z' }, '2026-03-10', null],
    ['blanks around', { bookingDate: ' 2026-03-10 ' }, '2026-03-10', null],
  ])('%s', (_what, change, bookedOn, valueOn) => {
    expect(lineOf(change)).toMatchObject({ bookedOn, valueOn })
  })

  it('takes the value day of a bank that books all on the 1st of the next month', () => {
    const change = { bookingDate: '2026-04-01', valueDate: '2026-03-17' }
    expect(lineOf(change, 'booked', 'NORWEGIAN_NO_NORWNOK1').bookedOn).toBe('2026-03-17')
  })
})

describe('ids', () => {
  it('keeps all of them, strongest first', () => {
    const all = {
      internalTransactionId: 'a'.repeat(32),
      transactionId: 'T-1',
      entryReference: 'E-1',
      endToEndId: 'P-1',
    }
    expect(lineOf(all).aliases).toEqual([
      { kind: 'internal', value: 'a'.repeat(32) },
      { kind: 'transaction_id', value: 'T-1' },
      { kind: 'entry_reference', value: 'E-1' },
      { kind: 'end_to_end', value: 'P-1' },
    ])
  })

  it.each(['', ' ', 'NOTPROVIDED', 'not provided', null, undefined])('%j is no id', (id) => {
    const none = { transactionId: id, entryReference: id, endToEndId: id, internalTransactionId: id }
    expect(lineOf(none).aliases).toEqual([])
    expect(lineOf({ ...none, remittanceInformationUnstructured: 'INV 5' }).reference).toBe('INV 5')
  })

  it('believes no content id of a pending entry', () => {
    expect(lineOf({ internalTransactionId: 'a'.repeat(32), transactionId: 'T-1' }, 'pending').aliases).toEqual([
      { kind: 'transaction_id', value: 'T-1' },
    ])
  })

  it('takes a number for an id', () => {
    expect(lineOf({ transactionId: 123456 }).aliases).toEqual([{ kind: 'transaction_id', value: '123456' }])
  })
})

describe('text', () => {
  it.each([
    ['scalar', { remittanceInformationUnstructured: 'INV 7' }, 'INV 7'],
    ['array alone', { remittanceInformationUnstructuredArray: ['INV 7', 'Thank you'] }, 'INV 7 Thank you'],
    [
      'array fuller than the cut scalar',
      { remittanceInformationUnstructured: 'INV 7 Tha', remittanceInformationUnstructuredArray: ['INV 7 Thank you'] },
      'INV 7 Thank you',
    ],
    [
      'repeated parts once',
      { remittanceInformationUnstructuredArray: ['INV 7', 'INV 7'], additionalInformation: 'INV 7' },
      'INV 7',
    ],
    ['structured free text', { remittanceInformationStructured: 'Rechnung 7' }, 'Rechnung 7'],
    ['structured array', { remittanceInformationStructuredArray: ['RF18539007547034'] }, 'RF18539007547034'],
    ['additional information', { additionalInformation: 'Marlow Hosting' }, 'Marlow Hosting'],
    ['none', {}, ''],
    [
      'an empty array beside a scalar',
      { remittanceInformationUnstructuredArray: [], remittanceInformationUnstructured: 'INV 7' },
      'INV 7',
    ],
  ])('%s', (_what, change, description) => {
    expect(lineOf(change).description).toBe(description)
  })

  it.each([
    [
      'structured before all',
      { remittanceInformationStructured: 'RF18', endToEndId: 'P-1', remittanceInformationUnstructured: 'x' },
      'RF18',
    ],
    ['then the end-to-end id', { endToEndId: 'P-1', remittanceInformationUnstructured: 'INV 7' }, 'P-1'],
    ['then the text', { endToEndId: 'NOTPROVIDED', remittanceInformationUnstructured: 'INV 7' }, 'INV 7'],
  ])('reference: %s', (_what, change, reference) => {
    expect(lineOf(change).reference).toBe(reference)
  })
})

describe('the other side', () => {
  const both = {
    debtorName: 'Payer',
    creditorName: 'Payee',
    debtorAccount: { iban: 'DE89370400440532013000' },
    creditorAccount: { iban: 'GB82WEST12345698765432' },
  }

  it('is the debtor of money in and the creditor of money out, even where a bank fills both', () => {
    expect(lineOf(both)).toMatchObject({ counterpartyName: 'Payer', counterpartyIban: 'DE89370400440532013000' })
    expect(lineOf({ ...both, transactionAmount: { amount: '-15.00', currency: 'EUR' } })).toMatchObject({
      counterpartyName: 'Payee',
      counterpartyIban: 'GB82WEST12345698765432',
    })
  })

  it('is never ourselves: money in without a debtor has no name', () => {
    expect(lineOf({ creditorName: 'Test Hosting Ltd' })).toMatchObject({ counterpartyName: '', counterpartyIban: null })
  })

  it.each([
    ['the ultimate one where there is no other', { ultimateDebtor: 'Casa Verano' }, 'Casa Verano'],
    [
      'the ultimate one behind a mere kind of payment',
      { debtorName: 'Lastschrift', ultimateDebtor: 'Casa Verano' },
      'Casa Verano',
    ],
    ['the name before the ultimate one', { debtorName: 'Agent', ultimateDebtor: 'Casa Verano' }, 'Agent'],
  ])('%s', (_what, change, name) => {
    expect(lineOf(change).counterpartyName).toBe(name)
  })

  it.each([
    ['in iban, with blanks', { iban: 'de89 3704 0044 0532 0130 00' }, 'DE89370400440532013000'],
    ['in bban', { bban: 'DE89370400440532013000' }, 'DE89370400440532013000'],
    ['a masked card', { iban: '', bban: '1234XXXXXXXX5678' }, null],
    ['a text where an object belongs', 'DE89370400440532013000', null],
  ])('account %s', (_what, debtorAccount, iban) => {
    expect(lineOf({ debtorAccount }).counterpartyIban).toBe(iban)
  })
})

describe('whatever comes', () => {
  it('becomes a line or a reason, never an exception', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(
          fc.constantFrom(
            'transactionId',
            'debtorName',
            'debtorAccount',
            'remittanceInformationUnstructuredArray',
            'valueDate',
            'bookingDateTime',
            'currencyExchange',
            'balanceAfterTransaction',
          ),
          fc.jsonValue(),
        ),
        (raw, fields) => {
          expect(toLine(raw, 'booked', 'EUR')).toBeTypeOf('object')
          expect(toLine(entry(fields), 'booked', 'EUR')).toMatchObject({ amountMinor: 1_500n })
        },
      ),
    )
  })
})
