import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  type Client,
  codeOf,
  createOAuthApp,
  type OAuthApp,
  REDIRECT_URI,
} from '../../../test/setup/factories-oauth.ts'

let bench: OAuthApp
let tenant: TestTenant
let email: string
/** Signed in once; every code comes from here. */
let client: Client
let other: Client

beforeAll(async () => {
  bench = await createOAuthApp()
  tenant = await bench.tenant()
  email = (await bench.member(tenant)).email
  client = await bench.client(tenant, { redirect_uris: [REDIRECT_URI, `${REDIRECT_URI}/two`] })
  other = await bench.client(tenant)
})
afterAll(() => bench.stop())

const code = () => codeOf(bench.window(), client, email)

describe('POST /oauth/token, a code', () => {
  const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
  /** What is wrong, what the client sends instead, and what it is told (RFC 6749, 5.2; RFC 7636, 4.6). */
  const cases: [string, Record<string, string>, string][] = [
    ['no code', { code: '' }, 'invalid_request'],
    ['a made-up code', { code: 'pc_0123456789012345678901234567890123456789012' }, 'invalid_grant'],
    ['no redirect_uri', { redirect_uri: '' }, 'invalid_request'],
    ['another redirect_uri of the client', { redirect_uri: `${REDIRECT_URI}/two` }, 'invalid_grant'],
    ['the same redirect_uri spelled otherwise', { redirect_uri: `${REDIRECT_URI}?` }, 'invalid_grant'],
    ['no verifier', { code_verifier: '' }, 'invalid_request'],
    ['another verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    ['a verifier that is too short', { code_verifier: 'a'.repeat(42) }, 'invalid_grant'],
    ['no grant_type', { grant_type: '' }, 'invalid_request'],
    ['an unknown grant_type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a grant_type the client has not', { grant_type: 'client_credentials' }, 'unauthorized_client'],
  ]
  it('400 for each fault, and the code still works for whoever has it by right', async () => {
    const good = await code()
    for (const [name, change, error] of cases) {
      const answer = await client.exchange(good, change)
      expect([name, answer.status, answer.body.error]).toEqual([name, 400, error])
      expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    }
    const plain = await client.exchange(good, { code_verifier: challengeOf(client.verifier) })
    expect(plain.body.error).toBe('invalid_grant')
    expect((await other.exchange(good, { code_verifier: client.verifier })).body.error).toBe('invalid_grant')
    expect((await client.exchange(good)).status).toBe(200)
    bench.clock.advance(61_000)
  })

  it('200 within 60 seconds, 400 at the sixtieth', async () => {
    const [early, late] = [await code(), await code()]
    bench.clock.advance(59_999)
    expect((await client.exchange(early)).status).toBe(200)
    bench.clock.advance(1)
    expect((await client.exchange(late)).body.error).toBe('invalid_grant')
  })

  it('400 the second time, and what the first time gave ends', async () => {
    const once = await code()
    const { body: first } = await client.exchange(once)
    expect(await bench.callerOf(first.access_token)).toBeDefined()
    // Another client that got hold of the code cannot end it.
    expect((await other.exchange(once)).body.error).toBe('invalid_grant')
    expect(await bench.callerOf(first.access_token)).toBeDefined()
    bench.clock.advance(3_000_000)
    expect((await client.exchange(once)).body.error).toBe('invalid_grant')
    expect(await bench.callerOf(first.access_token)).toBeUndefined()
    const refresh = await client.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    expect(refresh.body.error).toBe('invalid_grant')
    expect((await bench.audited(tenant.id, 'oauth_grant.revoke')).at(-1)).toMatchObject({
      resource: { id: client.id },
      changes: { reason: 'code_used_twice' },
    })
  })

  it('of ten uses at once one gets tokens, and they end as well', async () => {
    const once = await code()
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.exchange(once)))
    const given = answers.filter((answer) => answer.status === 200)
    expect(given).toHaveLength(1)
    expect(await bench.callerOf(given[0]!.body.access_token)).toBeUndefined()
  })
})

describe('POST /oauth/token, a refresh token', () => {
  const refresh = (token: string, more: Record<string, string> = {}, by = client) =>
    by.token({ grant_type: 'refresh_token', refresh_token: token, ...more })

  it('200 for less, and the next one may ask for all again', async () => {
    const first = await bench.tokens(client, email)
    const narrow = await refresh(first.refresh_token, { scope: 'transactions:read' })
    expect(narrow.body.scope).toBe('transactions:read')
    expect((await bench.callerOf(narrow.body.access_token))!.permissions).toEqual(new Set(['transactions:read']))
    expect((await refresh(narrow.body.refresh_token)).body.scope).toBe('transactions:read transactions:write')
  })

  it('400 for more than was granted, a word nobody knows, another client, and no token', async () => {
    const first = await bench.tokens(client, email, 'transactions:read')
    expect((await refresh(first.refresh_token, { scope: 'transactions:write' })).body.error).toBe('invalid_scope')
    expect((await refresh(first.refresh_token, { scope: 'transactions:read  ' })).body.error).toBe('invalid_scope')
    expect((await refresh(first.refresh_token, { scope: 'openid' })).body.error).toBe('invalid_scope')
    expect((await refresh(first.refresh_token, {}, other)).body.error).toBe('invalid_grant')
    expect((await refresh(first.access_token)).body.error).toBe('invalid_grant')
    expect((await refresh('')).body.error).toBe('invalid_request')
    expect((await refresh(first.refresh_token)).status).toBe(200)
  })

  it('400 the second time, and the whole family ends', async () => {
    const first = await bench.tokens(client, email)
    const { body: second } = await refresh(first.refresh_token)
    const { body: third } = await refresh(second.refresh_token)
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
    for (const token of [first, second, third]) expect(await bench.callerOf(token.access_token)).toBeUndefined()
    expect((await refresh(third.refresh_token)).body.error).toBe('invalid_grant')
    expect((await bench.audited(tenant.id, 'oauth_grant.revoke')).at(-1)).toMatchObject({
      changes: { reason: 'refresh_used_twice' },
    })
  })

  it('of ten uses at once one gets tokens, and they end as well', async () => {
    const first = await bench.tokens(client, email)
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(first.refresh_token)))
    const given = answers.filter((answer) => answer.status === 200)
    expect(given).toHaveLength(1)
    expect(await bench.callerOf(given[0]!.body.access_token)).toBeUndefined()
  })

  it('400 after thirty days without use', async () => {
    const first = await bench.tokens(client, email)
    bench.clock.advance(30 * 24 * 3_600_000)
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  })
})

describe('POST /oauth/token, the client', () => {
  const form = { grant_type: 'client_credentials' }

  it('401 for a wrong secret, none, one of another, and a client that never was', async () => {
    const machine = await bench.client(tenant, { grant_types: ['client_credentials'], redirect_uris: [] })
    const wrong = [
      await machine.token(form, { secret: `${machine.secret}x` }),
      await machine.token(form, { secret: other.secret! }),
      await bench.send('POST', '/oauth/token', { ...form, client_id: machine.id }),
      await bench.send('POST', '/oauth/token', {
        ...form,
        client_id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab',
        client_secret: 'x',
      }),
      await bench.send('POST', '/oauth/token', { ...form, client_id: 'nonsense' }),
      await bench.send('POST', '/oauth/token', form),
      await bench.send('POST', '/oauth/token', form, { authorization: 'Basic !!' }),
      await bench.send('POST', '/oauth/token', form, { authorization: `Bearer ${tenant.key}` }),
    ]
    for (const { status, body } of wrong) expect([status, body]).toEqual([401, wrong[0]!.body])
    expect(wrong[0]!.headers['www-authenticate']).toBe('Basic realm="Payymo OAuth"')
    expect(wrong[2]!.headers).not.toHaveProperty('www-authenticate')
    expect(bench.refused).toContain(`${machine.id}: wrong_secret`)
    expect(bench.refused).toContain('oauth client: unknown')
  })

  it('401 once it is switched off or gone', async () => {
    const machine = await bench.client(tenant, { grant_types: ['client_credentials'], redirect_uris: [] })
    const path = `/oauth-applications/${machine.id}`
    await bench.api(tenant.key, 'PATCH', path, { status: 'disabled' })
    expect((await machine.token(form)).status).toBe(401)
    await bench.api(tenant.key, 'PATCH', path, { status: 'active' })
    expect((await machine.token(form)).status).toBe(200)
    await bench.api(tenant.key, 'DELETE', path)
    expect((await machine.token(form)).status).toBe(401)
  })

  it('400 for two proofs at once, two names, more than it may, a field twice, and what is no form', async () => {
    const machine = await bench.client(tenant, { grant_types: ['client_credentials'], redirect_uris: [] })
    const said = async (fields: Record<string, string>) => (await machine.token({ ...form, ...fields })).body.error
    expect(await said({ client_secret: machine.secret! })).toBe('invalid_request')
    expect(await said({ client_id: other.id })).toBe('invalid_request')
    expect(await said({ client_id: machine.id, scope: 'users:write' })).toBe('invalid_scope')
    const twice = await bench.send('POST', '/oauth/token', 'grant_type=a&grant_type=b')
    expect([twice.status, twice.body]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'The parameter grant_type is given twice' },
    ])
    const json = await bench.send('POST', '/oauth/token', form, { 'content-type': 'application/json' })
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request'])
  })
})

describe('POST /oauth/revoke', () => {
  it('200 for an access token alone, for one that is gone, and for one that never was', async () => {
    const first = await bench.tokens(client, email)
    for (const token of [first.access_token, first.access_token, 'never']) {
      const answer = await client.revoke(token)
      expect([answer.status, answer.body]).toEqual([200, ''])
    }
    expect(await bench.callerOf(first.access_token)).toBeUndefined()
    const next = await client.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    expect(next.status).toBe(200)
    expect((await bench.audited(tenant.id, 'oauth_token.revoke')).at(-1)).toMatchObject({
      actor: { type: 'application', id: client.id },
    })
  })

  it("400 for another client's token, which goes on; 400 without one; 401 without the secret", async () => {
    const first = await bench.tokens(client, email)
    expect((await other.revoke(first.refresh_token)).body.error).toBe('invalid_grant')
    expect((await client.revoke('')).body.error).toBe('invalid_request')
    expect((await bench.send('POST', '/oauth/revoke', { token: 'x', client_id: client.id })).status).toBe(401)
    expect(await bench.callerOf(first.access_token)).toBeDefined()
  })
})

describe('what the database keeps', () => {
  it('is digests: no secret, code or token is in any row', async () => {
    const first = await bench.tokens(client, email)
    const rows = await bench.store.read(tenant.id, async (tx) => {
      const tables = ['oauth_applications', 'oauth_grants', 'oauth_tokens', 'audit_events']
      const all = []
      for (const table of tables)
        all.push(await tx.many(`select t::text as row from ${table} t where tenant_id = $1`, [tx.tenantUuid]))
      return JSON.stringify(all)
    })
    const spellings = (secret: string) => [
      secret,
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64'),
    ]
    for (const secret of [client.secret!, first.access_token as string, first.refresh_token as string]) {
      for (const text of spellings(secret)) expect(rows).not.toContain(text)
    }
    expect(rows).toContain(createHash('sha256').update(first.access_token).digest('hex'))
  })
})
