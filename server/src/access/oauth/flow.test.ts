import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOAuthApp, type OAuthApp, REDIRECT_URI } from '../../../test/setup/factories-oauth.ts'
import { PASSWORD } from '../../../test/setup/factories-people.ts'
import type { TestTenant } from '../../../test/setup/app.ts'
import { makeChild, makePartner } from '../../../test/setup/factories-tenants.ts'
import { systemActor } from '../../events/audit.ts'
import { changeTenant } from '../index.ts'
import { oauthSlice } from './index.ts'

let bench: OAuthApp
let tenant: TestTenant

beforeAll(async () => {
  bench = await createOAuthApp()
  tenant = await bench.tenant()
})
afterAll(() => bench.stop())

describe('a client that knows nothing but the protocol', () => {
  it('finds the endpoints, sends the person there, gets tokens, calls, refreshes and revokes', async () => {
    const ada = await bench.member(tenant, 'reviewer')
    const client = await bench.client(tenant)
    const found = (await bench.send('GET', '/.well-known/oauth-authorization-server')).body
    expect(found).toMatchObject({
      issuer: 'http://127.0.0.1:8080',
      authorization_endpoint: 'http://127.0.0.1:8080/oauth/authorize',
      token_endpoint: 'http://127.0.0.1:8080/oauth/token',
      revocation_endpoint: 'http://127.0.0.1:8080/oauth/revoke',
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })

    const window = bench.window()
    const signIn = await window.open(client.url({ scope: 'transactions:read' }))
    expect([signIn.status, signIn.body]).toEqual([200, expect.stringContaining('Sign in')])
    const consent = await window.submit({ email: ada.email, password: PASSWORD })
    expect(consent.body).toContain('See transactions')
    expect(consent.body).not.toContain('Change transactions')
    expect(consent.body).toContain('ledger.example.com')
    const back = await window.submit({ action: 'approve' })
    expect(back.status).toBe(303)
    const { searchParams, origin, pathname } = window.landed()
    expect(origin + pathname).toBe(REDIRECT_URI)
    expect([searchParams.get('state'), searchParams.get('iss')]).toEqual([client.state, found.issuer])

    const first = await client.exchange(searchParams.get('code')!)
    expect(first.status).toBe(200)
    expect(first.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' })
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^po_[0-9A-Za-z]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'transactions:read',
      refresh_token: expect.stringMatching(/^pr_[0-9A-Za-z]{43}$/),
    })
    expect((await bench.api(first.body.access_token, 'GET', '/transactions')).status).toBe(200)
    const refused = await bench.api(first.body.access_token, 'GET', '/api-keys')
    expect([refused.status, refused.body.error.details]).toEqual([
      403,
      [{ field: 'permission', issue: 'api_keys:read' }],
    ])
    // It is the grant that ends there, whatever the person's role holds.
    expect(refused.body.error.message).toBe('This application does not have the permission api_keys:read')

    const second = await client.token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token })
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token)
    expect(await bench.callerOf(second.body.access_token)).toMatchObject({
      tenantId: tenant.id,
      actor: { type: 'user', id: ada.id, name: 'Ada (Ledger)' },
      signedInAt: null,
    })

    expect((await client.revoke(second.body.refresh_token)).status).toBe(200)
    expect(await bench.callerOf(second.body.access_token)).toBeUndefined()
    const granted = await bench.audited(tenant.id, 'oauth_grant.create')
    expect(granted.at(-1)).toMatchObject({
      actor: { type: 'user', id: ada.id },
      resource: { type: 'application', id: client.id },
      changes: { after: { permissions: ['transactions:read'] } },
    })
    expect(await bench.audited(tenant.id, 'oauth_grant.revoke')).toHaveLength(1)
  })

  it('acts as itself with client credentials, in its own tenant', async () => {
    const client = await bench.client(tenant, { grant_types: ['client_credentials'], redirect_uris: [] })
    const { status, body } = await client.token({ grant_type: 'client_credentials' })
    expect([status, body.scope]).toEqual([200, 'transactions:read transactions:write'])
    expect(body).not.toHaveProperty('refresh_token')
    expect((await bench.api(body.access_token, 'GET', '/transactions')).status).toBe(200)
    expect(await bench.callerOf(body.access_token)).toMatchObject({
      kind: 'tenant',
      tenantId: tenant.id,
      actor: { type: 'application', id: client.id, name: 'Ledger' },
      signedInAt: null,
    })
    const narrow = await client.token(
      { grant_type: 'client_credentials', scope: 'transactions:read' },
      { basic: false },
    )
    expect(narrow.body.scope).toBe('transactions:read')
    bench.clock.advance(3_600_000)
    expect((await bench.api(body.access_token, 'GET', '/transactions')).status).toBe(401)
  })

  it('keeps no secret where it can keep none: PKCE alone', async () => {
    const ada = await bench.member(tenant)
    const client = await bench.client(tenant, {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1:9911/callback', REDIRECT_URI],
    })
    expect(client.secret).toBeNull()
    const first = await bench.tokens(client, ada.email)
    const next = await client.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    expect(next.status).toBe(200)
    expect(
      (await client.token({ grant_type: 'refresh_token', refresh_token: next.body.refresh_token }, { secret: 'x' }))
        .status,
    ).toBe(401)
    expect((await client.revoke(next.body.access_token)).status).toBe(200)
    expect(await bench.callerOf(next.body.access_token)).toBeUndefined()
    expect(await bench.callerOf(first.access_token)).toBeDefined()
  })

  it('of a partner reaches the tenants of that partner, and the person chooses', async () => {
    const above = await makePartner(bench.app)
    const child = bench.adopt(await makeChild(bench.app, above, { name: 'Child & Sons' }))
    const partner = bench.adopt(above)
    const email = 'grace@example.com'
    await bench.member(partner, 'viewer', email)
    await bench.member(child, 'owner', email)
    await bench.member(tenant, 'owner', email)
    const client = await bench.client(partner)
    const window = bench.window()
    await window.open(client.url())
    const consent = await window.submit({ email, password: PASSWORD })
    expect(consent.body).toContain('Child &#38; Sons')
    expect(consent.body).not.toContain(tenant.id)
    await window.submit({ action: 'approve', tenant_id: child.id })
    const { body } = await client.exchange(window.landed().searchParams.get('code')!)
    expect(await bench.callerOf(body.access_token)).toMatchObject({ tenantId: child.id, partner: false })
    expect(body.scope).toBe('transactions:read transactions:write')

    // In the partner's own tenant the same person only looks.
    await window.open(client.url())
    await window.submit({ action: 'approve', tenant_id: partner.id })
    const own = await client.exchange(window.landed().searchParams.get('code')!)
    expect(own.body.scope).toBe('transactions:read')

    // Another tenant of the person is no choice, also for those who make one of it.
    await window.open(client.url())
    const refused = await window.submit({ action: 'approve', tenant_id: tenant.id })
    expect(refused.body).toContain('asks for access')

    // It ends with the application, wherever it acts.
    expect((await partner.call('PATCH', `/oauth-applications/${client.id}`, { status: 'disabled' })).status).toBe(200)
    expect(await bench.callerOf(body.access_token)).toBeUndefined()
    expect((await partner.call('PATCH', `/oauth-applications/${client.id}`, { status: 'active' })).status).toBe(200)
    expect(await bench.callerOf(body.access_token)).toBeDefined()
    // And with the bond between the two.
    await changeTenant(bench, child.id, systemActor('test'), { parent_id: null })
    expect(await bench.callerOf(body.access_token)).toBeUndefined()
    expect((await client.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).body.error).toBe(
      'invalid_grant',
    )
  })
})

describe('what a token may do follows what stands behind it, without a word to the client', () => {
  it('the role of the person', async () => {
    const owner = await bench.member(tenant, 'owner')
    const ada = await bench.member(tenant, 'reviewer')
    const client = await bench.client(tenant)
    const { access_token: token, refresh_token: refresh } = await bench.tokens(client, ada.email)
    expect((await bench.callerOf(token))!.permissions).toEqual(new Set(['transactions:read', 'transactions:write']))
    await owner.api('PATCH', `/users/${ada.id}`, { role: 'viewer' })
    expect((await bench.callerOf(token))!.permissions).toEqual(new Set(['transactions:read']))
    const next = await client.token({ grant_type: 'refresh_token', refresh_token: refresh })
    expect(next.body.scope).toBe('transactions:read')
    await owner.api('PATCH', `/users/${ada.id}`, { status: 'disabled' })
    expect(await bench.callerOf(token)).toBeUndefined()
    expect(
      (await client.token({ grant_type: 'refresh_token', refresh_token: next.body.refresh_token })).body,
    ).toMatchObject({ error: 'invalid_grant' })
  })

  it('the role of the person, at this very moment where keys and members are touched', async () => {
    const ada = await bench.member(tenant, 'admin')
    const client = await bench.client(tenant, { permissions: ['*'] })
    const { access_token: token } = await bench.tokens(client, ada.email)
    expect((await bench.api(token, 'GET', '/users')).status).toBe(200)
    await bench.api(tenant.key, 'PATCH', `/users/${ada.id}`, { role: 'viewer' })
    const invited = await bench.api(token, 'POST', '/users', { email: 'friend@example.com', role: 'viewer' })
    expect(invited.status).toBe(403)
  })

  it('a role that rises gives the application no more than was granted', async () => {
    const owner = await bench.member(tenant, 'owner')
    const ada = await bench.member(tenant, 'viewer')
    const client = await bench.client(tenant)
    const { access_token: token } = await bench.tokens(client, ada.email)
    await owner.api('PATCH', `/users/${ada.id}`, { role: 'owner' })
    expect((await bench.callerOf(token))!.permissions).toEqual(new Set(['transactions:read']))
  })

  it('the permissions of the application, and its state', async () => {
    const ada = await bench.member(tenant)
    const client = await bench.client(tenant, { permissions: ['*'] })
    const { access_token: token } = await bench.tokens(client, ada.email)
    expect((await bench.callerOf(token))!.permissions).toEqual(new Set(['*']))
    const patch = (body: object) => bench.api(tenant.key, 'PATCH', `/oauth-applications/${client.id}`, body)
    await patch({ permissions: ['invoices:read'] })
    expect((await bench.callerOf(token))!.permissions).toEqual(new Set(['invoices:read']))
    await patch({ status: 'disabled' })
    expect(await bench.callerOf(token)).toBeUndefined()
    await patch({ status: 'active' })
    expect(await bench.callerOf(token)).toBeDefined()
    expect((await bench.api(tenant.key, 'DELETE', `/oauth-applications/${client.id}`)).status).toBe(204)
    expect(await bench.callerOf(token)).toBeUndefined()
  })

  it('the state of the tenant', async () => {
    const resting = await bench.tenant()
    const ada = await bench.member(resting)
    const client = await bench.client(resting, {
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    })
    const { access_token: token, refresh_token: refresh } = await bench.tokens(client, ada.email)
    const { body: own } = await client.token({ grant_type: 'client_credentials' })
    await changeTenant(bench, resting.id, systemActor('test'), { status: 'suspended' })
    for (const each of [token, own.access_token]) expect(await bench.callerOf(each)).toBeUndefined()
    expect((await client.token({ grant_type: 'client_credentials' })).body.error).toBe('invalid_client')
    expect((await client.token({ grant_type: 'refresh_token', refresh_token: refresh })).body.error).toBe(
      'invalid_client',
    )
    expect((await bench.window().open(client.url())).status).toBe(400)
    await changeTenant(bench, resting.id, systemActor('test'), { status: 'active' })
    expect(await bench.callerOf(token)).toBeDefined()
    expect((await client.token({ grant_type: 'refresh_token', refresh_token: refresh })).status).toBe(200)
  })

  it('forgets what has run out, and keeps what has not', async () => {
    const ada = await bench.member(tenant)
    const client = await bench.client(tenant)
    const first = await bench.tokens(client, ada.email)
    const count = (table: string) =>
      bench.store.read(tenant.id, async (tx) => {
        const row = await tx.one<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = $1`, [
          tx.tenantUuid,
        ])
        return row.n
      })
    bench.clock.advance(25 * 3_600_000)
    const sweep = oauthSlice(bench.deps).sweeps![0]!
    await sweep.run()
    const next = await client.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    expect(next.status).toBe(200)
    bench.clock.advance(31 * 24 * 3_600_000)
    expect((await client.token({ grant_type: 'refresh_token', refresh_token: next.body.refresh_token })).status).toBe(
      400,
    )
    await sweep.run()
    expect([await count('oauth_tokens'), await count('oauth_grants')]).toEqual([0, 0])
  })
})
