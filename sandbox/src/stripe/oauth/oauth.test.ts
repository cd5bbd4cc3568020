import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SANDBOX_MERCHANT, SANDBOX_PLATFORM, startStripe, type StripeServer } from '../index.ts'
import { failureOf, libraryFor, MERCHANT, NOON, startReceiver } from '../test-client.ts'

const REDIRECT = 'http://127.0.0.1:3000/callback'
const { test: TEST_CLIENT, live: LIVE_CLIENT } = SANDBOX_PLATFORM.clientIds
const { test: TEST_KEY, live: LIVE_KEY } = SANDBOX_PLATFORM.secretKeys

let simulator: StripeServer
beforeEach(async () => {
  simulator = await startStripe({ now: NOON })
  simulator.control.setPlatform({ redirectUri: REDIRECT })
  simulator.control.setPlatform({ redirectUri: 'https://payymo.example/callback' })
})
afterEach(() => simulator.close())

const authorizeUrl = (changes: Record<string, string> = {}): string => {
  const url = new URL(`${simulator.url}/oauth/authorize`)
  const query = {
    client_id: TEST_CLIENT,
    response_type: 'code',
    scope: 'read_write',
    redirect_uri: REDIRECT,
    state: 'so-random',
    ...changes,
  }
  for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value)
  return url.href
}

const codeFor = (account = MERCHANT, url = authorizeUrl()): string =>
  new URL(simulator.control.authorize(url, account)).searchParams.get('code')!

const post = async (path: string, form: Record<string, string>, key: string | null = TEST_KEY) => {
  const answer = await fetch(`${simulator.url}/oauth/${path}`, {
    method: 'POST',
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    body: new URLSearchParams(form),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const exchange = (code: string, key?: string | null, more: Record<string, string> = {}) =>
  post('token', { grant_type: 'authorization_code', code, ...more }, key)

const looksAt = (account = MERCHANT) => libraryFor(simulator.url).charges.list({}, { stripeAccount: account })

describe('the authorize page', () => {
  it('offers the accounts and sends the browser back with a code', async () => {
    const page = await fetch(authorizeUrl())
    const html = await page.text()
    expect(html).toContain(MERCHANT)
    expect(html).not.toContain(`value="${SANDBOX_PLATFORM.id}"`)
    const form = new URLSearchParams({ account: MERCHANT, decision: 'connect' })
    const back = await fetch(authorizeUrl(), { method: 'POST', body: form, redirect: 'manual' })
    expect(back.status).toBe(302)
    const url = new URL(back.headers.get('location')!)
    expect(`${url.origin}${url.pathname}`).toBe(REDIRECT)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.stringMatching(/^ac_/) as string,
      scope: 'read_write',
      state: 'so-random',
    })
  })

  it('sends a refusal back', () => {
    const url = new URL(simulator.control.authorize(authorizeUrl(), MERCHANT, 'deny'))
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'access_denied', state: 'so-random' })
    expect(url.searchParams.has('code')).toBe(false)
  })

  it.each([
    [{ client_id: 'ca_other' }, 'invalid_request'],
    [{ response_type: '' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'everything' }, 'invalid_scope'],
    [{ redirect_uri: `${REDIRECT}/` }, 'invalid_redirect_uri'],
    [{ client_id: LIVE_CLIENT }, 'invalid_redirect_uri'],
  ])('shows %j to the browser as JSON and redirects nowhere', async (changes, error) => {
    const answer = await fetch(authorizeUrl(changes), { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error, state: 'so-random' })
  })

  it('takes the first registered address and read_only when nothing is said', async () => {
    const url = simulator.control.authorize(authorizeUrl({ redirect_uri: '', scope: '' }), MERCHANT)
    expect(url.startsWith(REDIRECT)).toBe(true)
    expect(new URL(url).searchParams.get('scope')).toBe('read_only')
  })

  it('makes a second, empty account of one that another platform controls', async () => {
    simulator.control.addMerchant({ id: 'acct_1Held', controlledByAnother: true })
    const { body } = await exchange(codeFor('acct_1Held'))
    expect(body['stripe_user_id']).toBe('acct_1HeldSecond')
    expect((await looksAt('acct_1HeldSecond')).data).toEqual([])
  })
})

describe('the exchange', () => {
  it('connects, and the platform key sees the account', async () => {
    expect(await failureOf(looksAt())).toMatchObject({ code: 'account_invalid' })
    const { status, body } = await exchange(codeFor())
    expect(status).toBe(200)
    expect(body).toMatchObject({
      stripe_user_id: MERCHANT,
      scope: 'read_write',
      livemode: false,
      token_type: 'bearer',
      access_token: expect.stringMatching(/^sk_test_/) as string,
      refresh_token: expect.stringMatching(/^rt_/) as string,
    })
    expect((await looksAt()).data).toEqual([])
    const asAccount = libraryFor(simulator.url, body['access_token'] as string)
    expect((await asAccount.accounts.retrieveCurrent()).id).toBe(MERCHANT)
  })

  it('answers the four fields alone when the platform is new', async () => {
    simulator.control.setPlatform({ givesNoTokens: true })
    const { body } = await exchange(codeFor())
    expect(Object.keys(body).toSorted()).toEqual(['livemode', 'scope', 'stripe_user_id', 'token_type'])
  })

  it('takes the key in the header, as Basic user, or in the body', async () => {
    expect((await exchange(codeFor(), null, { client_secret: TEST_KEY })).status).toBe(200)
    const basic = await fetch(`${simulator.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${TEST_KEY}:`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code: codeFor() }),
    })
    expect(basic.status).toBe(200)
  })

  it('revokes the connection when a code is used again, and tells the platform', async () => {
    const receiver = await startReceiver()
    const stripe = libraryFor(simulator.url)
    await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['account.application.deauthorized'],
      connect: true,
    })
    const code = codeFor()
    await exchange(code)
    const again = await exchange(code)
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await failureOf(looksAt())).toMatchObject({ statusCode: 403, code: 'account_invalid' })
    await simulator.control.settled()
    expect(receiver.deliveries.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      {
        type: 'account.application.deauthorized',
        account: MERCHANT,
        data: { object: { id: TEST_CLIENT, object: 'application' } },
      },
    ])
    await receiver.close()
  })

  it('refuses a code after five minutes, in the other mode, and one that it does not know', async () => {
    const code = codeFor()
    expect(await exchange(code, LIVE_KEY)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    simulator.control.setClock({ advanceMs: 300_000 })
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await exchange('ac_unknown')).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Authorization code does not exist: ac_unknown',
    })
  })

  it.each([
    [{}, 400, 'invalid_request'],
    [{ grant_type: 'authorization_code' }, 400, 'invalid_request'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'rt_no' }, 400, 'invalid_grant'],
  ])('refuses %j', async (form, status, error) => {
    expect(await post('token', form)).toMatchObject({ status, body: { error } })
  })

  it('refuses a key that is no platform key', async () => {
    for (const key of ['sk_test_nobody', SANDBOX_MERCHANT.secretKeys!.test!])
      expect(await exchange(codeFor(), key)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('rolls the access token by refresh; the old one dies', async () => {
    const { body: first } = await exchange(codeFor())
    const form = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] as string }
    const { body: second } = await post('token', form)
    const stripeOf = (body: Record<string, unknown>) => libraryFor(simulator.url, body['access_token'] as string)
    expect(await failureOf(stripeOf(first).charges.list())).toMatchObject({ statusCode: 401 })
    expect((await stripeOf(second).charges.list()).data).toEqual([])
  })
})

describe('letting go', () => {
  it('by the platform ends the access; a second time it is not connected', async () => {
    await exchange(codeFor())
    const form = { client_id: TEST_CLIENT, stripe_user_id: MERCHANT }
    expect(await post('deauthorize', form)).toEqual({ status: 200, body: { stripe_user_id: MERCHANT } })
    expect(await failureOf(looksAt())).toMatchObject({ code: 'account_invalid' })
    expect(await post('deauthorize', form)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await post('deauthorize', { client_id: TEST_CLIENT })).toMatchObject({ status: 400 })
    expect(await post('deauthorize', { ...form, client_id: LIVE_CLIENT })).toMatchObject({ status: 401 })
  })

  it('works through the official library, whose one host serves both', async () => {
    await exchange(codeFor())
    const stripe = libraryFor(simulator.url)
    expect(await stripe.oauth.deauthorize({ client_id: TEST_CLIENT, stripe_user_id: MERCHANT })).toMatchObject({
      stripe_user_id: MERCHANT,
    })
  })
})
