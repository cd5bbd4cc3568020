import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type FaultRequest,
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import { testClock } from '../../base/clock.ts'
import { decimalsOf } from '../../base/money.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import type { StripeAccess } from '../deps.ts'
import { type Page, type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { createStripeFeed } from './index.ts'

const NOW = '2026-11-26T12:00:00Z'
const MERCHANT = SANDBOX_MERCHANT.id
const NARROW = 'rk_test_51NarrowMerchant'
const clock = testClock(NOW)
let stripe: StripeServer
let outbound: Outbound

beforeAll(async () => {
  stripe = await startStripe({
    now: NOW,
    frozen: true,
    merchants: [
      SANDBOX_MERCHANT,
      { id: 'acct_1Special' },
      {
        id: 'acct_1Narrow',
        restrictedKeys: [
          { key: NARROW, mode: 'test', permissions: { charge: 'read', balance: 'read', payout: 'read' } },
        ],
      },
    ],
  })
  for (const account of [MERCHANT, 'acct_1Special']) stripe.control.connect(account)
  outbound = createOutbound({ allowedPrivateHosts: [new URL(stripe.url).host] })
})
afterAll(async () => {
  await outbound.close()
  await stripe.close()
})
beforeEach(() => stripe.control.clearFaults())

const feedOf = (access: StripeAccess): StripeFeed =>
  createStripeFeed({
    outbound,
    clock,
    apiUrl: stripe.url,
    access,
    pace: { turn: () => Promise.resolve(0) },
    onRead: () => {},
  })
const connected = (accountId = MERCHANT) =>
  feedOf({ kind: 'connect_oauth', secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test), accountId })
const restricted = (key: string) => feedOf({ kind: 'restricted_key', apiKey: new Secret(key) })

async function all<T extends { id: string }>(list: (cursor: { before?: string }) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = []
  for (let more = true; more; ) {
    const page = await list(rows.length === 0 ? {} : { before: rows.at(-1)!.id })
    expect(page.rejected).toEqual([])
    rows.push(...page.rows)
    more = page.more
  }
  return rows.reverse()
}
async function faultOf(work: Promise<unknown>): Promise<StripeFeedError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(StripeFeedError)
  return thrown as StripeFeedError
}
const EPOCH = new Date(0)

describe('an account of ninety days', () => {
  it('is read to the unit: ledger, charges, payouts and what they are made of', async () => {
    const desk = stripe.control.on(MERCHANT)
    const truth = desk.seedLedger({ charges: 600 })
    const { book } = desk
    const feed = connected()

    const ledger = await all((cursor) => feed.listLedger(cursor))
    expect(ledger.map((row) => [row.id, row.type, row.category, row.amountMinor, row.feeMinor, row.netMinor])).toEqual(
      book.transactions.rows.map((row) => [row.id, row.type, row.reporting_category, row.amount, row.fee, row.net]),
    )
    for (const row of ledger) expect(row.netMinor).toBe(row.amountMinor - row.feeMinor)

    const charges = await all((cursor) => feed.listCharges(cursor, { createdFrom: EPOCH }))
    expect(charges.map((row) => [row.id, row.amountMinor, row.capturedMinor, row.refundedMinor, row.currency])).toEqual(
      book.charges.rows.map((row) => [
        row.id,
        row.amount,
        row.amount_captured,
        row.amount_refunded,
        row.currency.toUpperCase(),
      ]),
    )

    const payouts = await all((cursor) => feed.listPayouts(cursor, { arrivalFrom: '1970-01-01' }))
    expect(new Map(payouts.map((row) => [row.id, [row.amountMinor, row.status, row.automatic]]))).toEqual(
      new Map(truth.payouts.map((row) => [row.id, [row.amountMinor, row.status, row.automatic]])),
    )
    let items = 0
    for (const payout of truth.payouts.filter((each) => each.automatic && each.items !== null).slice(0, 40)) {
      const rows = await all((cursor) => feed.listLedger(cursor, { payoutId: payout.id }))
      const own = rows.filter((row) => row.type !== 'payout')
      expect(new Map(own.map((row) => [row.id, [row.netMinor, row.chargeId]]))).toEqual(
        new Map(payout.items!.map((item) => [item.id, [item.netMinor, item.charge]])),
      )
      items += own.length
    }
    expect(items).toBeGreaterThan(100)
  })

  it.each([
    ['jpy', 500n],
    ['isk', 50_000n],
    ['ugx', 5_000_000n],
    ['mga', 5_000n],
    ['bhd', 5_120n],
    ['huf', 500_050n],
  ])('counts %s as ISO 4217 does', async (currency, amount) => {
    const desk = stripe.control.on('acct_1Special')
    desk.terms({ settlementCurrencies: ['eur', currency] })
    const charge = desk.charge({ amount, currency })
    const read = await connected('acct_1Special').getCharge(charge.id)
    // What stands on the receipt, in whole units: written down by hand.
    const receipt = { jpy: '500', isk: '500', ugx: '50000', mga: '5000', bhd: '5.120', huf: '5000.50' }[currency]!
    const scale = 10n ** BigInt(decimalsOf(read.currency))
    const [whole, fraction = ''] = receipt.split('.')
    expect(read.amountMinor).toBe(
      BigInt(whole!) * scale + BigInt(fraction.padEnd(decimalsOf(read.currency), '0') || '0'),
    )
  })
})

describe('faults of the simulated Stripe', () => {
  it.each<[FaultRequest['kind'], string, string]>([
    ['rate_limited', 'later', 'rate_limited_endpoint_rate'],
    ['lock_timeout', 'later', 'lock_timeout'],
    ['error_500', 'later', 'status_500'],
    ['error_503', 'later', 'status_503'],
    ['bare_502', 'later', 'status_502'],
    ['html', 'later', 'status_502'],
    ['empty', 'later', 'status_500'],
    ['reset', 'later', 'unreachable_headers'],
    ['reset_after', 'later', 'unreachable_headers'],
    ['cut_body', 'later', 'unreachable_body'],
  ])('%s is %s, after one try', async (kind, fault, reason) => {
    stripe.control.resetCounters()
    stripe.control.addFault({ kind })
    const thrown = await faultOf(connected().getCharge('ch_1'))
    expect([thrown.fault, thrown.reason]).toEqual([fault, reason])
    expect(thrown.notBefore!.getTime()).toBeGreaterThan(clock.now().getTime())
    const calls = Object.values(stripe.control.counters()).map((counter) => counter.calls)
    expect(calls).toEqual([1])
  })
})

describe('a restricted key', () => {
  it.each<[string, (feed: StripeFeed) => Promise<unknown>]>([
    ['Disputes: Read', (feed) => feed.getDispute('du_1')],
    ['Refunds: Read', (feed) => feed.getRefund('re_1')],
    ['Events: Read', (feed) => feed.listEvents({}, { createdFrom: EPOCH })],
    ['Account: Read', (feed) => feed.getAccount()],
  ])('lacks %s, and is told so', async (missing, ask) => {
    const thrown = await faultOf(ask(restricted(NARROW)))
    expect([thrown.fault, thrown.missing]).toEqual(['permission', missing])
  })

  it('that may not see what stands beside a charge sees none of it', async () => {
    const desk = stripe.control.on('acct_1Narrow')
    const charge = desk.charge({
      amount: 900n,
      currency: 'eur',
      customer: { email: 'ada@marlow.example', name: 'Ada' },
      session: { metadata: { invoice_id: '7' }, line: 'WHMCS Invoice #7' },
    })
    const feed = restricted(NARROW)
    const around = await feed.lookAround(await feed.getCharge(charge.id))
    expect(around).toMatchObject({ paymentIntentMetadata: {}, sessions: [], customerName: '' })
    const whole = restricted(SANDBOX_MERCHANT.restrictedKeys![0]!.key)
    const own = stripe.control.on(MERCHANT).charge({
      amount: 900n,
      currency: 'eur',
      customer: { email: 'ada@marlow.example', name: 'Ada', metadata: { whmcs_client_id: '7' } },
      session: { metadata: { invoice_id: '7' }, line: 'WHMCS Invoice #7' },
      lateIntentMetadata: { order: '8' },
    })
    expect(await whole.lookAround(await whole.getCharge(own.id))).toMatchObject({
      paymentIntentMetadata: { order: '8' },
      sessions: [{ metadata: { invoice_id: '7' } }],
      customerMetadata: { whmcs_client_id: '7' },
      customerName: 'Ada',
    })
  })

  it('that is none is refused as a whole', async () => {
    expect((await faultOf(restricted('rk_test_unknown').getCharge('ch_1'))).fault).toBe('credentials')
  })
})
