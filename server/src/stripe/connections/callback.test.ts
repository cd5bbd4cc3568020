import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  begin,
  createStripeApp,
  json,
  platform,
  PUBLIC_URL,
  RETURN_TO,
  type StripeApp,
} from '../../../test/setup/factories-stripe.ts'
import { newId } from '../../base/ids.ts'
import { initializeAuthorization } from './initialize-authorization.ts'

const LISTED = 'https://app.example.com/listed'
const OURS = `${PUBLIC_URL}/callbacks/stripe`

let own: StripeApp
let tenant: TestTenant
beforeAll(async () => {
  own = await createStripeApp({ production: true, redirectUrls: [LISTED] })
})
afterAll(() => own.stop())
beforeEach(async () => {
  own.stripe.instead = undefined
  own.platform = platform()
  own.stripe.requests.length = 0
  tenant = await own.app.tenant()
})

const read = async (id: string) => (await tenant.call('GET', `/stripe-connections/${id}`)).body
const leads = (answer: { headers: Record<string, unknown> }) => {
  const { origin, pathname, searchParams } = new URL(String(answer.headers.location))
  return { to: `${origin}${pathname}`, query: Object.fromEntries(searchParams) }
}

describe('which way Stripe sends the browser, in production', () => {
  it.each([
    [LISTED, LISTED],
    [`${LISTED}?x=1`, OURS],
    [`${LISTED}/`, OURS],
    [RETURN_TO, OURS],
    [OURS, OURS],
  ])('%s: to %s', async (redirectUrl, expected) => {
    const { url } = await begin(tenant, redirectUrl)
    expect(url.searchParams.get('redirect_uri')).toBe(expected)
  })

  it('plain http never', async () => {
    const answer = await tenant.call('POST', '/stripe-connections/initialize', {
      redirect_url: 'http://127.0.0.1/x',
    })
    expect(answer.status).toBe(400)
  })

  it('a state of the browser is nothing to hand over', async () => {
    const { state } = await begin(tenant)
    const answer = await tenant.call('POST', '/stripe-connections/callback', { code: 'ac_1', state })
    expect(answer).toMatchObject({ status: 422, body: { error: { details: [{ field: 'state' }] } } })
    expect(own.stripe.requests).toEqual([])
  })
})

describe('302', () => {
  it('connects, and leads on with the connection and no code', async () => {
    const { state, connectionId } = await begin(tenant)
    const { code, accountId } = own.stripe.consent()
    const answer = await own.back({ code, state, scope: 'read_write' })
    expect(answer).toMatchObject({
      status: 302,
      headers: { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    })
    expect(leads(answer)).toEqual({
      to: 'https://billing.example.com/stripe',
      query: { from: 'payymo', connection_id: connectionId, status: 'active' },
    })
    expect(await read(connectionId)).toMatchObject({ status: 'active', account_id: accountId })
  })

  it('shows the stored outcome when the page is loaded again, and sends nothing again', async () => {
    const { state } = await begin(tenant)
    const { code, accountId } = own.stripe.consent()
    const [first, ...others] = [
      await own.back({ code, state }),
      await own.back({ code, state }),
      await own.back({ code: 'ac_other', state }),
    ]
    for (const answer of others) expect(leads(answer)).toEqual(leads(first))
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
    expect(own.stripe.connected.has(accountId)).toBe(true)
  })

  it('of many loads at once one exchanges the code', async () => {
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent()
    const answers = await Promise.all(Array.from({ length: 8 }, () => own.back({ code, state })))
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
    for (const answer of answers) expect([302, 409]).toContain(answer.status)
  })

  it('leads on with a refusal', async () => {
    const { state, connectionId } = await begin(tenant)
    const answer = await own.back({ error: 'access_denied', error_description: 'The user denied your request', state })
    expect(leads(answer).query).toEqual({
      from: 'payymo',
      connection_id: connectionId,
      status: 'failed',
      error: 'access_denied',
    })
    expect(own.stripe.requests).toEqual([])
    expect(leads(await own.back({ code: own.stripe.consent().code, state })).query).toMatchObject({ status: 'failed' })
    expect(own.stripe.requests).toEqual([])
  })

  it.each([
    ['a refused code', () => json(400, { error: 'invalid_grant' }), 'code_refused'],
    ['a reset', () => 'hangUp' as const, 'outcome_unknown'],
  ])('leads on after %s, without another exchange', async (_what, answers, error) => {
    const { state } = await begin(tenant)
    own.stripe.instead = answers
    const { code } = own.stripe.consent()
    expect(leads(await own.back({ code, state })).query).toMatchObject({ status: 'failed', error })
    own.stripe.instead = undefined
    expect(leads(await own.back({ code, state })).query).toMatchObject({ status: 'failed', error })
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
  })

  it('ends on a page of ours for those who named no other', async () => {
    const { state, connectionId } = await begin(tenant, OURS)
    const answer = await own.back({ code: own.stripe.consent().code, state })
    expect(leads(answer)).toEqual({ to: OURS, query: { connection_id: connectionId, status: 'active' } })
    expect(await own.back({ connection_id: connectionId, status: 'active' })).toMatchObject({
      status: 200,
      body: expect.stringContaining('is connected'),
    })
  })
})

describe('403', () => {
  const start = async (person: ReturnType<typeof newId<'usr'>>) => {
    const actor = { type: 'user' as const, id: person, name: 'Ada', ip: null, requestId: null }
    const started = await initializeAuthorization(own.deps, tenant.id, actor, { redirectUrl: RETURN_TO })
    return { ...started, state: new URL(started.authorizationUrl).searchParams.get('state')! }
  }

  it('is the answer to a browser without the session of the person who began: nothing sent, the state unused', async () => {
    const [ada, eve] = [newId('usr'), newId('usr')]
    own.sessions.set('session=ada', ada).set('session=eve', eve)
    const { state, connectionId } = await start(ada)
    const { code } = own.stripe.consent()
    for (const cookie of [undefined, 'session=eve', 'session=nobody']) {
      const answer = await own.back({ code, state }, cookie)
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Nothing was connected') })
    }
    expect(own.stripe.requests).toEqual([])
    expect(leads(await own.back({ code, state }, 'session=ada')).query).toMatchObject({
      connection_id: connectionId,
      status: 'active',
    })
  })

  it("is the answer to a person's state that another hands over", async () => {
    const { state } = await start(newId('usr'))
    expect(await tenant.call('POST', '/stripe-connections/callback', { code: 'ac_1', state })).toMatchObject({
      status: 403,
    })
  })
})

describe('404', () => {
  it('is a neutral page for whatever is no state of the browser form', async () => {
    const listed = await begin(tenant, LISTED)
    const { code } = own.stripe.consent()
    const answers = [
      await own.back({}),
      await own.back({ code }),
      await own.back({ state: 'A'.repeat(43) }),
      await own.back({ code, state: 'A'.repeat(43) }),
      await own.back({ code, state: tenant.id }),
      await own.back({ code, state: listed.state }),
      await own.app.call(undefined, 'GET', `/callbacks/stripe?code=${code}&code=x&state=${listed.state}&state=y`),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: answers[0]!.body })
    expect(own.stripe.requests).toEqual([])
    expect(await tenant.call('POST', '/stripe-connections/callback', { code, state: listed.state })).toMatchObject({
      status: 200,
    })
  })

  it('is a neutral page for a state that ran out, and for a suspended tenant', async () => {
    const { state } = await begin(tenant)
    await own.app.database.pool.query("update stripe_states set expires_at = now() - interval '1 second'")
    expect(await own.back({ code: own.stripe.consent().code, state })).toMatchObject({ status: 404 })
    const other = await begin(tenant)
    await own.app.database.pool.query("update tenants set status = 'suspended' where slug like 't-%'")
    expect(await own.back({ code: own.stripe.consent().code, state: other.state })).toMatchObject({ status: 404 })
    expect(own.stripe.requests).toEqual([])
  })
})
