import { describe, expect, it } from 'vitest'
import { type PayoutStory, sayPayout } from './payout-story.ts'

const row = (category: string, amountMinor: bigint, feeMinor = 0n): PayoutStory['rows'][number] => ({
  category,
  description: '',
  number: null,
  waits: false,
  amountMinor,
  feeMinor,
  netMinor: amountMinor - feeMinor,
})
const story = (rows: PayoutStory['rows'], differenceMinor = 0n): PayoutStory => {
  const sum = (of: 'amountMinor' | 'feeMinor') => rows.reduce((total, each) => total + each[of], 0n)
  return {
    externalId: 'po_1',
    amountMinor: sum('amountMinor') - sum('feeMinor') + differenceMinor,
    itemsTotalMinor: sum('amountMinor'),
    feesTotalMinor: sum('feeMinor'),
    differenceMinor,
    currency: 'EUR',
    bankDay: '2026-11-13',
    bankText: 'STRIPE',
    rows,
  }
}

describe('a payout in one sentence', () => {
  it.each([
    [[row('charge', 1000n, 40n)], 0n, '9.60 EUR = 1 payment 10.00 − fees 0.40'],
    [
      [row('charge', 1000n, 40n), row('charge', 2000n, 55n), row('refund', -500n), row('dispute', -700n, 2000n)],
      0n,
      '-2.95 EUR = 2 payments 30.00 − 1 refund 5.00 − 1 dispute 7.00 − fees 20.95',
    ],
    [[row('charge', 1000n), row('payout_reversal', 300n)], 0n, '13.00 EUR = 1 payment 10.00 + 1 payout reversal 3.00'],
    [[row('charge', 1000n)], 1n, '10.01 EUR = 1 payment 10.00 + unexplained 0.01'],
  ])('%# adds up as it is written', (rows, differenceMinor, sentence) => {
    expect(sayPayout(story(rows, differenceMinor))).toBe(sentence)
  })
})
