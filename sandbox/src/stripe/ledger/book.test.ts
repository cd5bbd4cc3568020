import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjust } from './adjustments.ts'
import { balanceOf } from './balance.ts'
import { Book, Impossible } from './book.ts'
import { capture, charge, expireAuthorisation, settleDelayed } from './charges.ts'
import { DAY } from './days.ts'
import { closeDispute, dispute } from './disputes.ts'
import { assertInvariants } from './invariants.ts'
import type { MerchantTerms } from './merchant.ts'
import { openBook } from './payout-schedule.ts'
import { failRefund, refund } from './refunds.ts'

const MONDAY = Date.parse('2026-11-02T10:00:00Z') / 1000

const open = (terms: Partial<MerchantTerms> = {}): Book =>
  openBook(new Book({ account: 'acct_1', livemode: false, seed: 'test', terms }), MONDAY)
const rowOf = (book: Book, id: string | null) => book.transactions.get(id!)!
const typesOf = (book: Book): string[] => book.events.rows.map((event) => event.type)

describe('charges', () => {
  it('of a card make one row with the fee inside', () => {
    const book = open()
    const paid = charge(book, { amount: 12_100n, currency: 'eur', description: 'Invoice #1001' })
    expect(rowOf(book, paid.balance_transaction)).toMatchObject({
      amount: 12_100n,
      fee: 207n,
      net: 11_893n,
      type: 'charge',
      reporting_category: 'charge',
      source: paid.id,
    })
    expect(typesOf(book)).toEqual(['charge.succeeded', 'payment_intent.succeeded'])
    assertInvariants(book)
  })

  it('that are declined move nothing', () => {
    const book = open()
    const failed = charge(book, { amount: 500n, currency: 'eur', outcome: 'failed' })
    expect(failed).toMatchObject({ status: 'failed', paid: false, balance_transaction: null })
    expect(book.transactions.rows).toEqual([])
  })

  it('of a delayed method have their row at once, and a second one when they fail', () => {
    const book = open()
    const waiting = charge(book, { amount: 5_000n, currency: 'eur', method: 'sepa_debit', outcome: 'pending' })
    expect(waiting.id).toMatch(/^py_/)
    expect(rowOf(book, waiting.balance_transaction).type).toBe('payment')
    const failed = settleDelayed(book, waiting.id, 'failed')
    expect(rowOf(book, failed.failure_balance_transaction)).toMatchObject({
      type: 'payment_failure_refund',
      reporting_category: 'charge_failure',
      amount: -5_000n,
    })
    expect(book.transactions.rows.reduce((sum, row) => sum + row.net, 0n)).toBe(0n)
    assertInvariants(book)
  })

  it('captured asynchronously get their row with `charge.updated`', () => {
    const book = open()
    const taken = charge(book, { amount: 900n, currency: 'eur', outcome: 'async_capture', captureDelaySeconds: 600 })
    expect(taken).toMatchObject({ status: 'succeeded', captured: true, balance_transaction: null })
    book.catchUp(MONDAY + 601)
    const event = book.events.rows.at(-1)!
    expect(event.type).toBe('charge.updated')
    expect(event.data.previous_attributes).toEqual({ balance_transaction: null })
    expect(book.charges.get(taken.id)!.balance_transaction).toMatch(/^txn_/)
    const first = book.events.under('type', 'charge.succeeded')[0]!
    expect(first.data.object).toMatchObject({ balance_transaction: null })
  })

  it('captured in part file the rest as a reversal that looks like a refund', () => {
    const book = open()
    const held = charge(book, { amount: 10_000n, currency: 'eur', outcome: 'authorized' })
    expect(held).toMatchObject({ paid: true, captured: false, balance_transaction: null })
    capture(book, held.id, { amount: 6_000n })
    const rows = book.transactions.rows.map((row) => [row.type, row.reporting_category, row.amount])
    expect(rows).toEqual([
      ['charge', 'charge', 10_000n],
      ['refund', 'partial_capture_reversal', -4_000n],
    ])
    expect(() => expireAuthorisation(book, held.id)).toThrow(Impossible)
    assertInvariants(book)
  })

  it.each([
    [1_001n, 'kwd'],
    [550n, 'isk'],
    [1n, 'ugx'],
    [0n, 'eur'],
    [-5n, 'eur'],
    [5n, 'EUR'],
  ])('of %s %s are refused', (amount, currency) => {
    expect(() => charge(open(), { amount, currency })).toThrow(Impossible)
  })

  it('in a foreign currency are converted: amount times rate, and refunds at the rate of their day', () => {
    const book = open({ rates: { 'usd>eur': 900_000n } })
    const paid = charge(book, { amount: 10_000n, currency: 'usd' })
    expect(rowOf(book, paid.balance_transaction)).toMatchObject({ amount: 9_000n, currency: 'eur', exchange_rate: 0.9 })
    const back = refund(book, { charge: paid.id, rate: 950_000n })
    expect(rowOf(book, back.balance_transaction)).toMatchObject({ amount: -9_500n, fee: 0n, exchange_rate: 0.95 })
    assertInvariants(book)
  })
})

describe('refunds and disputes', () => {
  it('take back no more than there is', () => {
    const book = open()
    const { id } = charge(book, { amount: 1_000n, currency: 'eur' })
    refund(book, { charge: id, amount: 400n })
    expect(() => refund(book, { charge: id, amount: 601n })).toThrow('600 left')
    expect(book.charges.get(id)).toMatchObject({ amount_refunded: 400n, refunded: false })
  })

  it('that fail bring the money back', () => {
    const book = open()
    const { id } = charge(book, { amount: 1_000n, currency: 'eur' })
    const failed = failRefund(book, refund(book, { charge: id }).id)
    expect(rowOf(book, failed.failure_balance_transaction!)).toMatchObject({
      amount: 1_000n,
      reporting_category: 'refund_failure',
    })
    expect(book.charges.get(id)).toMatchObject({ amount_refunded: 0n, refunded: false })
    assertInvariants(book)
  })

  it('won in dispute come back as a second adjustment', () => {
    const book = open()
    const { id } = charge(book, { amount: 3_000n, currency: 'eur' })
    const begun = dispute(book, { charge: id })
    expect(rowOf(book, begun.balance_transactions[0]!)).toMatchObject({
      amount: -3_000n,
      fee: 2_000n,
      net: -5_000n,
      description: `Chargeback withdrawal for ${id}`,
    })
    const won = closeDispute(book, begun.id, 'won')
    expect(won.balance_transactions).toHaveLength(2)
    expect(rowOf(book, won.balance_transactions[1]!)).toMatchObject({
      amount: 3_000n,
      reporting_category: 'dispute_reversal',
    })
    expect(typesOf(book).slice(-2)).toEqual(['charge.dispute.closed', 'charge.dispute.funds_reinstated'])
    assertInvariants(book)
  })

  it('that are only inquiries move nothing', () => {
    const book = open()
    const { id } = charge(book, { amount: 3_000n, currency: 'eur' })
    const asked = dispute(book, { charge: id, inquiry: true })
    expect(asked).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] })
    expect(closeDispute(book, asked.id, 'lost').status).toBe('warning_closed')
    expect(book.transactions.rows).toHaveLength(1)
  })
})

it('keeps its books whatever happens in whatever order', () => {
  const act = fc.tuple(fc.constantFrom(...'cafrsxdwlmvt'), fc.integer({ min: 1, max: 5_000 }), fc.nat(200_000))
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.boolean(), (acts, splitsBySource) => {
      const book = open({ splitsBySource, rates: { 'usd>eur': 913_777n }, minimumBalanceMinor: { eur: 700n } })
      for (const [what, amount, wait] of acts) {
        book.catchUp(book.now + wait)
        attempt(() => perform(book, what, BigInt(amount)))
      }
      assertInvariants(book)
      book.catchUp(book.now + 40 * DAY)
      assertInvariants(book)
      const [eur] = balanceOf(book, book.now).pending
      expect(eur?.amount ?? 0n).toBe(0n)
    }),
    { numRuns: 60 },
  )
})

/** What is impossible at the moment is left out. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch (fault) {
    if (!(fault instanceof Impossible)) throw fault
  }
}

function perform(book: Book, what: string, amount: bigint): unknown {
  const last = book.charges.rows.at(-1)?.id ?? 'none'
  switch (what) {
    case 'c':
      return charge(book, { amount, currency: 'eur' })
    case 'x':
      return charge(book, { amount, currency: 'usd' })
    case 'a':
      return charge(book, { amount, currency: 'eur', outcome: 'authorized' })
    case 's':
      return charge(book, { amount, currency: 'eur', method: 'sepa_debit', outcome: 'pending' })
    case 'f':
      return settleDelayed(book, last, amount % 2n === 0n ? 'failed' : 'succeeded')
    case 'm':
      return capture(book, last, { amount })
    case 'r':
      return refund(book, { charge: last, amount })
    case 't':
      return failRefund(book, book.refunds.rows.at(-1)?.id ?? 'none')
    case 'd':
      return dispute(book, { charge: last })
    case 'w':
      return closeDispute(book, book.disputes.rows.at(-1)?.id ?? 'none', 'won')
    case 'l':
      return closeDispute(book, book.disputes.rows.at(-1)?.id ?? 'none', 'lost')
    default:
      return adjust(book, { kind: 'fee', amount })
  }
}
