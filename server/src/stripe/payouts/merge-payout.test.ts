import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StripePayout } from '../stripe-feed.ts'
import { differs, mergePayout } from './merge-payout.ts'

const BASE: StripePayout = {
  id: 'po_1',
  balanceTransactionId: 'txn_1',
  failureBalanceTransactionId: null,
  amountMinor: 8845n,
  currency: 'EUR',
  status: 'pending',
  automatic: true,
  method: 'standard',
  toBank: true,
  arrivalOn: '2026-08-17',
  descriptor: '',
  traceId: null,
  destinationLast4: null,
  reconciliationStatus: 'in_progress',
  failureCode: null,
  failureMessage: null,
  occurredAt: new Date('2026-08-14T00:00:00Z'),
}

it.each([
  ['pending', 'paid', 'paid'],
  ['paid', 'in_transit', 'paid'],
  ['paid', 'failed', 'failed'],
  ['failed', 'paid', 'failed'],
  ['canceled', 'failed', 'canceled'],
  ['pending', 'sleeping', 'sleeping'],
])('known as %s, told as %s: %s', (known, told, status) => {
  expect(mergePayout({ ...BASE, status: known }, { ...BASE, status: told }).status).toBe(status)
})

it('what came once stays, and amount and currency never move', () => {
  const known = { ...BASE, status: 'paid', traceId: 'T1', reconciliationStatus: 'completed' }
  const told = { ...BASE, status: 'paid', amountMinor: 1n, currency: 'USD', destinationLast4: '3000' }
  const merged = mergePayout(known, told)
  expect(merged).toEqual({ ...known, destinationLast4: '3000' })
  expect(differs(known, merged)).toBe(true)
  expect(differs(merged, mergePayout(merged, told))).toBe(false)
})

it('the life of a payout told in any order, as often as you like, ends in the same', () => {
  const life: StripePayout[] = [
    BASE,
    { ...BASE, status: 'in_transit', arrivalOn: '2026-08-18' },
    { ...BASE, status: 'paid', arrivalOn: '2026-08-18', reconciliationStatus: 'completed' },
    {
      ...BASE,
      status: 'failed',
      arrivalOn: '2026-08-18',
      reconciliationStatus: 'completed',
      failureBalanceTransactionId: 'txn_2',
      failureCode: 'account_closed',
    },
  ]
  fc.assert(
    fc.property(
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      fc.array(fc.nat(3), { maxLength: 6 }),
      (order, again) => {
        const told = [...order, ...again].map((n) => life[n]!)
        expect(told.slice(1).reduce(mergePayout, told[0]!)).toEqual(life[3])
      },
    ),
  )
})
