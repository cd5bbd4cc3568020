import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestTenant } from '../../../test/setup/app.ts'
import { createOAuthApp, formOf, type OAuthApp, type Window } from '../../../test/setup/factories-oauth.ts'
import { linkToken, PASSWORD } from '../../../test/setup/factories-people.ts'

let bench: OAuthApp
let tenant: TestTenant
beforeAll(async () => {
  bench = await createOAuthApp()
  tenant = await bench.tenant()
})
afterAll(() => bench.stop())

const NEXT = 'another quiet harbour'
/** Whether whoever has this window is signed in. */
const isIn = async (window: Window): Promise<boolean> =>
  (await window.open('/auth/welcome')).body.includes('You are in')

async function invite(email: string, of = tenant): Promise<string> {
  await bench.api(of.key, 'POST', '/users', { email, role: 'reviewer' })
  return linkToken(bench.mails.at(-1)!)
}
const acceptUrl = (token: string) => `/auth/accept?token=${token}`
const login = (email: string, password: string) => bench.browser().post('/auth/login', { email, password })
async function resetLink(email: string): Promise<string> {
  await bench.browser().post('/auth/forgot', { email })
  await bench.runJobs()
  return `/auth/reset?token=${linkToken(bench.mails.at(-1)!)}`
}

describe('GET /auth/pages/look', () => {
  it('200: says before anybody signs in how the host name that was asked looks, and ours for every other', async () => {
    const branded = await bench.tenant()
    await bench.store.change(branded.id, { type: 'system', id: 'x', name: 'x', ip: null, requestId: null }, (tx) =>
      tx.run('update tenants set branding = $2 where tenant_id = $1', [
        tx.tenantUuid,
        JSON.stringify({ product_name: 'Fjord Pay', primary_color: '#8a2be2', custom_domain: 'pay.fjord.example' }),
      ]),
    )
    const look = async (host: string) => (await bench.send('GET', '/auth/pages/look', undefined, { host })).body
    expect(await look('pay.fjord.example:8443')).toEqual({
      product_name: 'Fjord Pay',
      logo_url: null,
      primary_color: '#8a2be2',
    })
    const ours = { product_name: 'Payymo', logo_url: null, primary_color: null }
    expect([await look('other.example'), await look('127.0.0.1')]).toEqual([ours, ours])
  })
})

describe('GET /auth/accept', () => {
  it('200: loads nothing, runs nothing, and sends the token on to nobody; looking uses nothing up', async () => {
    const token = await invite('looks@example.com')
    for (let time = 0; time < 3; time++) await bench.send('GET', acceptUrl(token))
    const { status, body, headers } = await bench.send('GET', acceptUrl(token), undefined, { 'accept-language': 'de' })
    expect([status, headers['content-language']]).toEqual([200, 'de'])
    expect(headers).toMatchObject({ 'referrer-policy': 'strict-origin', 'cache-control': 'no-store' })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self'/,
    )
    expect(body).toContain('looks@example.com')
    expect(body).toContain('Test Hosting')
    expect(body).not.toMatch(/<script|style="|src=|https?:\/\//)
    // Only the form has it: no link leads on with it.
    expect(body.split(token)).toHaveLength(2)
    expect(formOf(body)).toEqual({ action: '/auth/pages/accept', hidden: { token } })
  })

  it('wears the name and colour of the tenant that invites', async () => {
    const branded = await bench.tenant()
    await bench.store.change(branded.id, { type: 'system', id: 'x', name: 'x', ip: null, requestId: null }, (tx) =>
      tx.run('update tenants set name = $3, branding = $2 where tenant_id = $1', [
        tx.tenantUuid,
        JSON.stringify({ product_name: 'Pay & Co', primary_color: '#ffcc00' }),
        '<b>Firm</b>',
      ]),
    )
    const { body } = await bench.send('GET', acceptUrl(await invite('branded@example.com', branded)))
    expect(body).toContain('Pay &#38; Co')
    expect(body).toContain('&#60;b&#62;Firm')
    expect(body).toContain('--brand: #ffcc00')
  })

  it('422 with what to do, for a link that was used or never was', async () => {
    for (const url of [
      '/auth/accept',
      acceptUrl('made-up'),
      acceptUrl('x'.repeat(200)),
      '/auth/accept?token=1&token=2',
    ]) {
      const answer = await bench.send('GET', url)
      expect([url, answer.status]).toEqual([url, 422])
      expect(answer.body).toContain('ask whoever invited you')
    }
  })
})

describe('POST /auth/pages/accept', () => {
  it('303: leads to the dashboard', async () => {
    const token = await invite('direct@example.com')
    const own = { origin: new URL(bench.deps.publicUrl()).origin }
    const { status, headers } = await bench.send('POST', '/auth/pages/accept', { token, password: PASSWORD }, own)
    expect([status, headers.location]).toEqual([303, '/'])
  })

  it('303: a new person chooses a password and is in; then signs out', async () => {
    const window = bench.window()
    await window.open(acceptUrl(await invite('nina@example.com')))
    await window.submit({ name: ' Nina ', password: PASSWORD })
    const welcome = await window.open('/auth/welcome')
    expect([welcome.status, welcome.body]).toEqual([200, expect.stringContaining('You are in')])
    expect(welcome.body).toContain('nina@example.com')
    expect(welcome.body).toContain('href="/api/docs"')
    expect((await bench.api(tenant.key, 'GET', '/users?email=nina@example.com')).body.data[0]).toMatchObject({
      status: 'active',
      name: 'Nina',
    })
    expect((await login('nina@example.com', PASSWORD)).status).toBe(204)
    const page = window.page
    expect((await window.submit({ csrf_token: 'guessed' })).status).toBe(403)
    window.page = page
    const out = await window.submit({})
    expect([out.status, out.body]).toEqual([401, expect.stringContaining('You are not signed in')])
    expect((await window.open('/auth/welcome')).status).toBe(401)
  })

  it('says what is wrong with a password, and keeps the rest', async () => {
    const window = bench.window()
    const token = await invite('weak.page@example.com')
    await window.open(acceptUrl(token), { 'accept-language': 'de' })
    const weak = await window.submit({ name: 'Wanda', password: 'short' }, { 'accept-language': 'de' })
    expect([weak.status, weak.body]).toEqual([422, expect.stringContaining('mindestens 12 Zeichen')])
    expect(weak.body).toContain('value="Wanda"')
    expect(weak.body).not.toContain('short')
    const named = await window.submit({ password: 'weak.page@example.com' })
    expect([named.status, named.body]).toEqual([422, expect.stringContaining('made of your address')])
    const long = await window.submit({ name: 'x'.repeat(101), password: PASSWORD })
    expect([long.status, long.body]).toEqual([422, expect.stringContaining('100 characters')])
    await window.submit({ password: PASSWORD })
    expect(await isIn(window)).toBe(true)
    expect((await window.open(acceptUrl(token))).status).toBe(422)
  })

  it('asks somebody we know for the password he has, and for the code of his second factor', async () => {
    const ada = await bench.member(bench.adopt(await bench.tenant()))
    const { body: started } = await ada.post('/auth/second-factor')
    const totp = new TOTP({ secret: started.secret })
    const codeNow = () => totp.generate({ timestamp: bench.clock.now().getTime() })
    await ada.post('/auth/second-factor', { code: codeNow() })
    bench.clock.advance(30_000)
    const window = bench.window()
    const page = await window.open(acceptUrl(await invite(ada.email)))
    expect(page.body).toContain('has a password already')
    expect(page.body).not.toContain('name="code"')
    const wrong = await window.submit({ password: NEXT })
    expect([wrong.status, wrong.body]).toEqual([401, expect.stringContaining('Wrong e-mail address or password')])
    const first = await window.submit({ password: PASSWORD })
    expect([first.status, first.body]).toEqual([401, expect.stringContaining('name="code"')])
    expect((await window.submit({ password: PASSWORD, code: '000000' })).body).toContain('This code is not right')
    await window.submit({ password: PASSWORD, code: codeNow() })
    expect(await isIn(window)).toBe(true)
  })

  it('403 for a form of another site, and the invitation stays open; 422 for one without a token', async () => {
    const window = bench.window()
    await window.open(acceptUrl(await invite('led@example.com')))
    const { page } = window
    for (const headers of [
      { origin: 'https://evil.example.com' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'text/plain' },
    ]) {
      window.page = page
      const answer = await window.submit({ password: PASSWORD }, headers)
      expect([answer.status, window.cookie]).toEqual([403, undefined])
    }
    window.page = page
    expect((await window.submit({ password: PASSWORD, token: 'made-up' })).status).toBe(422)
    window.page = page
    await window.submit({ password: PASSWORD })
    expect(await isIn(window)).toBe(true)
  })

  it('leaves POST /auth/accept to JSON', async () => {
    const token = await invite('json@example.com')
    const answer = await bench.send('POST', '/auth/accept', { token, password: PASSWORD })
    expect([answer.status, answer.body.error.code]).toEqual([415, 'unsupported_media_type'])
    expect((await bench.browser().post('/auth/accept', { token, password: PASSWORD })).status).toBe(204)
  })

  it('leads back to its page who loads its address', async () => {
    const answer = await bench.send('GET', '/auth/pages/accept')
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/accept'])
  })
})

describe('/auth/forgot and /auth/reset', () => {
  it('the way from forgetting to a new password', async () => {
    const { email } = await bench.member(bench.adopt(await bench.tenant()))
    const window = bench.window()
    await window.open('/auth/forgot')
    const asked = await window.submit({ email })
    expect([asked.status, asked.body]).toEqual([200, expect.stringContaining('Check your mail')])
    await bench.runJobs()
    const token = linkToken(bench.mails.at(-1)!)
    const page = await window.open(`/auth/reset?token=${token}`)
    expect([page.status, page.headers['referrer-policy']]).toEqual([200, 'strict-origin'])
    expect(page.body).toContain(email)
    const weak = await window.submit({ password: 'password1234' })
    expect([weak.status, weak.body]).toEqual([422, expect.stringContaining('most common passwords')])
    const changed = await window.submit({ password: NEXT })
    expect([changed.status, changed.body]).toEqual([200, expect.stringContaining('Your password is changed')])
    expect((await login(email, NEXT)).status).toBe(204)
    expect((await login(email, PASSWORD)).status).toBe(401)
    const dead = await window.open(`/auth/reset?token=${token}`)
    expect([dead.status, dead.body]).toEqual([422, expect.stringContaining('Ask for another')])
  })

  it('tells nobody which addresses sign in here', async () => {
    const { email } = await bench.member(bench.adopt(await bench.tenant()))
    const answers = []
    for (const one of [email, 'nobody@example.com', '', 'x'.repeat(300)]) {
      const { status, headers } = await bench.send('POST', '/auth/pages/forgot', { email: one })
      answers.push([status, headers.location])
    }
    expect(new Set(answers.map(String))).toEqual(new Set(['303,/auth/pages/asked']))
  })

  it('403 for a form of another site', async () => {
    const { email } = await bench.member(bench.adopt(await bench.tenant()))
    const window = bench.window()
    await window.open(await resetLink(email))
    const answer = await window.submit({ password: NEXT }, { 'sec-fetch-site': 'same-site' })
    expect(answer.status).toBe(403)
    expect((await login(email, PASSWORD)).status).toBe(204)
  })
})

describe('limits', () => {
  it('429 and 503 as pages, with when to come back', async () => {
    let admitted: boolean | 'broken' = true
    const own = await createOAuthApp({
      limit: async (subject) => {
        if (admitted === 'broken') throw new Error('no counter')
        return { admitted: admitted || subject.startsWith('page'), retryAfterSeconds: 7 }
      },
    })
    const window = own.window()
    await window.open('/auth/forgot')
    const { page } = window
    admitted = false
    const many = await window.submit({ email: 'ada@example.com' })
    expect([many.status, many.headers['retry-after'], many.body]).toEqual([
      429,
      '7',
      expect.stringContaining('Too many tries'),
    ])
    expect(many.body).toContain('value="ada@example.com"')
    admitted = 'broken'
    window.page = page
    const broken = await window.submit({ email: 'ada@example.com' })
    expect([broken.status, broken.body]).toEqual([503, expect.stringContaining('Try again in a minute')])
    expect((await window.open('/auth/forgot')).status).toBe(200)
    await own.stop()
  })

  it('429 for a network that looks at pages without end', async () => {
    const own = await createOAuthApp({
      limit: async (subject) => ({ admitted: !subject.startsWith('page from:'), retryAfterSeconds: 7 }),
    })
    const answer = await own.send('GET', '/auth/accept?token=x')
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7'])
    await own.stop()
  })
})

describe('the API document', () => {
  it('leaves pages out: they are no interface', async () => {
    const app = await createTestApp()
    const { paths } = (await app.http.inject({ url: '/api/openapi.json' })).json() as { paths: Record<string, object> }
    expect(Object.keys(paths['/auth/accept']!)).toEqual(['post'])
    expect(Object.keys(paths).filter((path) => /^\/$|welcome|\/pages\//.test(path))).toEqual([])
    await app.stop()
  })
})
