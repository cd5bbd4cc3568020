import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StripeServer } from '../index.ts'
import { AT, failureOf, libraryFor, MERCHANT, startConnected } from '../test-client.ts'

let simulator: StripeServer
beforeAll(async () => {
  simulator = await startConnected()
})
afterAll(() => simulator.close())

const call = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${simulator.url}/__control/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, never> }
}
const stripe = () => libraryFor(simulator.url)
const books = `accounts/${MERCHANT}/test`

describe('control over HTTP', () => {
  it('lets things happen with whole numbers for money', async () => {
    const paid = await call('POST', `${books}/charge`, { amount: 12_100, currency: 'eur', description: 'Invoice #7' })
    expect(paid).toMatchObject({ status: 200, body: { result: { amount: 12_100, status: 'succeeded' } } })
    const { id } = paid.body['result']! as { id: string }
    expect((await stripe().charges.retrieve(id, {}, AT)).description).toBe('Invoice #7')
    await call('POST', `${books}/refund`, { charge: id, amount: 100 })
    expect((await stripe().charges.retrieve(id, {}, AT)).amount_refunded).toBe(100)
    const truth = await call('GET', `${books}/truth`)
    expect(truth.body).toMatchObject({ charges: [{ id, refundedMinor: 100, state: 'partly_refunded' }] })
    expect((await call('POST', 'invariants')).status).toBe(200)
  })

  it('turns the clock and changes terms', async () => {
    const terms = await call('PATCH', `${books}/terms`, { minimumBalanceMinor: { eur: 500 } })
    expect(terms.body).toMatchObject({ minimumBalanceMinor: { eur: 500 } })
    await call('PUT', 'clock', { advanceMs: 6 * 86_400_000 })
    const [payout] = (await stripe().payouts.list({}, AT)).data
    const held = await stripe().balanceTransactions.list(
      { payout: payout!.id, type: 'payout_minimum_balance_hold' },
      AT,
    )
    expect(held.data.map((row) => row.net)).toEqual([-500])
    expect((await call('PUT', 'clock', { now: '2026-01-01T00:00:00Z' })).status).toBe(400)
  })

  it.each([
    ['POST', `${books}/charge`, { amount: 1.5, currency: 'eur' }, 400],
    ['POST', `${books}/charge`, { amount: 7, currency: 'kwd' }, 400],
    ['POST', `${books}/refund`, { charge: 'ch_none' }, 400],
    ['POST', 'accounts/acct_none/test/charge', {}, 400],
    ['POST', `accounts/${MERCHANT}/dry/charge`, {}, 400],
    ['POST', `${books}/teapot`, {}, 404],
    ['POST', 'faults', { kind: 'tea' }, 400],
    ['PATCH', 'switches', { tea: 1 }, 400],
    ['GET', 'teapot', undefined, 404],
  ])('%s %s %j: %i', async (method, path, body, status) => {
    expect((await call(method, path, body)).status).toBe(status)
  })

  it('switches what nobody is sure of, and a limit of calls', async () => {
    await call('PATCH', 'switches', { missingCursorStatus: 404, callsPerSecondMax: 0 })
    const limited = await failureOf(stripe().charges.list({}, AT))
    expect(limited.headers!['stripe-rate-limited-reason']).toBe('global-rate')
    await call('PATCH', 'switches', { callsPerSecondMax: null })
    const unknown = await failureOf(stripe().charges.list({ starting_after: 'ch_none' }, AT))
    expect(unknown).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'starting_after' })
    await call('PATCH', 'switches', { missingCursorStatus: 400 })
  })

  it('is not for a page that a browser shows', async () => {
    expect((await call('GET', 'state', undefined, { origin: 'https://evil.example' })).status).toBe(404)
  })

  it('shows what there is, without secrets', async () => {
    const { body } = await call('GET', 'state')
    const text = JSON.stringify(body)
    expect(text).toContain(MERCHANT)
    expect(text).not.toMatch(/sk_test_|whsec_/)
  })
})

describe('faults', () => {
  const once = async (fault: object) => {
    await call('POST', 'faults', fault)
    return stripe().charges.list({}, AT)
  }

  it('429 with the reason, and the lock without it', async () => {
    const limited = await failureOf(once({ kind: 'rate_limited', reason: 'endpoint-concurrency' }))
    expect(limited).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429, code: 'rate_limit' })
    expect(limited.headers!['stripe-rate-limited-reason']).toBe('endpoint-concurrency')
    const locked = await failureOf(once({ kind: 'lock_timeout' }))
    expect(locked).toMatchObject({ statusCode: 429, code: 'lock_timeout' })
    expect(locked.headers).not.toHaveProperty('stripe-rate-limited-reason')
  })

  it('500, a cut connection, and a page of a proxy', async () => {
    expect(await failureOf(once({ kind: 'error_500' }))).toMatchObject({ statusCode: 500, type: 'StripeAPIError' })
    // Twice, because the library sends once more after a reset even when told not to.
    expect(await failureOf(once({ kind: 'reset', times: 2 }))).toMatchObject({ type: 'StripeConnectionError' })
    expect(await failureOf(once({ kind: 'html' }))).toMatchObject({ type: 'StripeAPIError' })
    expect(await failureOf(once({ kind: 'cut_body' }))).toMatchObject({
      type: expect.stringMatching(/^Stripe/) as string,
    })
  })

  it('a 502 without `error`, which the library takes for a success', async () => {
    const result = await once({ kind: 'bare_502' })
    expect(result.lastResponse.statusCode).toBe(502)
    expect(result).toMatchObject({ message: 'bad gateway' })
  })

  it('after the exchange is done: the code is used although the answer was lost', async () => {
    simulator.control.setPlatform({ redirectUri: 'http://127.0.0.1/back' })
    const query = 'client_id=ca_SandboxTestClient&response_type=code&scope=read_write'
    const back = simulator.control.authorize(`${simulator.url}/oauth/authorize?${query}`, MERCHANT)
    const form = { grant_type: 'authorization_code', code: new URL(back).searchParams.get('code')! }
    const post = () =>
      fetch(`${simulator.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_51SandboxPlatform' },
        body: new URLSearchParams(form),
      })
    await call('POST', 'faults', { kind: 'reset_after', endpoint: 'oauth/token' })
    await expect(post()).rejects.toThrow('fetch failed')
    expect((await post()).status).toBe(400)
    expect(await failureOf(stripe().charges.list({}, AT))).toMatchObject({ code: 'account_invalid' })
    simulator.control.connect(MERCHANT)
  })

  it('meet the wanted endpoint only, as often as wanted, and are counted', async () => {
    await call('DELETE', 'counters')
    await call('POST', 'faults', { kind: 'error_503', endpoint: 'payouts', times: 2, skip: 1 })
    await stripe().charges.list({}, AT)
    const statuses = []
    for (let n = 0; n < 4; n++) {
      const answer = await fetch(`${simulator.url}/v1/payouts`, {
        headers: { authorization: 'Bearer sk_test_51SandboxPlatform', 'stripe-account': MERCHANT },
      })
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([200, 503, 503, 200])
    expect((await call('GET', 'counters')).body).toMatchObject({
      charges: { calls: 1, byStatus: { 200: 1 } },
      payouts: { calls: 4, byStatus: { 200: 2, 503: 2 } },
    })
    expect((await call('GET', 'faults')).body).toEqual([])
  })
})
