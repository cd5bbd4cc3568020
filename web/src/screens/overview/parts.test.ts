import type { ReconciliationDay } from '@payymo/sdk'
import { describe, expect, it } from 'vitest'
import { currenciesOf, daysOf, totalsOf } from './parts.ts'

const none = { amount: '0.00', count: 0 }

const row = (date: string, currency: string, set: Partial<ReconciliationDay>): ReconciliationDay => ({
  date,
  currency,
  money_in: none,
  applied_automatically: none,
  applied_by_hand: none,
  already_booked: none,
  matched: none,
  open: none,
  transfers: none,
  ignored: none,
  unallocated: none,
  created_at: '2025-04-10T06:00:00Z',
  updated_at: '2025-04-10T06:00:00Z',
  ...set,
})

const ROWS = [
  row('2025-03-02', 'GBP', {
    money_in: { amount: '90071992547409.93', count: 3 },
    open: { amount: '90071992547409.91', count: 1 },
    transfers: { amount: '0.01', count: 1 },
    ignored: { amount: '0.01', count: 1 },
  }),
  row('2025-02-28', 'GBP', {
    money_in: { amount: '10.10', count: 1 },
    applied_automatically: { amount: '10.10', count: 1 },
  }),
  row('2025-03-01', 'EUR', { money_in: { amount: '7.00', count: 9 }, open: { amount: '7.00', count: 9 } }),
]

describe('money by day', () => {
  it('puts the currency with most lines first', () => {
    expect(currenciesOf(ROWS)).toEqual(['EUR', 'GBP'])
    expect(currenciesOf([])).toEqual([])
  })

  it('holds every day of the range once, in order, with nothing where nothing came', () => {
    const days = daysOf(ROWS, 'GBP', { from: '2025-02-27', to: '2025-03-02' })
    expect(days.map(({ date, moneyIn }) => [date, moneyIn.amount])).toEqual([
      ['2025-02-27', '0.00'],
      ['2025-02-28', '10.10'],
      ['2025-03-01', '0.00'],
      ['2025-03-02', '90071992547409.93'],
    ])
  })

  it('adds to the cent what a float could not hold', () => {
    const { moneyIn, parts } = totalsOf(daysOf(ROWS, 'GBP', { from: '2025-02-27', to: '2025-03-02' }))
    expect(moneyIn).toEqual({ amount: '90071992547420.03', count: 4 })
    expect(parts).toEqual({
      automatic: { amount: '10.10', count: 1 },
      byHand: none,
      underWay: none,
      open: { amount: '90071992547409.91', count: 1 },
      other: { amount: '0.02', count: 2 },
    })
  })
})
