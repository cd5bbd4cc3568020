import { beforeAll, describe, expect, it } from 'vitest'
import { Book } from '../ledger/book.ts'
import { assertInvariants } from '../ledger/invariants.ts'
import { type LedgerOptions, seedLedger } from './ledger.ts'
import { AT, libraryFor, startConnected } from '../test-client.ts'
import { cardMonth } from './card-month.ts'
import type { LedgerTruth } from './truth-of.ts'

const NOW = Date.parse('2026-11-26T12:00:00Z') / 1000
const fresh = (): Book => new Book({ account: 'acct_1', livemode: false, seed: 'test' })
const seeded = (options: LedgerOptions): { book: Book; truth: LedgerTruth } => {
  const book = fresh()
  return { book, truth: seedLedger(book, NOW, options) }
}

describe('ninety days', () => {
  let book: Book
  let truth: LedgerTruth
  beforeAll(() => {
    ;({ book, truth } = seeded({ charges: 3_000 }))
  })

  it('keep their books', () => {
    expect(() => assertInvariants(book)).not.toThrow()
  })

  it('hold each kind of thing', () => {
    const categories = new Set(truth.payouts.flatMap((payout) => Object.keys(payout.sums)))
    for (const category of `charge charge_failure refund refund_failure partial_capture_reversal dispute dispute_reversal fee tax
      payout_reversal risk_reserved_funds other_adjustment loyalty payout_minimum_balance_hold payout_minimum_balance_release`.split(
      /\s+/,
    ))
      expect(categories, category).toContain(category)
    const { payouts, charges, bankLines } = truth
    expect(new Set(payouts.map((one) => one.known))).toEqual(new Set(['listed', 'sweep', 'oldest_rows', 'open']))
    expect(new Set(payouts.map((one) => one.currency))).toEqual(new Set(['eur', 'usd', 'jpy']))
    expect(payouts.filter((one) => one.status === 'failed')).toHaveLength(2)
    expect(payouts.some((one) => one.amountMinor < 0n)).toBe(true)
    expect(payouts.some((one) => one.method === 'instant')).toBe(true)
    for (const state of ['succeeded', 'failed', 'refunded', 'partly_refunded', 'dispute_won', 'dispute_lost'] as const)
      expect(
        charges.some((one) => one.state === state),
        state,
      ).toBe(true)
    expect(new Set(charges.map((one) => one.place)).size).toBe(7)
    const recorded = charges.filter((one) => one.recordedAs !== null).length
    expect(recorded / charges.filter((one) => one.capturedMinor > 0n && one.state !== 'pending').length).toBeCloseTo(
      0.9,
      1,
    )
    expect(bankLines.filter((line) => line.isReturn)).toHaveLength(1)
    expect(bankLines.some((line) => line.hasTrace)).toBe(true)
  })

  it('tell of each payout what it is made of, to the last unit', () => {
    for (const payout of truth.payouts) {
      if (payout.items === null) continue
      const net = payout.items.reduce((sum, item) => sum + item.netMinor, 0n)
      const fee = book.transactions.get(book.payouts.get(payout.id)!.balance_transaction)!.fee
      expect(net, payout.id).toBe(payout.amountMinor + fee)
      expect(Object.values(payout.sums).reduce((sum, one) => sum + one.netMinor, 0n)).toBe(net)
    }
  })

  it('put each arrived payout on the statement, in its amount and near its day', () => {
    const byPayout = Map.groupBy(truth.bankLines, (line) => line.payout)
    for (const payout of truth.payouts.filter((one) => one.status === 'paid' && one.arrivalOn < '2026-11-20')) {
      const [line] = byPayout.get(payout.id)!
      expect(line!.amountMinor).toBe(payout.amountMinor)
      expect(Date.parse(line!.day) - Date.parse(payout.arrivalOn)).toBeLessThanOrEqual(3 * 86_400_000)
      expect(line!.day >= payout.arrivalOn).toBe(true)
      expect([0, 6]).not.toContain(new Date(line!.day).getUTCDay())
    }
  })
})

describe('a seed', () => {
  it('gives the same ledger to the id, and another one for other words', () => {
    const options = { charges: 120, days: 20 }
    expect(seeded(options).truth).toEqual(seeded(options).truth)
    expect(seeded({ ...options, seed: 'other' }).truth.totals).not.toEqual(seeded(options).truth.totals)
  })

  it('can leave out the events, and everything but sales and payouts', () => {
    const { book, truth } = seeded({ charges: 200, days: 20, events: false, eventful: false, currencies: ['gbp'] })
    expect(truth.totals.events).toBe(0)
    expect(new Set(truth.payouts.map((one) => `${one.known} ${one.currency}`))).toEqual(new Set(['listed gbp']))
    expect(() => assertInvariants(book)).not.toThrow()
  })

  it('is refused in an account where something has happened', () => {
    const { book } = seeded({ charges: 5, days: 10 })
    expect(() => seedLedger(book, NOW)).toThrow('open already')
  })
})

describe('a card month', () => {
  const sales = Array.from({ length: 30 }, (_, n) => ({
    invoiceId: 5000 + n,
    clientId: 101 + n,
    name: `Client ${n}`,
    email: `client${n}@client.example`,
    amountMinor: 1_990n + BigInt(n) * 100n,
    paidDaysAgo: n + 1,
  }))
  const month = cardMonth({ today: '2026-11-26', sales })

  it('records all but three, and pays out weekly', () => {
    expect(month.recorded).toHaveLength(27)
    expect(month.missing).toHaveLength(3)
    expect(new Set([...month.recorded, ...month.missing].map((one) => one.invoiceId)).size).toBe(30)
    const { payouts, bankLines, charges } = month.truth
    expect(payouts.length).toBeGreaterThanOrEqual(4)
    expect(new Set(payouts.map((one) => new Date(one.createdAt * 1000).getUTCDay()))).toEqual(new Set([4]))
    expect(bankLines.length).toBeGreaterThanOrEqual(3)
    expect(charges.filter((one) => one.state === 'refunded')).toHaveLength(1)
    expect(charges.filter((one) => one.state === 'disputed')).toHaveLength(1)
    for (const { transid } of month.recorded)
      expect(charges.some((one) => one.id === transid || one.paymentIntent === transid)).toBe(true)
  })

  it('is what a simulator with that merchant shows, with the payouts still on their way', async () => {
    const simulator = await startConnected({ merchants: [month.merchant] })
    const stripe = libraryFor(simulator.url)
    const charges = await stripe.charges.list({ limit: 100 }, AT)
    expect(charges.data.map((one) => one.id).toReversed()).toEqual(month.truth.charges.map((one) => one.id))
    expect(month.coming.length).toBeGreaterThan(0)
    for (const { payout, amountMinor } of month.coming.slice(0, 1))
      expect((await stripe.payouts.retrieve(payout, {}, AT)).amount).toBe(Number(amountMinor))
    await simulator.close()
  })

  it('is the past of the merchant that it hands over, id by id', () => {
    const book = new Book({
      account: month.merchant.id,
      livemode: false,
      seed: 'sandbox',
      ...(month.merchant.terms === undefined ? {} : { terms: month.merchant.terms }),
    })
    month.merchant.history!.test!(book, 0)
    book.catchUp(Date.parse('2026-11-29T12:00:00Z') / 1000)
    expect(book.charges.rows.map((row) => row.id)).toEqual(month.truth.charges.map((one) => one.id))
    expect(() => assertInvariants(book)).not.toThrow()
  })
})
