import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestAnswer, TestTenant } from '../../../test/setup/app.ts'
import {
  begin,
  connectAccount,
  createStripeApp,
  json,
  platform,
  type StripeApp,
} from '../../../test/setup/factories-stripe.ts'
import { SYNC_JOB } from '../job-names.ts'
import { EXPIRE_JOB } from './expire-authorization.ts'

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
const reason = (answer: TestAnswer): string =>
  answer.body.error.details.find((fault: { field: string }) => fault.field === 'reason')?.issue
const eventsOf = async (of: TestTenant): Promise<{ type: string; data: { id: string } }[]> =>
  (await of.call('GET', '/events?per_page=100')).body.data.map((event: { event_type: string; data: never }) => ({
    type: event.event_type,
    data: event.data,
  }))
const alertsOf = async (of: TestTenant) =>
  (await of.call('GET', '/alerts')).body.data.map((alert: { code: string; closed_at: string | null }) => [
    alert.code,
    alert.closed_at === null ? 'open' : 'closed',
  ])

describe('200', () => {
  it('connects: account shown, event, first reading, no token kept', async () => {
    const { state, connectionId } = await begin(tenant)
    const { code, accountId } = own.stripe.consent({ name: 'Northbyte Hosting', country: 'GB' })
    const answer = await post({ code, state })
    expect(answer.body).toEqual({
      connection_id: connectionId,
      account_id: accountId,
      account_name: 'Northbyte Hosting',
      country: 'GB',
      livemode: true,
      status: 'active',
      error: null,
    })
    const [sent] = own.stripe.sent('/oauth/token')
    expect(sent!.headers.authorization).toBe('Bearer sk_live_platformKey')
    expect(Object.fromEntries(new URLSearchParams(sent!.body.toString()))).toEqual({
      grant_type: 'authorization_code',
      code,
    })
    const shown = await read(connectionId)
    expect(shown).toMatchObject({
      kind: 'connect_oauth',
      account_id: accountId,
      default_currency: 'GBP',
      scope: 'read_write',
      status: 'active',
      webhook_url: null,
    })
    expect(await eventsOf(tenant)).toEqual([{ type: 'stripe_connection.active', data: shown }])
    expect(await own.queued(SYNC_JOB, tenant)).toEqual([{ connectionId, tenantId: tenant.id }])
    const { rows } = await own.app.database.pool.query('select * from stripe_connections')
    expect(JSON.stringify(rows)).not.toMatch(/neverKeepThis/)
  })

  it('takes all that Stripe sends back with the merchant', async () => {
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent()
    expect(await post({ scope: 'read_write', code, state })).toMatchObject({ status: 200, body: { status: 'active' } })
    const declined = await begin(tenant)
    const refusal = { error: 'access_denied', error_description: 'The user denied your request', state: declined.state }
    expect(await post(refusal)).toMatchObject({ status: 200, body: { account_id: null } })
  })

  it('takes a refusal of the merchant as an outcome, and sends nothing', async () => {
    const { state, connectionId } = await begin(tenant)
    const answer = await post({ error: 'access_denied', state })
    expect(answer).toMatchObject({
      status: 200,
      body: { connection_id: connectionId, account_id: null, status: 'error', error: { code: 'access_denied' } },
    })
    expect(own.stripe.requests).toEqual([])
  })

  it('is replayed by its idempotency key, and nothing is sent again', async () => {
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent()
    const send = () =>
      tenant.call('POST', '/stripe-connections/callback', { code, state }, { 'idempotency-key': `once ${state}` })
    const [first, again] = [await send(), await send()]
    expect(again).toMatchObject({ status: 200, body: first.body, headers: { 'idempotency-replayed': 'true' } })
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
  })

  it('goes on with the connection that had the account, and its history', async () => {
    const { id, accountId } = await connectAccount(own, tenant)
    await tenant.call('DELETE', `/stripe-connections/${id}`)
    const again = await begin(tenant)
    const answer = await post({ ...own.stripe.consent({ id: accountId }), state: again.state, accountId: undefined })
    expect(answer.body).toMatchObject({ connection_id: id, account_id: accountId, status: 'active' })
    expect(await read(again.connectionId)).toMatchObject({ status: 'disconnected', error: { code: 'continued' } })
    expect(await read(id)).toMatchObject({ status: 'active', disconnected_at: null, error: null })
    expect((await eventsOf(tenant)).map((event) => event.type)).toEqual([
      'stripe_connection.active',
      'stripe_connection.disconnected',
      'stripe_connection.active',
    ])
  })

  it('connects although the account cannot be read just now', async () => {
    const { state, connectionId } = await begin(tenant)
    const { code, accountId } = own.stripe.consent()
    own.stripe.accounts.get(accountId)!.id = 'acct_1Other'
    own.stripe.connected.add('acct_1Other')
    expect((await post({ code, state })).body).toMatchObject({ account_id: accountId, account_name: null })
    expect(await read(connectionId)).toMatchObject({ status: 'active', account_name: null })
  })
})

describe('400', () => {
  it.each([
    [{}, ['state', 'code']],
    [{ state: 'x' }, ['code']],
    [{ code: 'ac_1' }, ['state']],
    [{ code: 'ac_1', error: 'access_denied', state: 'x' }, ['error']],
    [{ code: 1, state: 'x' }, ['code']],
    [{ code: 'x'.repeat(501), state: 'x' }, ['code']],
  ])('refuses to finish with %j', async (body, fields) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((fault: { field: string }) => fault.field).sort()).toEqual([...fields].sort())
    expect(own.stripe.requests).toEqual([])
  })
})

describe('403', () => {
  it("is the answer to another tenant's state, the same as to a made-up one, and leaves it unused", async () => {
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent()
    const other = await own.app.tenant()
    const foreign = await post({ code, state }, other)
    const madeUp = await post({ code, state: 'A'.repeat(43) }, other)
    expect(foreign).toMatchObject({ status: 403, body: { error: { code: 'permission_denied' } } })
    expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...madeUp.body.error, request_id: '' })
    expect(own.stripe.requests).toEqual([])
    expect(await post({ code, state })).toMatchObject({ status: 200 })
  })

  it('is the answer to a tenant id in the place of a state', async () => {
    const { code } = own.stripe.consent()
    expect(await post({ code, state: tenant.id })).toMatchObject({ status: 403 })
    expect(own.stripe.requests).toEqual([])
  })

  it('is the answer to another key of the same tenant', async () => {
    const { state } = await begin(tenant)
    const made = await tenant.call('POST', '/api-keys', { name: 'other', permissions: ['*'] })
    const answer = await own.app.call(made.body.key, 'POST', '/stripe-connections/callback', { code: 'ac_1', state })
    expect(answer).toMatchObject({ status: 403 })
  })
})

describe('409', () => {
  it('repeats the outcome of a state that was used, and never sends the code again', async () => {
    const { state, connectionId } = await begin(tenant)
    const { code, accountId } = own.stripe.consent()
    await post({ code, state })
    const again = await post({ code, state })
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'resource_conflict' } } })
    expect(again.body.error.message).toContain(`${accountId} was connected as ${connectionId}`)
    expect(again.body.error.details).toContainEqual({ field: 'outcome', issue: 'connected' })
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
    expect(own.stripe.connected.has(accountId)).toBe(true)
  })

  it('lets one of many equal calls through', async () => {
    const { state } = await begin(tenant)
    const { code, accountId } = own.stripe.consent()
    const answers = await Promise.all(Array.from({ length: 12 }, () => post({ code, state })))
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 11 }, () => 409),
    ])
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
    expect(own.stripe.connected.has(accountId)).toBe(true)
    expect(await eventsOf(tenant)).toHaveLength(1)
  })

  it('says so while the code is being exchanged', async () => {
    const { state } = await begin(tenant)
    const { code } = own.stripe.consent()
    const slow = Promise.withResolvers<undefined>()
    own.stripe.instead = () => slow.promise
    const first = post({ code, state })
    await expect.poll(() => own.stripe.sent('/oauth/token')).toHaveLength(1)
    const second = await post({ code, state })
    slow.resolve(undefined)
    expect(second).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('at this moment') } },
    })
    expect(await first).toMatchObject({ status: 200 })
  })

  it('refuses an account of another tenant, and does not cut it off', async () => {
    const other = await own.app.tenant()
    const { id, accountId } = await connectAccount(own, other)
    const { state, connectionId } = await begin(tenant)
    const answer = await post({ code: own.stripe.consent({ id: accountId }).code, state })
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'resource_conflict' } } })
    expect(own.stripe.sent('/oauth/deauthorize')).toEqual([])
    expect(own.stripe.connected.has(accountId)).toBe(true)
    expect(await read(id, other)).toMatchObject({ status: 'active' })
    expect(await read(connectionId)).toMatchObject({
      status: 'error',
      account_id: null,
      error: { code: 'account_taken' },
    })
    expect(await eventsOf(tenant)).toEqual([])
    await other.call('DELETE', `/stripe-connections/${id}`)
    expect(await connectAccount(own, tenant, { id: accountId })).toMatchObject({ accountId })
  })

  it('lets the account into one of two tenants that finish at once', async () => {
    const tenants = await Promise.all([own.app.tenant(), own.app.tenant(), own.app.tenant()])
    const states = await Promise.all(tenants.map((one) => begin(one)))
    const account = own.stripe.consent()
    const codes = [account.code, ...[1, 2].map(() => own.stripe.consent({ id: account.accountId }).code)]
    const answers = await Promise.all(
      tenants.map((one, at) => post({ code: codes[at], state: states[at]!.state }, one)),
    )
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 409, 409])
  })

  it('joins two attempts of one tenant that finish at once into one connection', async () => {
    const [one, two] = [await begin(tenant), await begin(tenant)]
    const account = own.stripe.consent()
    const answers = await Promise.all([
      post({ code: account.code, state: one.state }),
      post({ code: own.stripe.consent({ id: account.accountId }).code, state: two.state }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200])
    expect(answers[0].body.connection_id).toBe(answers[1].body.connection_id)
    const active = await tenant.call('GET', '/stripe-connections?status=active')
    expect(active.body.data).toHaveLength(1)
  })
})

describe('422', () => {
  it('refuses a state that ran out', async () => {
    const { state, connectionId } = await begin(tenant)
    await own.app.database.pool.query("update stripe_states set expires_at = now() - interval '1 second'")
    expect(await post({ code: own.stripe.consent().code, state })).toMatchObject({ status: 422 })
    expect(own.stripe.requests).toEqual([])
    const [job] = await own.queued(EXPIRE_JOB, tenant)
    await own.work(EXPIRE_JOB, job!)
    expect(await read(connectionId)).toMatchObject({ status: 'error', error: { code: 'authorization_expired' } })
  })

  it.each([
    [{ scope: 'read_only', livemode: true }, 'scope_mismatch'],
    [{ scope: 'express', livemode: true }, 'scope_mismatch'],
    [{ scope: 'read_write', livemode: false }, 'mode_mismatch'],
  ])('lets an account go again that came with %j', async (granted, code) => {
    const { state, connectionId } = await begin(tenant)
    const { code: authorization, accountId } = own.stripe.consent()
    own.stripe.granted = granted
    const answer = await post({ code: authorization, state })
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
    expect(reason(answer)).toBe(code)
    expect(own.stripe.connected.has(accountId)).toBe(false)
    expect(await read(connectionId)).toMatchObject({ status: 'error', account_id: null, error: { code } })
    expect(await own.queued(SYNC_JOB, tenant)).toEqual([])
  })
})

describe('502', () => {
  it.each([
    ['a reset', () => 'hangUp' as const, 'outcome_unknown'],
    ['a 502 of a proxy', () => json(502, { message: 'bad gateway' }), 'outcome_unknown'],
    ['a page', () => ({ status: 200, body: '<html>hello' }), 'outcome_unknown'],
    ['an answer without an account', () => json(200, { scope: 'read_write', livemode: true }), 'outcome_unknown'],
    [
      'an account that is none',
      () => json(200, { scope: 'read_write', livemode: true, stripe_user_id: '1' }),
      'outcome_unknown',
    ],
    ['a 500', () => json(500, { error: { message: 'oh' } }), 'outcome_unknown'],
    ['too much', () => ({ status: 200, body: 'x'.repeat(70_000) }), 'outcome_unknown'],
    ['a redirect', () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } }), 'outcome_unknown'],
    ['a refused code', () => json(400, { error: 'invalid_grant', error_description: 'expired' }), 'code_refused'],
    ['a refused platform', () => json(401, { error: 'invalid_client' }), 'platform_refused'],
  ])('after %s: the code is sent once, the connection failed, start again', async (_what, answers, code) => {
    const { state, connectionId } = await begin(tenant)
    own.stripe.instead = answers
    const answer = await post({ code: own.stripe.consent().code, state })
    expect(answer).toMatchObject({ status: 502, body: { error: { code: 'stripe_integration_error' } } })
    expect(reason(answer)).toBe(code)
    expect(answer.body.error.message).toMatch(/start(ed)? again/i)
    own.stripe.instead = undefined
    expect(await post({ code: own.stripe.consent().code, state })).toMatchObject({ status: 409 })
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
    expect(await read(connectionId)).toMatchObject({ status: 'error', account_id: null, error: { code } })
    expect(await eventsOf(tenant)).toEqual([])
  })

  it('after a failure its idempotency key answers that it was carried out, and nothing is sent again', async () => {
    const { state } = await begin(tenant)
    own.stripe.instead = () => 'hangUp'
    const send = () =>
      tenant.call(
        'POST',
        '/stripe-connections/callback',
        { code: 'ac_x', state },
        { 'idempotency-key': `failed ${state}` },
      )
    expect([(await send()).status, (await send()).status]).toEqual([502, 409])
    expect(own.stripe.sent('/oauth/token')).toHaveLength(1)
  })

  it('never says what Stripe said', async () => {
    const { state } = await begin(tenant)
    own.stripe.instead = () => json(400, { error: 'invalid_grant', error_description: 'canary-4711' })
    expect(JSON.stringify((await post({ code: 'ac_x', state })).body)).not.toContain('canary')
  })

  it('an exchange that a crash cut off is never made up for', async () => {
    const { state, connectionId } = await begin(tenant)
    await own.app.database.pool.query(
      "update stripe_states set consumed_at = now(), expires_at = now() - interval '1 second' where connection_id = (select id from stripe_connections order by created_at desc limit 1)",
    )
    await own.work(EXPIRE_JOB, { tenantId: tenant.id, connectionId })
    expect(await read(connectionId)).toMatchObject({ status: 'error', error: { code: 'outcome_unknown' } })
    expect(await post({ code: 'ac_x', state })).toMatchObject({ status: 409 })
    expect(own.stripe.requests).toEqual([])
  })
})

it('writes every step into the audit trail, without secrets', async () => {
  const { id } = await connectAccount(own, tenant)
  await tenant.call('DELETE', `/stripe-connections/${id}`)
  const rows = (await tenant.call('GET', '/audit-events?per_page=100')).body.data
  expect(
    rows.map((row: { action: string }) => row.action).filter((action: string) => action.startsWith('stripe')),
  ).toEqual(['stripe_connection.disconnect', 'stripe_connection.activate', 'stripe_connection.initialize'])
  expect(JSON.stringify(rows)).not.toMatch(/neverKeep|sk_live|ac_acct/)
  expect(await alertsOf(tenant)).toEqual([])
})
