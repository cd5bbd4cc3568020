import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, type ReceiverAnswer, startReceiver } from '../../../test/setup/receiver.ts'
import {
  accountAnswer,
  chargeAnswer,
  errorAnswer,
  ledgerAnswer,
  listAnswer,
  payoutAnswer,
} from '../../../test/setup/stripe-answers.ts'
import { testClock } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { type StripeFeed, StripeFeedError } from '../stripe-feed.ts'
import { createStripeFeed, createStripePace } from './index.ts'

const clock = testClock('2026-11-26T12:00:00Z')
let stripe: Receiver
let outbound: Outbound
let reads = 0

beforeAll(async () => {
  stripe = await startReceiver()
  outbound = createOutbound({ allowedPrivateHosts: [stripe.host] })
})
afterAll(async () => {
  await outbound.close()
  await stripe.close()
})
beforeEach(() => {
  reads = 0
  stripe.requests.length = 0
})

const connected = (): StripeFeed =>
  createStripeFeed({
    outbound,
    clock,
    apiUrl: stripe.url,
    access: { kind: 'connect_oauth', secretKey: new Secret('sk_test_platform'), accountId: 'acct_1A' },
    pace: createStripePace(),
    onRead: () => (reads += 1),
  })
const restricted = (): StripeFeed =>
  createStripeFeed({
    outbound,
    clock,
    apiUrl: stripe.url,
    access: { kind: 'restricted_key', apiKey: new Secret('rk_test_own') },
    pace: createStripePace(),
    onRead: () => (reads += 1),
  })

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): ReceiverAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'request-id': 'req_1', ...headers },
  body: JSON.stringify(body),
})

async function faultOf(work: Promise<unknown>): Promise<StripeFeedError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StripeFeedError)
  return error as StripeFeedError
}

describe('a call', () => {
  it("goes out under the platform's key in the account's name, in the pinned version, and says nothing else of us", async () => {
    stripe.answer(() => json(chargeAnswer()))
    await connected().getCharge('ch_3A1')
    const [request] = stripe.requests
    expect(request!.path).toBe('/v1/charges/ch_3A1')
    const { host, connection, ...headers } = request!.headers
    expect([host, connection]).toEqual([stripe.host, expect.any(String)])
    expect(headers).toEqual({
      authorization: 'Bearer sk_test_platform',
      'stripe-account': 'acct_1A',
      'stripe-version': '2026-10-28.endive',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Payymo',
    })
    expect(reads).toBe(1)
  })

  it('with a restricted key names no account', async () => {
    stripe.answer(() => json(accountAnswer()))
    await expect(restricted().getAccount()).resolves.toMatchObject({ id: 'acct_1A', name: 'Northbyte Hosting' })
    expect(stripe.requests[0]!.path).toBe('/v1/account')
    expect(stripe.requests[0]!.headers['stripe-account']).toBeUndefined()
    expect(stripe.requests[0]!.headers.authorization).toBe('Bearer rk_test_own')
  })

  it('is counted before it is made, and never for an id that Stripe cannot have', async () => {
    stripe.answer(() => 'hangUp')
    await faultOf(connected().getCharge('ch_3A1'))
    expect(reads).toBe(1)
    for (const id of ['', '..', '.', 'ch/../../oauth/token', 'ch_1?expand[]=x', 'ch 1', 'ch_\n', 'c'.repeat(256)]) {
      const fault = await faultOf(connected().getCharge(id))
      expect([fault.fault, fault.reason]).toEqual(['gone', 'no_stripe_id'])
    }
    expect([reads, stripe.requests.length]).toEqual([1, 1])
  })

  it('is made once, whatever comes of it', async () => {
    for (const answer of [
      'hangUp' as const,
      json(errorAnswer({ code: 'lock_timeout' }), 409),
      json(errorAnswer({ type: 'api_error' }), 500),
      json(errorAnswer({ code: 'lock_timeout' }), 429, { 'stripe-should-retry': 'true' }),
    ]) {
      stripe.requests.length = 0
      stripe.answer(() => answer)
      await faultOf(connected().getCharge('ch_3A1'))
      expect(stripe.requests).toHaveLength(1)
    }
  })

  it('has what is left of 20 seconds, and takes no more than 5 MiB', async () => {
    stripe.answer(() => ({ status: 200, body: `{"object":"charge","pad":"${'x'.repeat(5 * 1024 * 1024)}"}` }))
    const fault = await faultOf(connected().getCharge('ch_3A1'))
    expect([fault.fault, fault.reason]).toEqual(['unreadable', 'answer_too_large'])

    // That the way out keeps to what it is told is its own test.
    const budgets: number[] = []
    const feed = createStripeFeed({
      outbound: {
        ...outbound,
        request: (order) => {
          budgets.push(order.budgetMs)
          return outbound.request({ ...order, budgetMs: 1 })
        },
      },
      clock,
      apiUrl: stripe.url,
      access: { kind: 'restricted_key', apiKey: new Secret('rk_test_own') },
      pace: { turn: () => Promise.resolve(3_000) },
      onRead: () => {},
    })
    stripe.answer(() => 'hang')
    const late = await faultOf(feed.getCharge('ch_3A1'))
    expect([late.fault, late.reason, budgets]).toEqual(['later', 'unreachable_timeout', [17_000]])
    expect(late.notBefore).toEqual(new Date('2026-11-26T12:01:00Z'))
  })
})

const text = (status: number, body: string, type = 'text/html'): ReceiverAnswer => ({
  status,
  headers: { 'content-type': type },
  body,
})

describe('an answer that is none of the API', () => {
  it.each<[name: string, answer: ReceiverAnswer, fault: string]>([
    ['a 502 of a proxy, JSON without error', json({ message: 'bad gateway' }, 502), 'later'],
    ['a 502 that looks like a charge', json(chargeAnswer(), 502), 'later'],
    ['a 503 in HTML', text(503, '<h1>away</h1>'), 'later'],
    ['a 404 that looks like a charge', json(chargeAnswer(), 404), 'unreadable'],
    ['a 404 of a proxy', text(404, '<h1>not here</h1>'), 'unreadable'],
    ['a 401 of a proxy', text(401, 'who are you'), 'unreadable'],
    ['a 403 of a firewall', text(403, '<h1>blocked</h1>'), 'unreadable'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'unreadable'],
    ['a 204', { status: 204 }, 'unreadable'],
    ['a 200 in HTML', text(200, '<h1>sign in</h1>'), 'unreadable'],
    ['a 200 broken off', text(200, JSON.stringify(chargeAnswer()).slice(0, -1), 'application/json'), 'unreadable'],
    ['a 200 with an error', json({ error: { message: 'no' } }), 'unreadable'],
    ['a 200 with an error that is a text', json({ error: 'invalid_grant' }), 'unreadable'],
    ['a list where a charge belongs', json(listAnswer([])), 'unreadable'],
    ['another charge', json(chargeAnswer({ id: 'ch_other' })), 'unreadable'],
    ['null', json(null), 'unreadable'],
    ['an array', json([chargeAnswer()]), 'unreadable'],
    ['a number', json(1), 'unreadable'],
    ['many brackets', text(200, '['.repeat(1_000_000), 'application/json'), 'unreadable'],
  ])('%s', async (_, answer, fault) => {
    stripe.answer(() => answer)
    expect((await faultOf(connected().getCharge('ch_3A1'))).fault).toBe(fault)
  })

  it.each([
    ['no list', chargeAnswer()],
    ['a list without has_more', { object: 'list', data: [] }],
    ['a list without data', { object: 'list', has_more: false }],
    ['an endless one', listAnswer(Array.from({ length: 1_001 }, () => ledgerAnswer()))],
  ])('where a list belongs: %s', async (_, answer) => {
    stripe.answer(() => json(answer))
    expect((await faultOf(connected().listLedger({}))).reason).toBe('unreadable_list')
  })
})

describe('a refusal', () => {
  const now = clock.now().getTime()
  const inSeconds = (seconds: number) => new Date(now + seconds * 1000)
  const limited = (headers: Record<string, string>, code = 'rate_limit') => json(errorAnswer({ code }), 429, headers)

  it.each<[name: string, answer: ReceiverAnswer, fault: string, reason: string, notBefore?: Date]>([
    [
      '401',
      json(errorAnswer({ message: 'Invalid API Key provided: sk_test_x' }), 401),
      'credentials',
      'bad_credentials',
    ],
    ['401, expired', json(errorAnswer({ code: 'api_key_expired' }), 401), 'credentials', 'api_key_expired'],
    ['403, revoked', json(errorAnswer({ code: 'account_invalid' }), 403), 'revoked', 'account_invalid'],
    [
      '403, revoked in words',
      json(errorAnswer({ message: "The provided key 'sk_test_x' does not have access to account 'acct_1A'" }), 403),
      'revoked',
      'account_invalid',
    ],
    ['403', json(errorAnswer({ message: 'no' }), 403), 'permission', 'permission_missing'],
    ['404', json(errorAnswer({ code: 'resource_missing', param: 'id' }), 404), 'gone', 'resource_missing'],
    [
      '400, cursor',
      json(errorAnswer({ code: 'resource_missing', param: 'ending_before' }), 400),
      'gone',
      'cursor_unknown',
    ],
    ['400', json(errorAnswer({ code: 'parameter_unknown', param: 'x' }), 400), 'refused', 'parameter_unknown'],
    ['402', json(errorAnswer({ type: 'card_error' }), 402), 'refused', 'status_402'],
    ['409', json(errorAnswer({ type: 'idempotency_error' }), 409), 'later', 'lock_timeout', inSeconds(3)],
    ['429, locked', limited({}, 'lock_timeout'), 'later', 'lock_timeout', inSeconds(3)],
    ['429, no reason', limited({}), 'later', 'rate_limited', inSeconds(10)],
    [
      '429, of an endpoint',
      limited({ 'stripe-rate-limited-reason': 'endpoint-rate' }),
      'later',
      'rate_limited_endpoint_rate',
      inSeconds(10),
    ],
    ['429, asked', limited({ 'retry-after': '120' }), 'later', 'rate_limited', inSeconds(120)],
    ['429 in HTML', text(429, 'slow down'), 'later', 'lock_timeout', inSeconds(3)],
    ['500', json(errorAnswer({ type: 'api_error' }), 500), 'later', 'status_500', inSeconds(60)],
  ])('%s', async (_, answer, fault, reason, notBefore) => {
    stripe.answer(() => answer)
    const thrown = await faultOf(connected().getCharge('ch_3A1'))
    expect([thrown.fault, thrown.reason, thrown.notBefore]).toEqual([fault, reason, notBefore])
    expect(thrown.message).not.toMatch(/sk_test_|rk_test_/)
  })

  it('keeps keys that Stripe quotes out of the sentence', async () => {
    stripe.answer(() => json(errorAnswer({ message: 'Bad use of sk_live_51ABC and whsec_zz' }), 400))
    expect((await faultOf(connected().getCharge('ch_3A1'))).message).toBe(
      'Stripe refused the request: Bad use of sk_… and whsec_…',
    )
  })

  it.each([
    [
      "The provided key 'rk_test_*1' does not have the required permissions for this endpoint on account 'acct_1A'. Having the 'rak_checkout_session_read' permission would allow this request to continue.",
      'Checkout Sessions: Read',
    ],
    ["Having the 'rak_issuing_card_write' permission would allow this", 'Issuing card: Write'],
    ['This application does not have the required permissions', 'Charges: Read'],
  ])('names the missing permission: %s', async (message, missing) => {
    stripe.answer(() => json(errorAnswer({ message }), 403))
    const thrown = await faultOf(restricted().getCharge('ch_3A1'))
    expect([thrown.fault, thrown.missing]).toEqual(['permission', missing])
    expect(thrown.message).toBe(`The key may not do this at Stripe. It lacks ${missing}.`)
  })

  it('to list what a manual payout is made of is told from other refusals', async () => {
    const message = 'Balance transaction history can only be filtered on automatic transfers, not manual.'
    stripe.answer(() => json(errorAnswer({ message }), 400))
    expect((await faultOf(connected().listLedger({}, { payoutId: 'po_1' }))).fault).toBe('not_itemised')
    expect((await faultOf(connected().listLedger({}))).fault).toBe('refused')
  })
})

describe('the charge of an intent', () => {
  const found = async (...charges: Record<string, unknown>[]) => {
    stripe.answer(() => json(listAnswer(charges.map((fields) => chargeAnswer(fields)))))
    return (await connected().findChargeOf('pi_3A1'))?.id
  }

  it('is the one that succeeded, else one that is under way', async () => {
    const [failed, pending, paid] = [
      { id: 'ch_f', status: 'failed' },
      { id: 'ch_p', status: 'pending' },
      { id: 'ch_s', status: 'succeeded' },
    ]
    expect(await found(failed, pending, paid)).toBe('ch_s')
    expect(await found(failed, pending, failed)).toBe('ch_p')
    expect(await found(failed, { id: 'ch_n', status: 'invented' })).toBe('ch_n')
    expect(await found(failed)).toBeUndefined()
    expect(await found()).toBeUndefined()
    expect(stripe.requests[0]!.path).toBe('/v1/charges?payment_intent=pi_3A1&limit=100')
  })

  it('is not said to be none where one could not be read', async () => {
    const fault = await faultOf(found({ id: 'ch_x', amount: null }))
    expect([fault.fault, fault.reason]).toEqual(['unreadable', 'unfit_object'])
    expect(await found({ id: 'ch_x', amount: null }, { id: 'ch_s' })).toBe('ch_s')
  })
})

describe('payouts', () => {
  it('are asked for with the account they go to, until Stripe refuses that', async () => {
    const paths = () => stripe.requests.splice(0).map((request) => request.path)
    stripe.answer(({ path }) =>
      path.includes('expand')
        ? json(errorAnswer({ message: 'This property cannot be expanded (destination).', param: 'expand' }), 400)
        : json(payoutAnswer({ destination: 'ba_1' })),
    )
    const feed = connected()
    expect(await feed.getPayout('po_1')).toMatchObject({ destinationLast4: null })
    await feed.getPayout('po_1')
    expect(paths()).toEqual(['/v1/payouts/po_1?expand[0]=destination', '/v1/payouts/po_1', '/v1/payouts/po_1'])
    expect(reads).toBe(3)

    stripe.answer(() => json(errorAnswer({ code: 'resource_missing', param: 'payout' }), 404))
    expect((await faultOf(connected().getPayout('po_1'))).fault).toBe('gone')
    expect(paths()).toHaveLength(1)
    // What is refused either way says nothing about the account.
    stripe.answer(() => json(errorAnswer({ code: 'parameter_invalid' }), 400))
    const other = connected()
    expect((await faultOf(other.getPayout('po_1'))).fault).toBe('refused')
    paths()
    stripe.answer(() => json(payoutAnswer()))
    expect(await other.getPayout('po_1')).toMatchObject({ destinationLast4: '3000' })
  })

  it('are asked for from a day on', async () => {
    stripe.answer(() => json(listAnswer([])))
    await connected().listPayouts({ before: 'po_9' }, { arrivalFrom: '2026-11-05' })
    expect(decodeURIComponent(stripe.requests[0]!.path)).toBe(
      '/v1/payouts?limit=100&starting_after=po_9&arrival_date[gte]=1793836800&expand[0]=data.destination',
    )
  })
})
