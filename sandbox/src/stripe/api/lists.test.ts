import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SANDBOX_MERCHANT, SANDBOX_PLATFORM, type StripeServer } from '../index.ts'
import { AT, failureOf, libraryFor, MERCHANT, startConnected } from '../test-client.ts'

let simulator: StripeServer
let stripe: Stripe

beforeAll(async () => {
  simulator = await startConnected()
  simulator.control.on(MERCHANT).seedLedger({ charges: 400, days: 40 })
  stripe = libraryFor(simulator.url)
})
afterAll(() => simulator.close())

const desk = () => simulator.control.on(MERCHANT)
const idsOf = (rows: { id: string }[]): string[] => rows.map((row) => row.id)

describe('lists', () => {
  it('show ten, newest first, without a limit', async () => {
    const page = await stripe.balanceTransactions.list({}, AT)
    const all = desk().book.transactions.rows
    expect(idsOf(page.data)).toEqual(idsOf(all.slice(-10).toReversed()))
    expect(page).toMatchObject({ object: 'list', has_more: true, url: '/v1/balance_transactions' })
    expect(page.lastResponse).toMatchObject({ statusCode: 200, stripeAccount: MERCHANT })
    expect(page.lastResponse.requestId).toMatch(/^req_/)
    expect(page.lastResponse.apiVersion).toBe('2026-10-28.endive')
  })

  it('are walked whole by the library, downwards and upwards', async () => {
    const all = idsOf(desk().book.transactions.rows)
    const down = await stripe.balanceTransactions.list({ limit: 100 }, AT).autoPagingToArray({ limit: 5000 })
    expect(idsOf(down)).toEqual(all.toReversed())
    const up = await stripe.balanceTransactions
      .list({ limit: 7, ending_before: all[3]! }, AT)
      .autoPagingToArray({ limit: 5000 })
    expect(idsOf(up)).toEqual(all.slice(4))
  })

  it('show the rows next to `ending_before`, newest first', async () => {
    const all = idsOf(desk().book.transactions.rows)
    const page = await stripe.balanceTransactions.list({ limit: 3, ending_before: all[5]! }, AT)
    expect(idsOf(page.data)).toEqual([all[8], all[7], all[6]])
    expect(page.has_more).toBe(true)
    const last = await stripe.balanceTransactions.list({ limit: 3, ending_before: all.at(-2)! }, AT)
    expect(idsOf(last.data)).toEqual([all.at(-1)])
    expect(last.has_more).toBe(false)
  })

  it('are narrowed by time, type, currency and source', async () => {
    const { rows } = desk().book.transactions
    const middle = rows[200]!
    const until = await stripe.balanceTransactions
      .list({ limit: 100, created: { gt: middle.created, lte: middle.created + 86_400 } }, AT)
      .autoPagingToArray({ limit: 5000 })
    const wanted = rows.filter((row) => row.created > middle.created && row.created <= middle.created + 86_400)
    expect(idsOf(until)).toEqual(idsOf(wanted.toReversed()))
    const narrow = { type: 'refund', currency: 'eur', limit: 100 }
    const refunds = await stripe.balanceTransactions.list(narrow, AT)
    expect(idsOf(refunds.data)).toEqual(
      idsOf(rows.filter((row) => row.type === 'refund' && row.currency === 'eur').toReversed()),
    )
    const sourced = rows.find((row) => row.type === 'charge')!
    const source = await stripe.balanceTransactions.list({ source: sourced.source! }, AT)
    expect(idsOf(source.data)).toEqual([sourced.id])
  })

  it('of an automatic payout hold the payout itself and add up to it', async () => {
    const payouts = await stripe.payouts.list({ limit: 100 }, AT).autoPagingToArray({ limit: 1000 })
    const automatic = payouts.filter((payout) => payout.automatic)
    expect(automatic.length).toBeGreaterThan(10)
    for (const payout of automatic.slice(0, 12)) {
      const rows = await stripe.balanceTransactions
        .list({ payout: payout.id, limit: 100 }, AT)
        .autoPagingToArray({ limit: 1000 })
      expect(rows.filter((row) => row.type === 'payout').map((row) => row.net)).toEqual([-payout.amount])
      expect(rows.filter((row) => row.type !== 'payout').reduce((sum, row) => sum + row.net, 0)).toBe(payout.amount)
    }
  })

  it('narrow payouts by arrival and status, events by type', async () => {
    const day = 86_400
    const from = Date.parse('2026-11-10T00:00:00Z') / 1000
    const payouts = await stripe.payouts.list({ arrival_date: { gte: from, lt: from + 3 * day }, limit: 100 }, AT)
    expect(payouts.data.length).toBeGreaterThan(0)
    for (const one of payouts.data) expect([from, from + day, from + 2 * day]).toContain(one.arrival_date)
    const failed = await stripe.payouts.list({ status: 'failed' }, AT)
    expect(new Set(failed.data.map((one) => one.status))).toEqual(new Set(['failed']))
    const some = await stripe.events.list({ types: ['payout.paid', 'payout.failed'], limit: 100 }, AT)
    expect(new Set(some.data.map((one) => one.type)).isSubsetOf(new Set(['payout.paid', 'payout.failed']))).toBe(true)
    const all = await stripe.events.list({ type: 'payout.*', limit: 100 }, AT)
    expect(all.data.every((one) => one.type.startsWith('payout.'))).toBe(true)
    expect(all.data[0]!.account).toBe(MERCHANT)
  })

  it('forget events after thirty days', async () => {
    const eldest = desk().book.events.rows[0]!
    const known = await stripe.events.list({ limit: 100 }, AT).autoPagingToArray({ limit: 10_000 })
    const limit = Date.parse('2026-11-26T12:00:00Z') / 1000 - 30 * 86_400
    expect(eldest.created).toBeLessThan(limit)
    expect(known.at(-1)!.created).toBeGreaterThanOrEqual(limit)
    expect(await failureOf(stripe.events.retrieve(eldest.id, {}, AT))).toMatchObject({ code: 'resource_missing' })
  })

  it('find sessions by payment intent, with the line only when asked for', async () => {
    const session = desk().book.sessions.rows[0]!
    const params = { payment_intent: session.payment_intent!, expand: ['data.line_items'] }
    const { data } = await stripe.checkout.sessions.list(params, AT)
    expect(data[0]!.metadata).toEqual(session.metadata)
    expect(data[0]!.line_items!.data[0]!.description).toMatch(/^WHMCS Invoice #\d+$/)
    expect(
      (await stripe.checkout.sessions.list({ payment_intent: session.payment_intent! }, AT)).data[0],
    ).not.toHaveProperty('line_items')
  })
})

describe('expansion', () => {
  it('follows ids through sources, four levels deep', async () => {
    const dispute = desk().book.disputes.rows[0]!
    const expand = ['source.charge.payment_intent.customer']
    const row = await stripe.balanceTransactions.retrieve(dispute.balance_transactions[0]!, { expand }, AT)
    expect(row.source).toMatchObject({
      object: 'dispute',
      charge: { object: 'charge', payment_intent: { object: 'payment_intent', customer: { object: 'customer' } } },
    })
    const whole = await stripe.disputes.retrieve(dispute.id, {}, AT)
    expect(whole.balance_transactions[0]).toMatchObject({ object: 'balance_transaction', status: 'available' })
  })

  it.each([
    [['source'], 'data'],
    [['data.amount'], 'cannot be expanded'],
    [['data.source.charge.payment_intent.customer'], 'more than 4 levels'],
  ])('refuses %j', async (expand) => {
    const fault = await failureOf(stripe.balanceTransactions.list({ expand }, AT))
    expect(fault).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param: 'expand' })
  })
})

describe('refusals', () => {
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${simulator.url}/v1/${path}`, {
      headers: {
        authorization: `Bearer ${SANDBOX_PLATFORM.secretKeys.test}`,
        'stripe-account': MERCHANT,
        ...headers,
      },
    })
    const body = (await answer.json()) as { error: { code?: string; param?: string; type: string } }
    return { status: answer.status, ...body.error, requestId: answer.headers.get('request-id') }
  }

  it.each([
    ['charges?status=succeeded', 400, 'parameter_unknown', 'status'],
    ['charges?created[foo]=1', 400, 'parameter_unknown', 'created[foo]'],
    ['charges?limit=0', 400, 'parameter_invalid_integer', 'limit'],
    ['charges?limit=101', 400, 'parameter_invalid_integer', 'limit'],
    ['charges?limit=ten', 400, 'parameter_invalid_integer', 'limit'],
    ['charges?created=yesterday', 400, 'parameter_invalid_integer', 'created'],
    ['charges?starting_after=ch_none', 400, 'resource_missing', 'starting_after'],
    ['charges?ending_before=ch_none', 400, 'resource_missing', 'ending_before'],
    ['charges?starting_after=a&ending_before=b', 400, undefined, 'ending_before'],
    ['charges/ch_none', 404, 'resource_missing', 'id'],
    ['charges/ch_none?limit=1', 400, 'parameter_unknown', 'limit'],
    ['payouts?status=in_transit', 400, undefined, 'status'],
    ['balance_transactions?payout=po_none', 400, 'resource_missing', 'payout'],
    ['events?type=a&types[]=b', 400, undefined, 'type'],
    ['teapots', 404, undefined, undefined],
  ])('%s: %i', async (path, status, code, param) => {
    const refusal = await get(path)
    expect(refusal).toMatchObject({ status, type: 'invalid_request_error' })
    expect([refusal.code, refusal.param]).toEqual([code, param])
    expect(refusal.requestId).toMatch(/^req_/)
  })

  it('itemises no payout made by hand', async () => {
    const manual = desk().book.payouts.rows.find((payout) => !payout.automatic)!
    const fault = await failureOf(stripe.balanceTransactions.list({ payout: manual.id }, AT))
    expect(fault.message).toBe('Balance transaction history can only be filtered on automatic transfers, not manual.')
  })

  it('knows its keys: none and a wrong one 401', async () => {
    const bare = await fetch(`${simulator.url}/v1/charges`)
    expect(bare.status).toBe(401)
    const fault = await failureOf(libraryFor(simulator.url, 'sk_test_of_nobody_at_all').charges.list())
    expect(fault).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 })
    expect(fault.message).not.toContain('sk_test_of_nobody_at_all')
  })

  it('answers 403 for a strange account and for the other mode', async () => {
    for (const [key, stripeAccount] of [
      [SANDBOX_PLATFORM.secretKeys.test, 'acct_1Unknown'],
      [SANDBOX_PLATFORM.secretKeys.live, MERCHANT],
      [SANDBOX_MERCHANT.secretKeys!.test!, SANDBOX_PLATFORM.id],
    ] as const) {
      const fault = await failureOf(libraryFor(simulator.url, key).charges.list({}, { stripeAccount }))
      expect(fault).toMatchObject({ type: 'StripePermissionError', statusCode: 403, code: 'account_invalid' })
    }
  })

  it('keeps modes and accounts apart', async () => {
    const live = libraryFor(simulator.url, SANDBOX_MERCHANT.secretKeys!.live)
    expect((await live.charges.list()).data).toEqual([])
    expect((await stripe.charges.list()).data).toEqual([])
    const id = desk().book.charges.rows[0]!.id
    expect(await failureOf(live.charges.retrieve(id))).toMatchObject({ statusCode: 404 })
    expect((await libraryFor(simulator.url, SANDBOX_MERCHANT.secretKeys!.test).charges.retrieve(id)).id).toBe(id)
  })

  it('echoes a version and refuses one that is none', async () => {
    expect(await get('charges', { 'stripe-version': 'next-year' })).toMatchObject({ status: 400 })
    const answer = await fetch(`${simulator.url}/v1/balance`, {
      headers: { authorization: `Bearer ${SANDBOX_PLATFORM.secretKeys.test}`, 'stripe-version': '2025-03-31.basil' },
    })
    expect(answer.headers.get('stripe-version')).toBe('2025-03-31.basil')
  })
})

describe('restricted keys', () => {
  it('see what they may, and are told what is missing', async () => {
    simulator.control.addMerchant({
      id: 'acct_1Careful',
      restrictedKeys: [
        { key: 'rk_test_only_balance_1', mode: 'test', permissions: { balance: 'read' } },
        { key: 'rk_test_writes_charges', mode: 'test', permissions: { balance: 'read', charge: 'write' } },
      ],
    })
    simulator.control.on('acct_1Careful').charge({ amount: 1_000n, currency: 'eur' })
    const narrow = libraryFor(simulator.url, 'rk_test_only_balance_1')
    expect((await narrow.balanceTransactions.list()).data).toHaveLength(1)
    const fault = await failureOf(narrow.charges.list())
    expect(fault).toMatchObject({ type: 'StripePermissionError', statusCode: 403 })
    expect(fault.message).toContain("'rak_charge_read'")
    expect(await failureOf(narrow.balanceTransactions.list({ expand: ['data.source'] }))).toMatchObject({
      statusCode: 403,
    })
    const wide = libraryFor(simulator.url, 'rk_test_writes_charges')
    expect((await wide.balanceTransactions.list({ expand: ['data.source'] })).data[0]!.source).toMatchObject({
      object: 'charge',
    })
    expect(await failureOf(wide.accounts.retrieveCurrent())).toMatchObject({ statusCode: 403 })
  })
})
