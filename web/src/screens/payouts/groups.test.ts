import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupItems, isZero, kindOf, negate, sumsOf } from './groups.ts'

const cents = (minor: number): string =>
  `${minor < 0 ? '-' : ''}${Math.trunc(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`
const item = (type: string, category: string, amount: number, fee: number) => ({
  type,
  category,
  amount: cents(amount),
  fee: cents(fee),
  net: cents(amount - fee),
})

describe('the items of a payout', () => {
  it('are sorted into what they are', () => {
    expect(kindOf({ type: 'charge', category: 'charge' })).toBe('payments')
    expect(kindOf({ type: 'payment', category: 'charge' })).toBe('payments')
    expect(kindOf({ type: 'refund', category: 'refund' })).toBe('refunds')
    expect(kindOf({ type: 'payment_refund', category: 'refund' })).toBe('refunds')
    expect(kindOf({ type: 'adjustment', category: 'dispute' })).toBe('disputes')
    expect(kindOf({ type: 'adjustment', category: 'dispute_reversal' })).toBe('disputes')
    expect(kindOf({ type: 'stripe_fee', category: 'fee' })).toBe('fees')
    expect(kindOf({ type: 'reserve_transaction', category: 'risk_reserved_funds' })).toBe('holds')
    expect(kindOf({ type: 'payout_failure', category: 'payout_reversal' })).toBe('others')
  })
  it('keep every item and every cent', () => {
    const made = fc.record({
      type: fc.constantFrom('charge', 'refund', 'adjustment', 'stripe_fee', 'transfer'),
      category: fc.constantFrom('charge', 'refund', 'dispute', 'fee', 'transfer'),
      amount: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fee: fc.integer({ min: 0, max: 10_000 }),
    })
    fc.assert(
      fc.property(fc.array(made, { minLength: 1 }), (all) => {
        const items = all.map(({ type, category, amount, fee }) => item(type, category, amount, fee))
        const groups = groupItems(items)
        expect(groups.flatMap((group) => group.items)).toHaveLength(items.length)
        const whole = sumsOf(items)
        expect(sumsOf(groups.map((group) => ({ type: '', category: '', ...group })))).toEqual(whole)
        expect(whole.net).toBe(cents(all.reduce((sum, { amount, fee }) => sum + amount - fee, 0)))
      }),
    )
  })
  it('say what is nothing', () => {
    expect(isZero('0.00')).toBe(true)
    expect(isZero('-0.01')).toBe(false)
    expect(negate('12.30')).toBe('-12.30')
    expect(negate('-0.05')).toBe('0.05')
  })
})
