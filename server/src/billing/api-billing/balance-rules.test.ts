import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../base/errors.ts'
import type { BilledStatus } from '../billing-system.ts'
import { INVOICE_STATUSES } from '../invoices/schemas.ts'
import { closedOnAfter, type Standing, standAfter, type StandingChange } from './balance-rules.ts'

const at = (status: BilledStatus, totalMinor: bigint, balanceMinor: bigint): Standing => ({
  status,
  totalMinor,
  balanceMinor,
})
const becomes = (before: Standing, change: StandingChange, bookedMinor = 0n): Standing | string => {
  try {
    return standAfter(before, change, 'EUR', bookedMinor)
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

describe('standAfter', () => {
  const cases: [name: string, before: Standing, change: StandingChange, booked: bigint, after: Standing | RegExp][] = [
    ['nothing', at('unpaid', 50n, 20n), {}, 0n, at('unpaid', 50n, 20n)],
    ['a new total moves the balance', at('unpaid', 50n, 20n), { totalMinor: 70n }, 30n, at('unpaid', 70n, 40n)],
    [
      'a total below what is paid',
      at('unpaid', 50n, 20n),
      { totalMinor: 29n },
      30n,
      /^More than the total of 0\.29 EUR/,
    ],
    ['a total that is paid by now', at('unpaid', 50n, 20n), { totalMinor: 30n }, 30n, at('paid', 30n, 0n)],
    ['a balance above the total', at('unpaid', 50n, 20n), { balanceMinor: 51n }, 0n, /is more than the total of 0\.50/],
    ['a balance that forgets what we booked', at('unpaid', 50n, 20n), { balanceMinor: 21n }, 30n, /has applied 0\.30/],
    ['a balance of zero pays it', at('collections', 50n, 20n), { balanceMinor: 0n }, 0n, at('paid', 50n, 0n)],
    ['the default balance', at('unpaid', 50n, 10n), { balanceMinor: null }, 30n, at('unpaid', 50n, 20n)],
    ['paid elsewhere', at('draft', 50n, 50n), { status: 'paid' }, 0n, at('paid', 50n, 0n)],
    ['paid with something open', at('unpaid', 50n, 50n), { status: 'paid', balanceMinor: 1n }, 0n, /^A paid invoice/],
    ['opened again', at('paid', 50n, 0n), { status: 'unpaid', balanceMinor: 50n }, 0n, at('unpaid', 50n, 50n)],
    ['opened again with nothing open', at('paid', 50n, 0n), { status: 'unpaid' }, 0n, /has something open/],
    ['a higher total of a paid one', at('paid', 50n, 0n), { totalMinor: 60n }, 50n, /Send status unpaid/],
    ['the same with status', at('paid', 50n, 0n), { totalMinor: 60n, status: 'unpaid' }, 50n, at('unpaid', 60n, 10n)],
    ['a draft with nothing open', at('draft', 50n, 50n), { balanceMinor: 0n }, 0n, /^An invoice that is draft has/],
    ['back to draft', at('unpaid', 50n, 50n), { status: 'draft' }, 0n, /It may become: payment_pending, collections/],
    ['refunded though unpaid', at('unpaid', 50n, 50n), { status: 'refunded' }, 0n, /does not become refunded/],
    ['cancelled', at('unpaid', 50n, 20n), { status: 'cancelled' }, 30n, at('cancelled', 50n, 20n)],
    ['refunded', at('paid', 50n, 0n), { status: 'refunded' }, 50n, at('refunded', 50n, 0n)],
  ]
  it.each(cases)('%s', (_name, before, change, booked, after) => {
    const found = becomes(before, change, booked)
    if (after instanceof RegExp) expect(found).toMatch(after)
    else expect(found).toEqual(after)
  })

  it('whatever it allows holds together, and stays when nothing more is asked', () => {
    const minor = fc.bigInt({ min: 0n, max: 12n })
    const status = fc.constantFrom(...INVOICE_STATUSES)
    fc.assert(
      fc.property(
        fc.record({ status, totalMinor: minor, balanceMinor: minor }),
        fc.record(
          { status, totalMinor: fc.bigInt({ min: 1n, max: 12n }), balanceMinor: fc.option(minor) },
          { requiredKeys: [] },
        ),
        minor,
        (before, change, booked) => {
          const after = becomes(before, change, booked)
          if (typeof after === 'string') return
          expect(after.balanceMinor >= 0n && after.balanceMinor + booked <= after.totalMinor).toBe(true)
          if (after.status === 'paid') expect(after.balanceMinor).toBe(0n)
          if (['draft', 'unpaid', 'payment_pending', 'collections'].includes(after.status))
            expect(after.balanceMinor > 0n).toBe(true)
          expect(becomes(after, {}, booked)).toEqual(after)
        },
      ),
    )
  })
})

describe('closedOnAfter', () => {
  it.each([
    ['unpaid', null, 'paid', '2025-04-10'],
    ['paid', '2025-01-02', 'paid', '2025-01-02'],
    ['paid', '2025-01-02', 'refunded', '2025-04-10'],
    ['paid', '2025-01-02', 'unpaid', null],
  ] as const)('from %s (%s) to %s: %s', (status, closedOn, next, after) => {
    expect(closedOnAfter({ status, closedOn }, next, '2025-04-10')).toBe(after)
  })
})
