import { describe, expect, it } from 'vitest'
import { Book, Impossible } from './book.ts'
import { charge } from './charges.ts'
import { DAY, HOUR, isoDay } from './days.ts'
import { dispute } from './disputes.ts'
import { assertInvariants } from './invariants.ts'
import type { MerchantTerms } from './merchant.ts'
import { cancelPayout, failPayout } from './payout-life.ts'
import { runAutomatic, runManual } from './payout-run.ts'
import { openBook } from './payout-schedule.ts'

const MONDAY = Date.parse('2026-11-02T10:00:00Z') / 1000
const FEELESS = {
  bps: 0n,
  fixedMinor: {},
  conversionBps: 0n,
  taxBps: 0n,
  disputeMinor: {},
  instantPayoutBps: 100n,
} satisfies MerchantTerms['fees']

const open = (terms: Partial<MerchantTerms> = {}): Book =>
  openBook(new Book({ account: 'acct_1', livemode: false, seed: 'test', terms: { fees: FEELESS, ...terms } }), MONDAY)
const listOf = (book: Book, id: string) =>
  book.transactions.under('payout', id).map((row) => [row.type, row.net] as const)
const paid = (book: Book, amount: bigint, currency = 'eur', method = 'card') =>
  charge(book, { amount, currency, method })

describe('automatic payouts', () => {
  it('take what is available on the next working day, and their list holds themselves', () => {
    const book = open()
    paid(book, 700n)
    paid(book, 300n)
    book.catchUp(MONDAY + 5 * DAY)
    const [payout] = book.payouts.rows
    expect(isoDay(payout!.created)).toBe('2026-11-05')
    expect(isoDay(payout!.arrival_date)).toBe('2026-11-06')
    expect(listOf(book, payout!.id)).toEqual([
      ['charge', 700n],
      ['charge', 300n],
      ['payout', -1_000n],
    ])
    assertInvariants(book)
  })

  it('live through pending, in transit, paid; reconciliation and trace id come at times of their own', () => {
    const book = open({ reconciliationDelaySeconds: 4 * HOUR, traceDelaySeconds: 3 * DAY })
    paid(book, 1_000n)
    book.catchUp(MONDAY + 8 * DAY)
    const told = book.events.rows.filter((event) => event.type.startsWith('payout.')).map((event) => event.type)
    expect(told).toEqual([
      'payout.created',
      'payout.updated',
      'payout.reconciliation_completed',
      'payout.paid',
      'payout.updated',
    ])
    expect(book.payouts.rows[0]).toMatchObject({ status: 'paid', trace_id: { status: 'supported' } })
    expect(book.payouts.rows[0]!.trace_id.value).toMatch(/^ST-[0-9A-Z]{8}$/)
  })

  it('keep a minimum balance once, or release it and hold it anew with each payout', () => {
    for (const [style, second] of [
      ['once', [500n]],
      ['each_payout', [500n, 100n, -100n]],
    ] as const) {
      const book = open({ minimumBalanceMinor: { eur: 100n }, minimumBalanceStyle: style })
      paid(book, 1_000n)
      book.catchUp(MONDAY + 3 * DAY)
      paid(book, 500n)
      book.catchUp(MONDAY + 8 * DAY)
      expect(book.payouts.rows.map((one) => one.amount)).toEqual([900n, 500n])
      const rows = listOf(book, book.payouts.rows[1]!.id).filter(([type]) => type !== 'payout')
      expect(rows.map(([, net]) => net)).toEqual(second)
      assertInvariants(book)
    }
  })

  it('are whole units in HUF and TWD; the rest stays', () => {
    const book = open({ defaultCurrency: 'huf', settlementCurrencies: ['huf'] })
    paid(book, 12_345n, 'huf')
    book.catchUp(MONDAY + 4 * DAY)
    paid(book, 155n, 'huf')
    book.catchUp(MONDAY + 9 * DAY)
    expect(book.payouts.rows.map((one) => one.amount)).toEqual([12_300n, 200n])
    assertInvariants(book)
  })

  it('are debits when the balance is below zero, unless the merchant waits', () => {
    for (const [debitsNegative, amounts] of [
      [true, [1_000n, -1_000n]],
      [false, [1_000n]],
    ] as const) {
      const book = open({ debitsNegative })
      const { id } = paid(book, 1_000n)
      book.catchUp(MONDAY + 4 * DAY)
      dispute(book, { charge: id, feeMinor: 0n })
      book.catchUp(MONDAY + 8 * DAY)
      expect(book.payouts.rows.map((one) => one.amount)).toEqual(amounts)
    }
  })

  it('of two sub-balances come on one day', () => {
    const book = open({ splitsBySource: true })
    paid(book, 700n)
    paid(book, 300n, 'eur', 'ideal')
    book.catchUp(MONDAY + 5 * DAY)
    expect(book.payouts.rows.map((one) => [one.source_type, one.amount, isoDay(one.created)])).toEqual([
      ['card', 700n, '2026-11-05'],
      ['bank_account', 300n, '2026-11-05'],
    ])
  })

  it.each([
    ['weekly', '2026-11-09'],
    ['monthly', '2026-12-01'],
  ] as const)('come %s', (interval, day) => {
    const book = open({ schedule: { interval, delayDays: 3, weeklyAnchor: 1, monthlyAnchor: 1 } })
    paid(book, 700n)
    book.catchUp(MONDAY + 40 * DAY)
    expect(book.payouts.rows.map((one) => isoDay(one.created))).toEqual([day])
  })

  it('that fail return to the balance and leave with a later one, when the bank account is corrected', () => {
    const book = open()
    paid(book, 1_000n)
    book.catchUp(MONDAY + 4 * DAY)
    const { id, status } = book.payouts.rows[0]!
    expect(status).toBe('paid')
    const failed = failPayout(book, id, { correctedAfterDays: 4 })
    expect(failed).toMatchObject({ status: 'failed', failure_code: 'account_closed' })
    expect(runAutomatic(book, 'eur')).toBeNull()
    book.catchUp(MONDAY + 9 * DAY)
    const later = book.payouts.rows[1]!
    expect(listOf(book, later.id)).toEqual([
      ['payout_failure', 1_000n],
      ['payout', -1_000n],
    ])
    expect(book.truth.payouts.get(id)!.bank).toBe('and_back')
    assertInvariants(book)
  })
})

describe('payouts by hand', () => {
  const manual = { schedule: { interval: 'manual', delayDays: 0, weeklyAnchor: 1, monthlyAnchor: 1 } } as const

  it('sweep everything, take whole rows, or an amount that nobody can take apart', () => {
    const book = open(manual)
    const rows = [400n, 300n, 200n, 100n].map((amount) => paid(book, amount).balance_transaction!)
    const noted = (amount?: bigint) => {
      const { id } = runManual(book, amount === undefined ? {} : { amount })
      return book.truth.payouts.get(id)!
    }
    expect(noted(700n)).toMatchObject({ known: 'oldest_rows', rows: rows.slice(0, 2) })
    expect(noted(50n)).toMatchObject({ known: 'open', rows: null })
    expect(noted()).toMatchObject({ known: 'open', rows: null })
    const last = paid(book, 77n).balance_transaction!
    expect(noted()).toMatchObject({ known: 'sweep', rows: [last] })
    expect(() => runManual(book)).toThrow(Impossible)
    assertInvariants(book)
  })

  it('leave a row that they began to the next one by hand, never to an automatic one', () => {
    const book = open(manual)
    paid(book, 400n)
    runManual(book, { amount: 150n })
    paid(book, 300n)
    expect(runAutomatic(book, 'eur')!.amount).toBe(300n)
    expect(runManual(book).amount).toBe(250n)
    assertInvariants(book)
  })

  it('cost a fee when they are instant', () => {
    const book = open(manual)
    paid(book, 10_100n)
    const payout = runManual(book, { method: 'instant' })
    expect(payout).toMatchObject({ amount: 10_000n, automatic: false, reconciliation_status: 'not_applicable' })
    expect(book.transactions.get(payout.balance_transaction)).toMatchObject({ fee: 100n, net: -10_100n })
    book.catchUp(MONDAY + HOUR)
    expect(book.payouts.get(payout.id)!.status).toBe('paid')
    assertInvariants(book)
  })

  it('can be cancelled while they are pending', () => {
    const book = open(manual)
    paid(book, 1_000n)
    const { id } = runManual(book)
    expect(cancelPayout(book, id).status).toBe('canceled')
    expect(runManual(book).amount).toBe(1_000n)
    expect(() => cancelPayout(book, id)).toThrow(Impossible)
    assertInvariants(book)
  })
})
