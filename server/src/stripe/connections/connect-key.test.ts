import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestAnswer, TestTenant } from '../../../test/setup/app.ts'
import {
  begin,
  connectAccount,
  createStripeApp,
  json,
  PUBLIC_URL,
  type StripeApp,
} from '../../../test/setup/factories-stripe.ts'
import { SYNC_JOB } from '../job-names.ts'
import { PROBE_READS } from './probe-key.ts'

let own: StripeApp
let tenant: TestTenant
beforeAll(async () => {
  own = await createStripeApp()
})
afterAll(() => own.stop())
beforeEach(async () => {
  own.stripe.instead = undefined
  own.stripe.requests.length = 0
  tenant = await own.app.tenant()
})

const connect = (body: object, from = tenant): Promise<TestAnswer> =>
  from.call('POST', '/stripe-connections', { kind: 'restricted_key', ...body })
const stored = async (): Promise<string> =>
  JSON.stringify((await own.app.database.pool.query('select * from stripe_connections order by created_at desc')).rows)
const listed = async (from = tenant) => (await from.call('GET', '/stripe-connections')).body.data
const issues = (answer: TestAnswer): string[] =>
  answer.body.error.details.map((fault: { field: string; issue: string }) => `${fault.field}: ${fault.issue}`)

describe('201', () => {
  it('tries every permission, keeps the key sealed, and begins to read', async () => {
    const api_key = own.stripe.key()
    const made = await connect({ api_key, webhook_secret: 'whsec_endpointSecret1' })
    const { id } = made.body
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/stripe-connections/${id}` },
      body: {
        kind: 'restricted_key',
        account_name: 'Key Hosting',
        country: 'DE',
        default_currency: 'EUR',
        livemode: true,
        scope: null,
        status: 'active',
        missing_permissions: [],
        webhook_url: `${PUBLIC_URL}/webhooks/stripe/${id}`,
        webhook_secret_set: true,
      },
    })
    expect(own.stripe.requests).toHaveLength(PROBE_READS)
    expect(own.stripe.requests.every((request) => request.headers['stripe-version'] === '2026-10-28.endive')).toBe(true)
    expect(JSON.stringify(made.body)).not.toMatch(/rk_live|whsec/)
    expect(await stored()).not.toMatch(/rk_live|whsec/)
    expect(await own.queued(SYNC_JOB, tenant)).toEqual([{ connectionId: id, tenantId: tenant.id }])
    const { rows } = await own.app.database.pool.query('select sum(reads)::int as reads from stripe_reads')
    expect(rows[0].reads).toBe(PROBE_READS)
    const events = (await tenant.call('GET', '/events')).body.data
    expect(events).toMatchObject([{ event_type: 'stripe_connection.active', data: { id } }])
    const audit = JSON.stringify((await tenant.call('GET', '/audit-events')).body)
    expect(audit).not.toMatch(/rk_live|whsec/)
  })

  it('keeps how far back it is to be read', async () => {
    await connect({ api_key: own.stripe.key(), backfill_days: 365 })
    expect(JSON.parse(await stored())[0].backfill_days).toBe(365)
  })

  it('keeps optional permissions that lack', async () => {
    const made = await connect({ api_key: own.stripe.key({ lacks: ['customers', 'checkout/sessions'] }) })
    expect(made.body).toMatchObject({
      status: 'active',
      missing_permissions: ['Checkout Sessions: Read', 'Customers: Read'],
      webhook_secret_set: false,
    })
  })

  it('knows whose key it is also where the account itself may not be read', async () => {
    const made = await connect({ api_key: own.stripe.key({ lacks: ['account'], accountId: 'acct_1Shy' }) })
    expect(made.body).toMatchObject({ account_id: 'acct_1Shy', account_name: null, status: 'active' })
  })

  it('goes on with a connection of the account that ended, whatever kind it was', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    await tenant.call('DELETE', `/stripe-connections/${id}`)
    const made = await connect({ api_key: own.stripe.key({ accountId }) })
    expect(made.body).toMatchObject({ id, kind: 'restricted_key', status: 'active' })
    expect(await listed()).toHaveLength(1)
  })

  it('takes test keys of sandbox tenants', async () => {
    const sandbox = await own.app.tenant({ environment: 'sandbox' })
    expect((await connect({ api_key: own.stripe.key({ mode: 'test' }) }, sandbox)).body).toMatchObject({
      livemode: false,
      status: 'active',
    })
  })
})

describe('200', () => {
  it('changes the key of the same account, and what was wrong is over', async () => {
    const accountId = 'acct_1Change'
    const { id } = (await connect({ api_key: own.stripe.key({ accountId, lacks: ['events'] }) })).body
    await own.app.database.pool.query(
      "update stripe_connections set status = 'error', error_code = 'key_refused', error_message = 'x' where account_id = $1",
      [accountId],
    )
    const changed = await tenant.call('PATCH', `/stripe-connections/${id}`, { api_key: own.stripe.key({ accountId }) })
    expect(changed).toMatchObject({ status: 200, body: { status: 'active', error: null, missing_permissions: [] } })
  })

  it('is called what people call it, where Stripe does not say', async () => {
    const api_key = own.stripe.key({ lacks: ['account'] })
    const { id, ...made } = (await connect({ api_key, account_name: 'Web shop' })).body
    expect(made.account_name).toBe('Web shop')
    const renamed = await tenant.call('PATCH', `/stripe-connections/${id}`, { account_name: 'Second shop' })
    expect(renamed.body).toMatchObject({ account_name: 'Second shop', status: 'active', webhook_secret_set: false })
    expect((await tenant.call('GET', '/stripe-connections?q=second')).body.data).toMatchObject([{ id }])
  })

  it('sets and removes the webhook secret without asking Stripe, and leaves the rest', async () => {
    const { id } = (await connect({ api_key: own.stripe.key() })).body
    own.stripe.requests.length = 0
    const set = await tenant.call('PATCH', `/stripe-connections/${id}`, { webhook_secret: 'whsec_another123' })
    expect(set.body).toMatchObject({ webhook_secret_set: true, status: 'active' })
    expect((await tenant.call('PATCH', `/stripe-connections/${id}`, {})).body.webhook_secret_set).toBe(true)
    const removed = await tenant.call('PATCH', `/stripe-connections/${id}`, { webhook_secret: null })
    expect(removed.body.webhook_secret_set).toBe(false)
    expect(own.stripe.requests).toEqual([])
  })
})

describe('204', () => {
  it('forgets the key and the secret', async () => {
    const { id } = (await connect({ api_key: own.stripe.key(), webhook_secret: 'whsec_endpointSecret1' })).body
    expect(await tenant.call('DELETE', `/stripe-connections/${id}`)).toMatchObject({ status: 204 })
    const { rows } = await own.app.database.pool.query(
      'select sealed_api_key, sealed_webhook_secret from stripe_connections order by created_at desc limit 1',
    )
    expect(rows).toEqual([{ sealed_api_key: null, sealed_webhook_secret: null }])
    expect(own.stripe.sent('/oauth/deauthorize')).toEqual([])
    expect(await tenant.call('PATCH', `/stripe-connections/${id}`, { webhook_secret: null })).toMatchObject({
      status: 409,
    })
  })
})

describe('400', () => {
  it.each([
    [{}, ['api_key']],
    [{ api_key: 1 }, ['api_key']],
    [{ api_key: '' }, ['api_key']],
    [{ api_key: 'rk_live_12345678', kind: 'connect_oauth' }, ['kind']],
    [{ api_key: 'rk_live_12345678', account_id: 'acct_1' }, ['account_id']],
  ])('refuses %j', async (body, fields) => {
    const answer = await connect(body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((fault: { field: string }) => fault.field)).toEqual(fields)
  })
})

describe('409', () => {
  it('refuses an account that is connected here already', async () => {
    const accountId = 'acct_1Twice'
    const { id } = (await connect({ api_key: own.stripe.key({ accountId }) })).body
    const again = await connect({ api_key: own.stripe.key({ accountId }) })
    expect(again).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining(id) } } })
  })

  it('refuses an account of another tenant, by key or by OAuth, and stores nothing', async () => {
    const accountId = 'acct_1Theirs'
    const other = await own.app.tenant()
    await connect({ api_key: own.stripe.key({ accountId }) }, other)
    const answer = await connect({ api_key: own.stripe.key({ accountId }) })
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'resource_conflict' } } })
    expect(await listed()).toEqual([])
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent({ id: accountId })
    expect(await tenant.call('POST', '/stripe-connections/callback', { code, state })).toMatchObject({ status: 409 })
    expect((await listed(other))[0]).toMatchObject({ status: 'active', kind: 'restricted_key' })
  })
})

describe('422', () => {
  it.each([
    ['sk_live_51secretsecret', 'secret key'],
    ['pk_live_51publishable', 'publishable key'],
    ['whsec_1234567890', 'webhook secret'],
    ['rk_test_51secretsecret', 'test key'],
    ['rk_live_short', 'restricted key'],
    ['rk_live_with blanks in it', 'restricted key'],
    ['something', 'restricted key'],
  ])('says what is wrong with %s, and asks nobody', async (api_key, words) => {
    const answer = await connect({ api_key })
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
    expect(issues(answer)).toEqual([expect.stringContaining(words)])
    expect(JSON.stringify(answer.body)).not.toContain(api_key)
    expect(own.stripe.requests).toEqual([])
    expect(await listed()).toEqual([])
  })

  it.each([0, 731, 1.5, '30'])('takes no %s for days to read back', async (backfill_days) => {
    const answer = await connect({ api_key: own.stripe.key(), backfill_days })
    expect(answer.status).toBe(400)
    expect(issues(answer)).toEqual([expect.stringMatching(/^backfill_days: /)])
  })

  it('names a bad key and a bad webhook secret at once', async () => {
    const answer = await connect({ api_key: 'sk_live_51secretsecret', webhook_secret: 'nothing' })
    expect(answer.body.error.details.map((fault: { field: string }) => fault.field)).toEqual([
      'api_key',
      'webhook_secret',
    ])
  })

  it.each(['balance_transactions', 'charges', 'payouts', 'refunds', 'disputes'])(
    'refuses a key that may not read %s, names all that lacks, and stores nothing',
    async (path) => {
      const answer = await connect({ api_key: own.stripe.key({ lacks: [path, 'events'] }) })
      expect(answer).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
      expect(issues(answer)).toHaveLength(2)
      expect(issues(answer)).toContain('api_key: Lacks the permission Events: Read')
      expect(await listed()).toEqual([])
    },
  )

  it('refuses a key that Stripe does not know', async () => {
    const answer = await connect({ api_key: 'rk_live_51neverMade' })
    expect(issues(answer)).toEqual(['api_key: Is not known to Stripe'])
    expect(own.stripe.requests).toHaveLength(1)
  })

  it('refuses the key of another account, and keys for accounts without one', async () => {
    const { id } = (await connect({ api_key: own.stripe.key() })).body
    const other = await tenant.call('PATCH', `/stripe-connections/${id}`, { api_key: own.stripe.key() })
    expect(other).toMatchObject({ status: 422 })
    expect(issues(other)).toEqual(['api_key: Belongs to another account'])
    const byOauth = await connectAccount(own, tenant)
    expect(
      await tenant.call('PATCH', `/stripe-connections/${byOauth.id}`, { api_key: own.stripe.key() }),
    ).toMatchObject({ status: 422 })
  })
})

describe('502', () => {
  it.each([
    ['a proxy', () => json(502, { message: 'bad gateway' })],
    ['a 200 without an object', () => json(200, { message: 'hello' })],
    ['a reset', () => 'hangUp' as const],
    ['limits', () => json(429, { error: { code: 'rate_limit' } })],
    ['a page', () => ({ status: 200, body: '<html>' })],
  ])('stores nothing after %s', async (_what, answers) => {
    own.stripe.instead = (request) => (request.path.startsWith('/v1/payouts') ? answers() : undefined)
    const answer = await connect({ api_key: own.stripe.key() })
    expect(answer).toMatchObject({ status: 502, body: { error: { code: 'stripe_integration_error' } } })
    expect(await listed()).toEqual([])
  })
})
