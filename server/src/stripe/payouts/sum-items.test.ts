import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Item, sumItems } from './sum-items.ts'

const PAYOUT = { externalId: 'po_1', balanceTransactionId: 'txn_own', amountMinor: 8845n, currency: 'EUR' }

const item = (type: string, amount: number, fee = 0, change: Partial<Item> = {}): Item => ({
  id: `txn_${type}_${amount}`,
  type,
  sourceId: null,
  amountMinor: BigInt(amount),
  feeMinor: BigInt(fee),
  netMinor: BigInt(amount - fee),
  currency: 'EUR',
  ...change,
})
const own = (amount: number, fee = 0): Item => item('payout', amount, fee, { id: 'txn_own', sourceId: 'po_1' })

/** The worked example of the reference, 3.3. */
const EXAMPLE = [
  item('charge', 12_100, 206),
  item('payment', 5_000, 35),
  item('refund', -2_000),
  item('adjustment', -3_000, 2_000),
  item('stripe_fee', -14),
  item('payout_minimum_balance_hold', -1_000),
]

describe('what a payout is made of', () => {
  it('adds up to the cent, the payout itself left out', () => {
    const sums = sumItems(PAYOUT, [...EXAMPLE, own(-8_845)])
    expect(sums.items).toEqual(EXAMPLE)
    expect(sums).toMatchObject({
      itemsTotalMinor: 11_086n,
      feesTotalMinor: 2_241n,
      differenceMinor: 0n,
      fault: null,
    })
  })

  it('shows a difference with its sign', () => {
    expect(sumItems(PAYOUT, [...EXAMPLE.slice(0, -1), own(-8_845)]).differenceMinor).toBe(-1_000n)
    expect(sumItems(PAYOUT, [...EXAMPLE.slice(1), own(-8_845)]).differenceMinor).toBe(11_894n)
  })

  it('knows a negative payout, an earlier one that came back, and other payouts among the rows', () => {
    const negative = { ...PAYOUT, amountMinor: -500n }
    expect(sumItems(negative, [item('refund', -500), own(500)])).toMatchObject({ differenceMinor: 0n, fault: null })
    const again = [item('charge', 8_000), item('payout_failure', 845), own(-8_845)]
    expect(sumItems(PAYOUT, again)).toMatchObject({ differenceMinor: 0n, fault: null })
    const other = item('payout', -100, 0, { sourceId: 'po_other' })
    expect(sumItems(PAYOUT, [item('charge', 8_945), other, own(-8_845)])).toMatchObject({
      differenceMinor: 0n,
      fault: null,
    })
  })

  it('what it costs to pay out counts among the fees', () => {
    expect(sumItems(PAYOUT, [item('charge', 8_945), own(-8_845, 100)])).toMatchObject({
      feesTotalMinor: 100n,
      differenceMinor: 0n,
      fault: null,
    })
  })

  it.each([
    ['the payout itself is missing', EXAMPLE, /lacks/],
    ['it is there twice', [...EXAMPLE, own(-8_845), item('payout', -8_845, 0, { sourceId: 'po_1' })], /twice/],
    ['the balance was debited otherwise', [...EXAMPLE, own(-8_840)], /debited 88\.40 EUR/],
    [
      'a row is in another currency',
      [...EXAMPLE, item('charge', 0, 0, { id: 'txn_usd', currency: 'USD' }), own(-8_845)],
      /txn_usd, which is in USD/,
    ],
    [
      'a row contradicts itself',
      [...EXAMPLE.slice(1), { ...EXAMPLE[0]!, netMinor: 1n }, own(-8_845)],
      /net amount of txn_charge_12100/,
    ],
  ])('is not believed when %s', (_, rows, fault) => {
    expect(sumItems(PAYOUT, rows).fault).toMatch(fault)
  })

  it('amount = items − fees + difference, whatever the list holds', () => {
    const any = fc.record({ amount: fc.integer(), fee: fc.nat(), type: fc.constantFrom('charge', 'refund', 'payout') })
    fc.assert(
      fc.property(fc.array(any), fc.bigInt(-(10n ** 15n), 10n ** 15n), (rows, amountMinor) => {
        const items = rows.map(({ amount, fee, type }, n) => item(type, amount, fee, { id: `txn_${n}` }))
        const sums = sumItems({ ...PAYOUT, amountMinor }, items)
        expect(sums.itemsTotalMinor - sums.feesTotalMinor + sums.differenceMinor).toBe(amountMinor)
      }),
    )
  })
})
