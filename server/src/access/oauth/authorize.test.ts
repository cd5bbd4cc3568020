import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  type Client,
  createOAuthApp,
  formOf,
  type OAuthApp,
  REDIRECT_URI,
} from '../../../test/setup/factories-oauth.ts'
import { PASSWORD } from '../../../test/setup/factories-people.ts'
import { languageOf } from '../pages/language.ts'

let bench: OAuthApp
let tenant: TestTenant
let client: Client

beforeAll(async () => {
  bench = await createOAuthApp()
  tenant = await bench.tenant()
  client = await bench.client(tenant)
})
afterAll(() => bench.stop())

describe('GET /oauth/authorize', () => {
  it('400, and sends nobody anywhere, when client or address is not known', async () => {
    const others = await bench.client(tenant, { redirect_uris: ['https://other.example.com/'] })
    for (const change of [
      { client_id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab' },
      { client_id: undefined },
      { redirect_uri: undefined },
      { redirect_uri: 'https://other.example.com/' },
      { redirect_uri: `${REDIRECT_URI}/` },
      { redirect_uri: `${REDIRECT_URI}?x=1` },
      { redirect_uri: REDIRECT_URI.toUpperCase() },
      { redirect_uri: 'https://evil.example.com/' },
      { client_id: others.id },
    ]) {
      const { status, headers, body } = await bench.send('GET', client.url(change))
      expect([status, headers.location]).toEqual([400, undefined])
      expect(body).not.toContain('evil')
    }
    const twice = await bench.send('GET', `${client.url()}&redirect_uri=https%3A%2F%2Fevil.example.com%2F`)
    expect([twice.status, twice.headers.location]).toEqual([400, undefined])
  })

  it('303 back with the reason, the state and who says so', async () => {
    const cases: [Record<string, string | undefined>, string][] = [
      [{ response_type: undefined }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_mode: 'fragment' }, 'invalid_request'],
      [{ request: 'eyJ' }, 'invalid_request'],
      [{ code_challenge: undefined }, 'invalid_request'],
      [{ code_challenge: 'short' }, 'invalid_request'],
      [{ code_challenge_method: undefined }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ scope: 'users:write' }, 'invalid_scope'],
      [{ scope: 'transactions:read nonsense' }, 'invalid_scope'],
      [{ scope: '*' }, 'invalid_scope'],
    ]
    for (const [change, error] of cases) {
      const answer = await bench.send('GET', client.url(change))
      const to = new URL(answer.headers.location as string)
      expect([change, answer.status, to.origin + to.pathname]).toEqual([change, 303, REDIRECT_URI])
      expect(Object.fromEntries(to.searchParams)).toEqual({
        error,
        error_description: expect.any(String),
        state: client.state,
        iss: 'http://127.0.0.1:8080',
      })
    }
    const machine = await bench.client(tenant, { grant_types: ['client_credentials'] })
    const answer = await bench.send('GET', machine.url())
    expect(answer.headers.location).toContain('error=unauthorized_client')
  })

  it("keeps the query of the client's own address as it is", async () => {
    const own = `${REDIRECT_URI}?a=b%20c&d`
    const asking = await bench.client(tenant, { redirect_uris: [own] })
    const { headers } = await bench.send('GET', asking.url({ redirect_uri: own, response_type: 'x', state: 'a b&c=ü' }))
    const location = headers.location as string
    expect(location.startsWith(`${own}&error=`)).toBe(true)
    expect(new URL(location).searchParams.get('state')).toBe('a b&c=ü')
  })

  it('200: a page that loads nothing, runs nothing and cannot be framed, in the language of the browser', async () => {
    await bench.api(tenant.key, 'PATCH', `/oauth-applications/${client.id}`, { name: '<script>alert(1)</script>' })
    const { status, body, headers } = await bench.send('GET', client.url(), undefined, {
      'accept-language': 'fr, de-AT;q=0.8, en;q=0.5',
    })
    await bench.api(tenant.key, 'PATCH', `/oauth-applications/${client.id}`, { name: 'Ledger' })
    expect(status).toBe(200)
    const nonce = /<style nonce="([^"]+)">/.exec(body)![1]
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-language': 'de',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    })
    expect(body).toContain('Anmelden')
    expect(body).not.toMatch(/<script|style="|src=|https?:\/\//)
    expect(languageOf(undefined)).toBe('en')
    expect(languageOf('de;q=0')).toBe('en')
  })

  it('wears the colours of the tenant', async () => {
    const branded = await bench.tenant()
    const own = await bench.client(branded)
    await bench.store.change(branded.id, { type: 'system', id: 'x', name: 'x', ip: null, requestId: null }, (tx) =>
      tx.run('update tenants set branding = $2 where tenant_id = $1', [
        tx.tenantUuid,
        JSON.stringify({ product_name: 'Pay & Co', primary_color: '#ffcc00' }),
      ]),
    )
    const { body } = await bench.send('GET', own.url())
    expect(body).toContain('Pay &#38; Co')
    expect(body).toContain('--brand: #ffcc00; --on: #12161c')
  })
})

describe('POST /oauth/authorize', () => {
  it('401 for a wrong password, with the address still there; then on', async () => {
    const ada = await bench.member(tenant)
    const window = bench.window()
    await window.open(client.url())
    const wrong = await window.submit({ email: ada.email, password: 'not this one' })
    expect([wrong.status, wrong.body]).toEqual([401, expect.stringContaining('Wrong e-mail address or password')])
    expect(wrong.body).toContain(`value="${ada.email}"`)
    expect(wrong.body).not.toContain('not this one')
    expect(window.cookie).toBeUndefined()
    const right = await window.submit({ email: ada.email, password: PASSWORD })
    expect(right.body).toContain('asks for access')
  })

  it('asks for the second factor', async () => {
    const ada = await bench.member(tenant)
    const { body: started } = await ada.post('/auth/second-factor')
    const totp = new TOTP({ secret: started.secret })
    const codeNow = () => totp.generate({ timestamp: bench.clock.now().getTime() })
    await ada.post('/auth/second-factor', { code: codeNow() })
    bench.clock.advance(30_000)
    const window = bench.window()
    await window.open(client.url())
    const first = await window.submit({ email: ada.email, password: PASSWORD })
    expect([first.status, first.body]).toEqual([401, expect.stringContaining('name="code"')])
    const wrong = await window.submit({ email: ada.email, password: PASSWORD, code: '000000' })
    expect(wrong.body).toContain('This code is not right')
    const right = await window.submit({ email: ada.email, password: PASSWORD, code: codeNow() })
    expect(right.body).toContain('asks for access')
  })

  it('303 with access_denied when the person does not allow it', async () => {
    const ada = await bench.member(tenant)
    const window = bench.window()
    await window.open(client.url())
    await window.submit({ email: ada.email, password: PASSWORD })
    await window.submit({ action: 'deny' })
    expect(Object.fromEntries(window.landed().searchParams)).toMatchObject({
      error: 'access_denied',
      state: client.state,
    })
  })

  it('403 for what another site, another page or nobody sent, and nothing is granted', async () => {
    const ada = await bench.member(tenant)
    const window = bench.window()
    await window.open(client.url())
    await window.submit({ email: ada.email, password: PASSWORD })
    const granted = (await bench.audited(tenant.id, 'oauth_grant.create')).length
    const { page } = window
    for (const [fields, headers] of [
      [{ csrf_token: 'guessed' }, {}],
      [{}, { origin: 'https://evil.example.com' }],
      [{}, { 'sec-fetch-site': 'cross-site' }],
      [{}, { origin: undefined }],
    ] as const) {
      window.page = page
      const answer = await window.submit({ action: 'approve', ...fields }, headers)
      expect([answer.status, answer.headers.location]).toEqual([403, undefined])
    }
    window.page = page
    const unknown = await window.submit({ action: 'everything' })
    expect(unknown.status).toBe(403)
    // Somebody without a session only sees the page to sign in.
    const stranger = bench.window()
    stranger.page = page
    expect((await stranger.submit({ action: 'approve' })).body).toContain('Sign in')
    // And nobody is signed in by another site (login CSRF).
    await stranger.open(client.url())
    const led = await stranger.submit(
      { email: ada.email, password: PASSWORD },
      { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' },
    )
    expect([led.status, stranger.cookie]).toEqual([403, undefined])
    expect(await bench.audited(tenant.id, 'oauth_grant.create')).toHaveLength(granted)
  })

  it('asks for the password again when it was typed more than ten minutes ago', async () => {
    const ada = await bench.member(tenant)
    const window = bench.window()
    await window.open(client.url())
    const consent = await window.submit({ email: ada.email, password: PASSWORD })
    bench.clock.advance(601_000)
    const late = await window.submit({ action: 'approve' })
    expect([late.status, late.body]).toEqual([200, expect.stringContaining('Enter your password again')])
    const wrong = await window.submit({ password: 'not this one' })
    expect(wrong.status).toBe(401)
    const cookie = window.cookie
    const again = await window.submit({ password: PASSWORD })
    expect(again.body).toContain('asks for access')
    expect(window.cookie).not.toBe(cookie)
    // The page from before belongs to a session id that is no more.
    expect(formOf(again.body).hidden.csrf_token).not.toBe(formOf(consent.body).hidden.csrf_token)
    await window.submit({ action: 'approve' })
    expect(window.landed().searchParams.get('code')).toMatch(/^pc_/)
  })

  it('403 where the person has nothing to give, and another account may', async () => {
    const stranger = await bench.member(await bench.tenant())
    const viewer = await bench.member(tenant, 'viewer')
    const writer = await bench.client(tenant, { permissions: ['transactions:write'] })
    const window = bench.window()
    for (const { email } of [stranger, viewer]) {
      await window.open(writer.url({ prompt: 'login' }))
      const answer = await window.submit({ email, password: PASSWORD })
      expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('Nothing to allow')])
      expect(answer.body).toContain('error&#61;access_denied'.replace('&#61;', '='))
    }
    const owner = await bench.member(tenant)
    const other = /<a href="([^"]+prompt=login[^"]*)"/.exec(window.page.body)![1]!.replaceAll('&#38;', '&')
    await window.open(other)
    expect((await window.submit({ email: owner.email, password: PASSWORD })).body).toContain('asks for access')
  })
})
