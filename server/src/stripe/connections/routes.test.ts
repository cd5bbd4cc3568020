import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestAnswer, TestTenant } from '../../../test/setup/app.ts'
import {
  begin,
  connectAccount,
  createStripeApp,
  json,
  platform,
  RETURN_TO,
  type StripeApp,
} from '../../../test/setup/factories-stripe.ts'

const NEVER = 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab'

let own: StripeApp
let tenant: TestTenant
beforeAll(async () => {
  own = await createStripeApp()
})
afterAll(() => own.stop())
beforeEach(async () => {
  own.stripe.instead = undefined
  own.stripe.granted = { scope: 'read_write', livemode: true }
  own.platform = platform()
  own.stripe.requests.length = 0
  tenant = await own.app.tenant()
})

const post = (code: object, from = tenant): Promise<TestAnswer> =>
  from.call('POST', '/stripe-connections/callback', code)
const read = async (id: string, from = tenant) => (await from.call('GET', `/stripe-connections/${id}`)).body
const eventsOf = async (of: TestTenant): Promise<{ type: string; data: { id: string } }[]> =>
  (await of.call('GET', '/events?per_page=100')).body.data.map((event: { event_type: string; data: never }) => ({
    type: event.event_type,
    data: event.data,
  }))
describe('201', () => {
  it('begins with an address at Stripe that tells it of no tenant', async () => {
    const answer = await tenant.call('POST', '/stripe-connections/initialize', { redirect_url: RETURN_TO })
    const { authorization_url, connection_id, expires_at } = answer.body
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/stripe-connections/${connection_id}` },
    })
    const url = new URL(authorization_url)
    expect(`${url.origin}${url.pathname}`).toBe(`${own.stripe.url}/oauth/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'ca_testClient',
      scope: 'read_write',
      redirect_uri: RETURN_TO,
      state: expect.stringMatching(/^[\w-]{43}$/),
      stripe_landing: 'login',
    })
    expect(authorization_url).not.toContain(tenant.id)
    const minutes = (Date.parse(expires_at) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(9)
    expect(minutes).toBeLessThan(11)
    expect(await read(connection_id)).toMatchObject({
      status: 'pending',
      account_id: null,
      livemode: true,
      error: null,
    })
  })

  it('keeps a digest of the state only', async () => {
    const { state } = await begin(tenant)
    const { rows } = await own.app.database.pool.query('select * from stripe_states')
    expect(JSON.stringify(rows)).not.toContain(state)
  })

  it('goes in test mode for a sandbox tenant', async () => {
    const sandbox = await own.app.tenant({ environment: 'sandbox' })
    const { connectionId } = await begin(sandbox)
    expect(await read(connectionId, sandbox)).toMatchObject({ livemode: false })
  })
})

describe('200', () => {
  it('lists with filters, search and sorting, newest first unless asked', async () => {
    const active = (await connectAccount(own, tenant, { name: 'Zürich Cloud' })).id
    const pending = (await begin(tenant)).connectionId
    const ids = async (query: string) =>
      (await tenant.call('GET', `/stripe-connections${query}`)).body.data.map((row: { id: string }) => row.id)
    expect(await ids('')).toEqual([pending, active])
    expect(await ids('?sort=created_at')).toEqual([active, pending])
    expect(await ids('?status=active')).toEqual([active])
    expect(await ids('?kind=restricted_key')).toEqual([])
    expect(await ids('?q=zuri')).toEqual([active])
    expect(await ids('?livemode=true&default_currency=GBP&country=GB')).toEqual([active])
    expect(await ids('?updated_since=2020-01-01T00:00:00Z')).toHaveLength(2)
    expect(await ids('?updated_since=2999-01-01T00:00:00Z')).toEqual([])
    expect(await ids('?connected_at_from=2020-01-01T00:00:00Z')).toEqual([active])
  })
})

describe('204', () => {
  it('deauthorises at Stripe, keeps the row, and can be repeated', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    expect(await tenant.call('DELETE', `/stripe-connections/${id}`)).toMatchObject({ status: 204, body: '' })
    const [sent] = own.stripe.sent('/oauth/deauthorize')
    expect(Object.fromEntries(new URLSearchParams(sent!.body.toString()))).toEqual({
      client_id: 'ca_testClient',
      stripe_user_id: accountId,
    })
    expect(own.stripe.connected.has(accountId)).toBe(false)
    const shown = await read(id)
    expect(shown).toMatchObject({ status: 'disconnected', account_id: accountId, next_sync_at: null })
    expect((await eventsOf(tenant)).at(0)).toEqual({ type: 'stripe_connection.disconnected', data: shown })
    expect(await tenant.call('DELETE', `/stripe-connections/${id}`)).toMatchObject({ status: 204 })
    expect(own.stripe.sent('/oauth/deauthorize')).toHaveLength(1)
  })

  it('counts what was disconnected at Stripe before as done', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    own.stripe.connected.delete(accountId)
    expect(await tenant.call('DELETE', `/stripe-connections/${id}`)).toMatchObject({ status: 204 })
    const [job] = await own.queued('stripe.deauthorize', tenant)
    await own.work('stripe.deauthorize', job!)
    expect(own.stripe.sent('/oauth/deauthorize')).toHaveLength(1)
  })

  it('ends here when Stripe is down, and tells it later', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    own.stripe.instead = () => json(500, { error: { message: 'down' } })
    expect(await tenant.call('DELETE', `/stripe-connections/${id}`)).toMatchObject({ status: 204 })
    expect(await read(id)).toMatchObject({ status: 'disconnected' })
    const [job] = await own.queued('stripe.deauthorize', tenant)
    await expect(own.work('stripe.deauthorize', job!)).rejects.toThrow('Stripe did not say')
    own.stripe.instead = undefined
    await own.work('stripe.deauthorize', job!)
    expect(own.stripe.connected.has(accountId)).toBe(false)
    await own.work('stripe.deauthorize', job!)
    expect(own.stripe.sent('/oauth/deauthorize')).toHaveLength(3)
  })

  it('does not cut off who connected the account meanwhile', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    own.stripe.instead = () => json(500, {})
    await tenant.call('DELETE', `/stripe-connections/${id}`)
    own.stripe.instead = undefined
    const other = await own.app.tenant()
    await connectAccount(own, other, { id: accountId })
    const [job] = await own.queued('stripe.deauthorize', tenant)
    await own.work('stripe.deauthorize', job!)
    expect(own.stripe.connected.has(accountId)).toBe(true)
  })

  it('ends an attempt nobody came back from', async () => {
    const { connectionId, state } = await begin(tenant)
    expect(await tenant.call('DELETE', `/stripe-connections/${connectionId}`)).toMatchObject({ status: 204 })
    const { code } = own.stripe.consent()
    expect(await post({ code, state })).toMatchObject({ status: 409 })
    expect(own.stripe.requests).toEqual([])
  })
})

describe('400', () => {
  it.each([
    [{}, ['redirect_url']],
    [{ redirect_url: 7 }, ['redirect_url']],
    [{ redirect_url: 'billing.example.com' }, ['redirect_url']],
    [{ redirect_url: 'javascript:alert(1)' }, ['redirect_url']],
    [{ redirect_url: 'https://a.example/#x' }, ['redirect_url']],
    [{ redirect_url: 'https://user@a.example/' }, ['redirect_url']],
    [{ redirect_url: RETURN_TO, tenant_id: 'ten_x' }, ['tenant_id']],
  ])('refuses to begin with %j', async (body, fields) => {
    const answer = await tenant.call('POST', '/stripe-connections/initialize', body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((fault: { field: string }) => fault.field)).toEqual(fields)
  })
})

describe('401', () => {
  it('is for calls without a key', async () => {
    for (const [method, path] of [
      ['GET', '/stripe-connections'],
      ['POST', '/stripe-connections'],
      ['POST', '/stripe-connections/initialize'],
      ['POST', '/stripe-connections/callback'],
      ['DELETE', `/stripe-connections/${NEVER}`],
    ] as const)
      expect(await own.app.call(undefined, method, path)).toMatchObject({ status: 401 })
  })
})

describe('403', () => {
  it('is for keys without the permission', async () => {
    const reader = await own.app.tenant({ permissions: ['stripe_connections:read'] })
    expect(await reader.call('POST', '/stripe-connections/initialize', { redirect_url: RETURN_TO })).toMatchObject({
      status: 403,
      body: { error: { details: [{ field: 'permission', issue: 'stripe_connections:write' }] } },
    })
    expect(await reader.call('GET', '/stripe-connections')).toMatchObject({ status: 200 })
  })
})

describe('404', () => {
  it("is the same for an unknown id, another tenant's, and what is no id", async () => {
    const other = await own.app.tenant()
    const { id } = await connectAccount(own, other)
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', {}],
      ['DELETE', undefined],
    ] as const) {
      const answers = await Promise.all(
        [id, NEVER, 'nothing'].map((one) => tenant.call(method, `/stripe-connections/${one}`, body)),
      )
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 404, body: { error: { code: 'resource_not_found' } } })
    }
    expect(await read(id, other)).toMatchObject({ status: 'active' })
  })
})

describe('422', () => {
  it('says which settings lack without a platform of the mode', async () => {
    own.platform = undefined
    const none = await tenant.call('POST', '/stripe-connections/initialize', { redirect_url: RETURN_TO })
    expect(none).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
    expect(none.body.error.message).toContain('STRIPE_CLIENT_ID')
    own.platform = { ...platform(), clientId: undefined }
    expect(await tenant.call('POST', '/stripe-connections/initialize', { redirect_url: RETURN_TO })).toMatchObject({
      status: 422,
    })
  })
})
