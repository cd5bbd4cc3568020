import { describe, expect, it } from 'vitest'
import { textOf } from './entries.ts'
import { type Habits, PERSONALITIES, type Personality, TIDY } from './habits.ts'
import { institutionsWith } from './institutions.ts'
import type { SeedAccount } from './seed.ts'
import { writeStatement } from './statement.ts'

const account: SeedAccount = {
  key: 'main',
  institutionId: 'NORDLICHT_NOLIDEH1',
  currency: 'EUR',
  iban: 'DE02120300000000202051',
  ownerName: 'Example Hosting GmbH',
  transactions: Array.from({ length: 40 }, (_, n) => ({
    key: `t${n}`,
    amount: n % 4 === 0 ? `-${n + 1}.50` : `${n + 1}.00`,
    bookingDate: `2026-11-${String(1 + (n % 18)).padStart(2, '0')}`,
    text: `Invoice ${1000 + n} for web hosting, November, customer ${n}`,
    counterparty: { name: `Payer ${n % 5}`, iban: 'DE02100100100006820101' },
  })).concat([
    {
      key: 'waiting',
      amount: '-20.00',
      bookingDate: '2026-11-20',
      text: 'Fuel',
      counterparty: { name: 'Station', iban: '' },
      pendingUntil: '2026-11-21',
    } as never,
  ]),
}
const read = (habits: Partial<Habits>, today = '2026-11-20', readCount = 0, issue = 'main 0') =>
  writeStatement(
    { account, issue, habits: { ...TIDY, ...habits }, today, readCount },
    { from: '2026-09-01', to: today },
  ).transactions
const ids = (habits: Partial<Habits>, today?: string, readCount?: number) =>
  read(habits, today, readCount)['booked']!.map((one) => one['transactionId'])
const times = (list: unknown[], value: unknown): number => list.filter((one) => one === value).length

describe('personalities', () => {
  it('has every personality at some bank', () => {
    const habits = [...institutionsWith([]).values()].map((one) => one.habits)
    for (const [name, wanted] of Object.entries(PERSONALITIES)) {
      const kept = habits.some((one) =>
        Object.entries(wanted).every(([key, value]) => one[key as keyof Habits] === value),
      )
      expect(kept, name).toBe(true)
    }
  })

  it('sandbox: few ids for many entries, one decimal, internal ids of their own', () => {
    const booked = read(PERSONALITIES.sandbox)['booked']!
    const given = booked.map((one) => one['transactionId'])
    expect(given.every((id) => /^20261120\d{8}-1$/.test(String(id)))).toBe(true)
    expect(new Set(given).size).toBeLessThan(given.length)
    expect(new Set(booked.map((one) => one['internalTransactionId'])).size).toBe(booked.length)
    expect(booked.some((one) => (one['transactionAmount'] as { amount: string }).amount.endsWith('.5'))).toBe(true)
  })

  it('ids that are missing, empty words, reused, or another every day', () => {
    expect(times(ids(PERSONALITIES.idless), undefined)).toBe(40)
    expect(times(ids(PERSONALITIES.notprovided), 'NOTPROVIDED')).toBe(40)
    const reused = ids(PERSONALITIES.reusing)
    expect(new Set(reused).size).toBeLessThan(reused.length)
    const [monday, tuesday] = [ids(PERSONALITIES.shifting), ids(PERSONALITIES.shifting, '2026-11-21')]
    expect(monday.some((id) => tuesday.includes(id))).toBe(false)
    expect(ids(PERSONALITIES.shifting)).toEqual(monday)
    expect(ids({ transactionIds: 'per_read' }, '2026-11-20', 1)).not.toEqual(ids({ transactionIds: 'per_read' }))
  })

  it('pending under another id and text than booked', () => {
    const [before] = read(PERSONALITIES.renaming)['pending']!
    expect(before!['transactionId']).toBe('00DEBIT20261120')
    expect(before!['remittanceInformationUnstructured']).toBe('PENDING: Fuel')
    const after = read(PERSONALITIES.renaming, '2026-11-21')['booked']!.find(
      (one) => one['bookingDate'] === '2026-11-20',
    )!
    expect(after['transactionId']).not.toBe(before!['transactionId'])
    expect(after['remittanceInformationUnstructured']).toBe('Fuel')
    expect(read({ pendingList: false })).not.toHaveProperty('pending')
    expect(read(PERSONALITIES.unsigned)['pending']![0]!['transactionAmount']).toEqual({
      amount: '20.00',
      currency: 'EUR',
    })
  })

  it('the same entry twice in one answer', () => {
    const doubled = read(PERSONALITIES.doubling)['booked']!
    const repeated = doubled.filter(
      (one, at) => doubled.findIndex((other) => other['transactionId'] === one['transactionId']) !== at,
    )
    expect(repeated.length).toBeGreaterThan(2)
    expect(new Set(doubled.map((one) => one['internalTransactionId'])).size).toBe(doubled.length)
  })

  it('history restated: filled in later, or names forgotten', () => {
    const named = (today: string, personality: Personality, field: string) =>
      read(PERSONALITIES[personality], today)['booked']!.filter((one) => one[field] !== undefined).length
    expect(named('2026-11-18', 'filling', 'debtorAccount')).toBeLessThan(
      named('2026-11-20', 'filling', 'debtorAccount'),
    )
    expect(named('2026-11-18', 'forgetting', 'debtorName')).toBeGreaterThan(
      named('2026-11-24', 'forgetting', 'debtorName'),
    )
  })

  it('reads that drift: days move, entries come and go', () => {
    const days = (readCount: number) => {
      const { booked } = read(PERSONALITIES.drifting, '2026-11-20', readCount)
      return booked!.map((one) => textOf(one['bookingDate'])).toSorted((a, b) => (a < b ? -1 : 1))
    }
    expect(days(1)).not.toEqual(days(2))
    const lengths = [0, 1, 2, 3, 4].map(
      (readCount) => read(PERSONALITIES.gappy, '2026-11-20', readCount)['booked']!.length,
    )
    expect(new Set(lengths).size).toBeGreaterThan(1)
  })

  it('dates, signs, names and texts where each bank puts them', () => {
    const first = (habits: Partial<Habits>) => read({ ...habits, order: 'oldest_first' })['booked']!
    expect(first(PERSONALITIES.next_month).length).toBe(40)
    expect(first(PERSONALITIES.next_month)[0]!['bookingDate']).toBe('2026-12-01')
    expect(first(PERSONALITIES.value_ahead)[0]!['valueDate']).toBe('2026-11-25')
    expect(first(PERSONALITIES.in_text)[0]).not.toHaveProperty('bookingDate')
    expect(first(PERSONALITIES.inverted)[0]!['transactionAmount']).toEqual({ amount: '1.50', currency: 'EUR' })
    const savings = first(PERSONALITIES.savings)[0]!
    expect(savings['ultimateCreditor']).toBe('Payer 0')
    expect(savings['remittanceInformationStructured']).toBe('Invoice 1000 for web hostin g, November, customer 0')
    expect(first(PERSONALITIES.slashed)[0]!['remittanceInformationUnstructured']).toContain('/Txt/Invoice;1000')
    expect(first(PERSONALITIES.lines)[0]).not.toHaveProperty('remittanceInformationUnstructured')
    expect(first(PERSONALITIES.both_sides)[0]).toMatchObject({
      debtorName: 'Example Hosting GmbH',
      creditorName: 'Payer 0',
    })
  })
})
