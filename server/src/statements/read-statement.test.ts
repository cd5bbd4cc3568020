import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readStatement } from './read-statement.ts'
import type { Statement, StatementAccount } from './types.ts'

const fixture = (name: string): Uint8Array => readFileSync(new URL(`./fixtures/${name}`, import.meta.url))

/** An account as a bookkeeper would note it: name, currency, number of entries, credits, debits, opening, closing, check. */
type Summary = [string | null, string | null, number, bigint, bigint, bigint | null, bigint | null, string]

const summary = (account: StatementAccount): Summary => {
  const total = (direction: string) =>
    account.entries.filter((entry) => entry.direction === direction).reduce((sum, entry) => sum + entry.amountMinor, 0n)
  return [
    account.account,
    account.currency,
    account.entries.length,
    total('credit'),
    total('debit'),
    account.openingMinor,
    account.closingMinor,
    account.balanceCheck,
  ]
}

const CASES: [file: string, what: string, format: Statement['format'], expected: Summary][] = [
  [
    'mt940-funds-code.sta',
    'CR, DR, RDR hold a funds code',
    'mt940',
    ['99999999/0012345679', 'EUR', 3, 82550n, 80000n, 200000n, 202550n, 'ok'],
  ],
  [
    'mt940-colon-after-wrap.sta',
    'a wrapped line with a colon',
    'mt940',
    ['99999999/0012345681', 'EUR', 2, 1000n, 4160n, 50000n, 46840n, 'ok'],
  ],
  [
    'mt940-overdrawn.sta',
    'a balance in debit is negative',
    'mt940',
    ['99999999/0012345683', 'EUR', 1, 0n, 8000n, 5000n, -3000n, 'ok'],
  ],
  [
    'mt940-no-decimals-and-slash.sta',
    '"134," is 134.00',
    'mt940',
    ['NL24XBNK0000004711', 'EUR', 1, 13400n, 0n, 0n, 13400n, 'ok'],
  ],
  ['ofx-five-decimals.ofx', '"-7.35000" is 7.35', 'ofx', ['70007000', 'EUR', 2, 10000n, 735n, null, 9265n, 'unknown']],
  [
    'ofx-days-west-of-greenwich.ofx',
    'the day does not depend on a zone',
    'ofx',
    ['00777001', 'BRL', 3, 6000n, 0n, null, 6000n, 'unknown'],
  ],
  [
    'camt053-foreign-amount-in-details.xml',
    'what moved is the amount of the entry',
    'camt.053',
    ['CH0999999000000110011', 'CHF', 2, 870000n, 5468n, 100000n, 964532n, 'ok'],
  ],
  [
    'camt052-only.xml',
    'a report counts where there is no statement',
    'camt.052',
    ['DE05999999990000130013', 'EUR', 2, 7500n, 1250n, 30000n, 36250n, 'ok'],
  ],
  [
    'camt053-three-days-in-one-file.xml',
    'a statement for each day',
    'camt.053',
    ['NL78XBNK0000150015', 'EUR', 4, 12000n, 2000n, 100000n, 110000n, 'ok'],
  ],
  [
    'camt054-two-entries.xml',
    'all entries, a collective one as its details',
    'camt.054',
    ['CH3899999000000170017', 'CHF', 3, 72000n, 0n, null, null, 'unknown'],
  ],
  [
    'csv-lines-before-the-header.csv',
    'account lines first, header in line 5',
    'csv',
    ['DE21999999990000230023', 'EUR', 3, 163456n, 10000n, null, null, 'unknown'],
  ],
  ['csv-typographic-minus.csv', 'U+2212 is a minus', 'csv', [null, null, 4, 120000n, 15000n, 0n, 105000n, 'ok']],
  [
    'csv-trailing-minus.csv',
    'a minus behind the amount',
    'csv',
    [null, null, 3, 185000n, 134620n, null, null, 'unknown'],
  ],
  [
    'csv-signed-debit-column.csv',
    'a debit column with minus signs',
    'csv',
    [null, null, 3, 50000n, 10000n, 0n, 40000n, 'ok'],
  ],
  [
    'csv-one-order-of-day-and-month.csv',
    'one order for the column',
    'csv',
    [null, null, 3, 10500n, 2000n, null, null, 'unknown'],
  ],
  [
    'csv-broken-running-balance.csv',
    'a missing row shows',
    'csv',
    [null, null, 2, 13000n, 0n, 100000n, 108000n, 'gap'],
  ],
  [
    'zip-of-camt.zip',
    'several files in an archive',
    'camt.052',
    ['DE79999999990000350035', 'EUR', 2, 4000n, 1500n, null, null, 'unknown'],
  ],
]

describe('readStatement', () => {
  it.each(CASES)('%s: %s', (file, _what, format, expected) => {
    const statement = readStatement(fixture(file))
    expect(statement.format).toBe(format)
    expect(statement.accounts.map(summary)).toEqual([expected])
    expect(statement.rejected).toEqual([])
  })

  it('reads every day of a column in the order that one of its days proves', () => {
    const [account] = readStatement(fixture('csv-one-order-of-day-and-month.csv')).accounts
    expect(account!.entries.map((entry) => entry.bookedOn)).toEqual(['2025-06-05', '2025-06-17', '2025-06-29'])
  })

  it('takes the day of an OFX entry as it is printed', () => {
    const [account] = readStatement(fixture('ofx-days-west-of-greenwich.ofx')).accounts
    expect(account!.entries.map((entry) => entry.bookedOn)).toEqual(['2019-01-02', '2019-01-03', '2019-01-04'])
  })

  it('goes on with the text where a wrapped MT940 line begins with a colon', () => {
    const [account] = readStatement(fixture('mt940-colon-after-wrap.sta')).accounts
    expect(account!.entries[0]!.description).toContain('T21:17:43 UHR KARTE')
    expect(account!.entries[0]!.counterparty.name).toBe('HOSTKIT INC')
  })

  it('says by how much the balances miss the rows', () => {
    const [account] = readStatement(fixture('csv-broken-running-balance.csv')).accounts
    expect(account!.balanceDifferenceMinor).toBe(-5000n)
  })
})
