import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import type { TestTenant } from '../../../test/setup/app.ts'
import { begin, createStripeApp, PUBLIC_URL, type StripeApp } from '../../../test/setup/factories-stripe.ts'
import type { Id } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { createStripeFeed, createStripePace } from '../api/index.ts'
import { withFeed } from './with-feed.ts'

/** The whole way over the simulated Stripe: its pages, its exchange, its API through the adapter. */
const MERCHANT = SANDBOX_MERCHANT.id
const LISTED = 'https://app.example.com/stripe'

let stripe: StripeServer
let own: StripeApp
let tenant: TestTenant
beforeAll(async () => {
  stripe = await startStripe({
    merchants: [
      SANDBOX_MERCHANT,
      { id: 'acct_1Taken', controlledByAnother: true },
      {
        id: 'acct_1Narrow',
        restrictedKeys: [
          { key: 'rk_test_51NarrowMerchant', mode: 'test', permissions: { charge: 'read', event: 'read' } },
        ],
      },
    ],
  })
  for (const redirectUri of [`${PUBLIC_URL}/callbacks/stripe`, LISTED]) stripe.control.setPlatform({ redirectUri })
  const pace = createStripePace()
  own = await createStripeApp(
    ({ outbound, clock }) => ({
      production: true,
      redirectUrls: [LISTED],
      stripeOf: () => ({ apiUrl: stripe.url, connectUrl: stripe.url }),
      platformOf: async () => ({
        clientId: SANDBOX_PLATFORM.clientIds.test,
        secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test),
        webhookSecrets: [],
        livemode: false,
      }),
      openFeed: (_tenantId, access, onRead) =>
        createStripeFeed({ outbound, clock, apiUrl: stripe.url, access, pace, onRead }),
    }),
    [new URL(stripe.url).host],
  )
})
afterAll(async () => {
  await own.stop()
  await stripe.close()
})
beforeEach(async () => {
  for (const account of [MERCHANT, 'acct_1Taken']) stripe.control.disconnect(account)
  await own.app.database.pool.query("update stripe_connections set status = 'disconnected'")
  tenant = await own.app.tenant({ environment: 'sandbox' })
})

const read = async (id: string) => (await tenant.call('GET', `/stripe-connections/${id}`)).body
/** The merchant on Stripe's page: chooses, consents or denies. Where the browser is sent. */
async function onPage(url: URL, account: string, decision: 'connect' | 'deny' = 'connect'): Promise<URL> {
  const page = await fetch(url)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(account)])
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ account, decision }),
    redirect: 'manual',
  })
  return new URL(answer.headers.get('location')!)
}
const follow = (to: URL) => own.back(Object.fromEntries(to.searchParams))
const canCall = async (id: string): Promise<boolean> =>
  (await withFeed(own.deps, { tenantId: tenant.id, id: id as Id<'strc'> }, (feed) => feed.getAccount())) !== undefined

describe('a browser', () => {
  it('goes to Stripe, consents, comes back connected, and may reload as often as it likes', async () => {
    const { url, connectionId } = await begin(tenant)
    const to = await onPage(url, MERCHANT)
    expect(to.href.startsWith(`${PUBLIC_URL}/callbacks/stripe?`)).toBe(true)
    for (let load = 0; load < 3; load += 1) {
      const { searchParams } = new URL(String((await follow(to)).headers.location))
      expect(Object.fromEntries(searchParams)).toEqual({
        from: 'payymo',
        connection_id: connectionId,
        status: 'active',
      })
    }
    expect(await read(connectionId)).toMatchObject({
      status: 'active',
      account_id: MERCHANT,
      account_name: expect.any(String),
      country: expect.any(String),
      livemode: false,
    })
    expect(await canCall(connectionId)).toBe(true)
  })

  it('comes back declined', async () => {
    const { url, connectionId } = await begin(tenant)
    const answer = await follow(await onPage(url, MERCHANT, 'deny'))
    expect(new URL(String(answer.headers.location)).searchParams.get('error')).toBe('access_denied')
    expect(await read(connectionId)).toMatchObject({ status: 'error', error: { code: 'access_denied' } })
  })

  it('shows the second, empty account that Stripe makes where another platform has the first', async () => {
    const { url, connectionId } = await begin(tenant)
    await follow(await onPage(url, 'acct_1Taken'))
    expect(await read(connectionId)).toMatchObject({ status: 'active', account_id: 'acct_1TakenSecond' })
    stripe.control.disconnect('acct_1TakenSecond')
  })
})

describe('a caller', () => {
  it('hands the code over once', async () => {
    const { url, state } = await begin(tenant, LISTED)
    const to = await onPage(url, MERCHANT)
    expect(`${to.origin}${to.pathname}`).toBe(LISTED)
    const code = to.searchParams.get('code')
    const answers = await Promise.all(
      [1, 2, 3].map(() => tenant.call('POST', '/stripe-connections/callback', { code, state })),
    )
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 409, 409])
    const { connection_id } = answers.find((answer) => answer.status === 200)!.body
    expect(await canCall(connection_id)).toBe(true)
  })

  it('is told of a code that Stripe does not know', async () => {
    const { state } = await begin(tenant, LISTED)
    const answer = await tenant.call('POST', '/stripe-connections/callback', { code: 'ac_madeUp', state })
    expect(answer).toMatchObject({ status: 502, body: { error: { details: [{ issue: 'code_refused' }] } } })
  })

  it('that used a code elsewhere before connects nothing that works, and learns it', async () => {
    const first = await begin(tenant, LISTED)
    const code = (await onPage(first.url, MERCHANT)).searchParams.get('code')
    const done = await tenant.call('POST', '/stripe-connections/callback', { code, state: first.state })
    const second = await begin(tenant, LISTED)
    const again = await tenant.call('POST', '/stripe-connections/callback', { code, state: second.state })
    expect(again.status).toBe(502)
    await expect(canCall(done.body.connection_id)).rejects.toMatchObject({ fault: 'revoked' })
    expect(await read(done.body.connection_id)).toMatchObject({ status: 'error', error: { code: 'needs_reconnect' } })
  })
})

describe('the end', () => {
  const connected = async () => {
    const { url, connectionId } = await begin(tenant)
    await follow(await onPage(url, MERCHANT))
    return connectionId
  }

  it('is told to Stripe', async () => {
    const id = await connected()
    await tenant.call('DELETE', `/stripe-connections/${id}`)
    expect(stripe.control.disconnect(MERCHANT)).toBe(false)
  })

  it('by the merchant shows with the next call, and the account can be connected again under its id', async () => {
    const id = await connected()
    stripe.control.disconnect(MERCHANT)
    await expect(canCall(id)).rejects.toMatchObject({ fault: 'revoked' })
    expect(await read(id)).toMatchObject({ status: 'error', error: { code: 'needs_reconnect' } })
    await connected()
    expect(await read(id)).toMatchObject({ status: 'active', error: null })
    expect(await canCall(id)).toBe(true)
  })
})

describe('a restricted key', () => {
  it('is tried against every list', async () => {
    const made = await tenant.call('POST', '/stripe-connections', {
      kind: 'restricted_key',
      api_key: SANDBOX_MERCHANT.restrictedKeys!.find((one) => one.mode === 'test')!.key,
      account_name: 'Sandbox merchant',
    })
    expect(made).toMatchObject({
      status: 201,
      body: { account_id: MERCHANT, status: 'active', missing_permissions: [], webhook_secret_set: false },
    })
  })

  it('without what is needed is refused, by name', async () => {
    const answer = await tenant.call('POST', '/stripe-connections', {
      kind: 'restricted_key',
      api_key: 'rk_test_51NarrowMerchant',
    })
    expect(answer.status).toBe(422)
    expect(answer.body.error.details.map((fault: { issue: string }) => fault.issue)).toEqual(
      [
        'Balance transactions',
        'Payouts',
        'Refunds',
        'Disputes',
        'PaymentIntents',
        'Checkout Sessions',
        'Customers',
      ].map((name) => `Lacks the permission ${name}: Read`),
    )
  })
})
