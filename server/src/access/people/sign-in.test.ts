import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestTenant } from '../../../test/setup/app.ts'
import { createPeopleApp, type Member, PASSWORD, type PeopleApp } from '../../../test/setup/factories-people.ts'
import { uuidOf } from '../../base/ids.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { systemActor } from '../../events/audit.ts'
import { createAuthenticate } from '../credentials/authenticate.ts'
import { inviteFirstOwner, inviteUser, type PeopleDeps, peopleTokens } from './index.ts'

let people: PeopleApp
let tenant: TestTenant
let ada: Member
beforeAll(async () => {
  people = await createPeopleApp()
  tenant = await people.tenant()
  ada = await people.member(tenant, 'owner')
})
afterAll(() => people.stop())

const login = (email: string, password = PASSWORD, browser = people.browser()) =>
  browser.post('/auth/login', { email, password })

/** Asks as a process that has nothing in memory. */
const whoIs = (token: string) =>
  createAuthenticate([peopleTokens(people.deps)])(`Bearer ${token}`, { ip: '127.0.0.1', requestId: 'req_x' })

describe('signing in', () => {
  it('204 and a cookie that no script reads and no other site sends', async () => {
    const answer = await login(ada.email.toUpperCase())
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(answer.headers['set-cookie']).toMatch(/^payymo_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('204 over https: the cookie is bound to this host and to https', async () => {
    const secure = await createPeopleApp({ publicUrl: 'https://pay.example.com' })
    const member = await secure.member(await secure.tenant())
    const answer = await member.post('/auth/login', { email: member.email, password: PASSWORD })
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-payymo=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect((await member.send('GET', '/auth/me')).status).toBe(200)
    expect((await member.post('/auth/logout')).headers['set-cookie']).toBe(
      '__Host-payymo=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0',
    )
    await secure.stop()
  })

  it('401: one answer for an unknown address, a wrong password and somebody disabled everywhere', async () => {
    const gone = await people.member(tenant, 'viewer')
    await tenant.call('PATCH', `/users/${gone.id}`, { status: 'disabled' })
    const answers = [
      await login('nobody@example.com'),
      await login(ada.email, 'quiet harbour light'),
      await login(gone.email),
      await login('', ''),
      await login("' or 1=1 --"),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect({ ...answer.body.error, request_id: '' }).toEqual({
        code: 'authentication_required',
        message: 'Wrong e-mail address or password',
        details: [],
        request_id: '',
        retryable: false,
      })
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect(people.refused.slice(-5)).toEqual([
      'password: unknown',
      'password: wrong_secret',
      'password: wrong_secret',
      'password: unknown',
      'password: unknown',
    ])
  })

  it('400: a body in another shape; 415: a form, which any page could send', async () => {
    expect((await people.browser().post('/auth/login', { email: ada.email })).status).toBe(400)
    const form = await people.http.inject({
      method: 'POST',
      url: '/auth/login',
      headers: { 'content-type': 'text/plain' },
      payload: JSON.stringify({ email: ada.email, password: PASSWORD }),
    })
    expect(form.statusCode).toBe(415)
  })

  it('401: an id that the browser brought along is never taken over, and its session ends', async () => {
    const victim = people.browser()
    victim.cookie = `payymo_session=${'A'.repeat(43)}`
    await login(ada.email, PASSWORD, victim)
    expect(victim.cookie).not.toContain('A'.repeat(43))
    const former = people.browser()
    former.cookie = victim.cookie
    await login(ada.email, PASSWORD, victim)
    expect((await former.send('GET', '/auth/me')).status).toBe(401)
    expect((await victim.send('GET', '/auth/me')).status).toBe(200)
  })

  it('401 after 30 minutes without use, and after 12 hours with it', async () => {
    const idle = people.browser()
    await login(ada.email, PASSWORD, idle)
    people.clock.advance(29 * 60_000)
    expect((await idle.send('GET', '/auth/me')).status).toBe(200)
    people.clock.advance(30 * 60_000 + 1000)
    expect((await idle.send('GET', '/auth/me')).status).toBe(401)

    const busy = people.browser()
    await login(ada.email, PASSWORD, busy)
    let token = ''
    for (let minute = 0; minute < 12 * 60; minute += 20) {
      token = await busy.token()
      people.clock.advance(20 * 60_000)
    }
    expect((await busy.post('/auth/token')).status).toBe(200)
    people.clock.advance(1000)
    expect((await busy.post('/auth/token')).status).toBe(401)
    await expect(whoIs(token)).rejects.toMatchObject({ code: 'authentication_required' })
    // What has run out is swept away.
    await login(ada.email, PASSWORD, people.browser())
    people.clock.advance(31 * 60_000)
    await people.sweep()
    const left = await people.store.directory((tx) => tx.many('select id from sessions'))
    expect(left).toEqual([])
    await login(ada.email, PASSWORD, ada)
  })

  it('204 for signing out, twice as well; the session and its tokens are gone', async () => {
    const browser = people.browser()
    await login(ada.email, PASSWORD, browser)
    const [cookie, token] = [browser.cookie, await browser.token()]
    expect((await whoIs(token)).actor.id).toBe(ada.id)
    expect((await browser.post('/auth/logout')).status).toBe(204)
    expect((await browser.post('/auth/logout')).status).toBe(204)
    browser.cookie = cookie
    expect((await browser.send('GET', '/auth/me')).status).toBe(401)
    await expect(whoIs(token)).rejects.toMatchObject({ message: 'Invalid or expired API key' })
  })

  it('429 by account and by address, 503 while the counter is broken', async () => {
    const seen: string[] = []
    let answer: PeopleDeps['limit'] = async () => ({ admitted: true, retryAfterSeconds: 0 })
    const limited = await createPeopleApp({
      limit: (subject, perMinute) => {
        seen.push(`${subject} ${perMinute}`)
        return answer(subject, perMinute)
      },
    })
    const member = await limited.member(await limited.tenant())
    const trial = () => limited.browser('10.1.2.3').post('/auth/login', { email: member.email, password: PASSWORD })
    seen.length = 0
    expect((await trial()).status).toBe(204)
    expect(seen).toEqual([
      'sign-in from:10.1.2.3 60',
      `sign-in:${member.email} from:10.1.2.3 10`,
      `sign-in:${member.email} 200`,
    ])
    answer = async () => ({ admitted: false, retryAfterSeconds: 42 })
    const refused = await trial()
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '42'])
    answer = () => Promise.reject(new Error('counter down'))
    expect((await trial()).status).toBe(503)
    expect((await member.post('/auth/forgot', { email: member.email })).status).toBe(503)
    await limited.stop()
  })

  it('429 for who guesses, 204 from elsewhere at the same moment; guesses from everywhere come to an end', async () => {
    const used = new Map<string, number>()
    const limited = await createPeopleApp({
      limit: async (subject, perMinute) => {
        const uses = used.get(subject) ?? 0
        if (uses < perMinute) used.set(subject, uses + 1)
        return { admitted: uses < perMinute, retryAfterSeconds: 30 }
      },
    })
    const member = await limited.member(await limited.tenant())
    used.clear()
    const trial = async (ip: string, password: string) =>
      (await limited.browser(ip).post('/auth/login', { email: member.email, password })).status
    const guesses: number[] = []
    for (let n = 0; n < 13; n++) guesses.push(await trial('203.0.113.9', 'a guess at random'))
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429, 429, 429])
    // What was refused there is not counted for the account.
    expect(used.get(`sign-in:${member.email}`)).toBe(10)
    expect(await trial('198.51.100.7', PASSWORD)).toBe(204)
    used.set(`sign-in:${member.email}`, 200)
    expect(await trial('198.51.100.8', 'a guess at random')).toBe(429)
    await limited.stop()
  })
})

describe('tokens', () => {
  it('200: a bearer token for the tenant asked for, with the rights of the role there', async () => {
    const other = await people.tenant()
    await people.member(other, 'viewer', ada.email)
    await login(ada.email, PASSWORD, ada)
    const me = await ada.send('GET', '/auth/me')
    expect(me.body).toMatchObject({
      email: ada.email,
      second_factor: false,
      csrf_token: ada.csrf,
      tenants: [
        { id: tenant.id, name: 'Test Hosting', role: 'owner', status: 'active', user_id: ada.id },
        { id: other.id, role: 'viewer' },
      ],
    })
    const first = await ada.post('/auth/token')
    expect(first.body).toEqual({ access_token: expect.stringMatching(/^pu_[0-9A-Za-z]{43}$/), expires_in: 600 })
    expect(await whoIs(first.body.access_token)).toMatchObject({
      kind: 'tenant',
      tenantId: tenant.id,
      actor: { type: 'user', id: ada.id, name: 'Ada', ip: '127.0.0.1' },
      permissions: new Set(['*']),
      signedInAt: people.clock.now(),
    })
    const there = await whoIs(await ada.token(other.id))
    expect([there.tenantId, there.permissions.has('users:write')]).toEqual([other.id, false])
    people.clock.advance(600_000)
    await expect(whoIs(first.body.access_token)).rejects.toMatchObject({ code: 'authentication_required' })
  })

  it('are swept away once they have run out; that the session was here before is not forgotten', async () => {
    const member = await people.member(tenant, 'viewer')
    for (let n = 0; n < 3; n++) {
      await member.token()
      people.clock.advance(600_000)
    }
    const present = await member.token()
    await people.sweep()
    expect((await whoIs(present)).actor.id).toBe(member.id)
    const counts = () =>
      people.store.read(tenant.id, (tx) =>
        tx.one<{ tokens: number; signed_in: number }>(
          `select (select count(*)::int from access_tokens where tenant_id = $1 and user_id = $2) as tokens,
                  (select count(*)::int from audit_events
                    where tenant_id = $1 and action = 'user.sign_in' and entry -> 'actor' ->> 'id' = $3) as signed_in`,
          [tx.tenantUuid, uuidOf(member.id), member.id],
        ),
      )
    const before = await counts()
    expect(before.tokens).toBe(1)
    people.clock.advance(601_000)
    await people.sweep()
    await member.token()
    expect(await counts()).toEqual({ tokens: 2, signed_in: before.signed_in })
    await login(ada.email, PASSWORD, ada)
  })

  it('200 for a program that holds the cookie and is no browser', async () => {
    const answer = await people.http.inject({
      method: 'POST',
      url: '/auth/token',
      headers: { cookie: ada.cookie!, 'content-type': 'application/json' },
      payload: '{}',
    })
    expect(answer.statusCode).toBe(200)
  })

  it('404 for a tenant one does not belong to, 403 where one is disabled or all is suspended, 400 for no id', async () => {
    const foreign = await people.tenant()
    const shut = await people.tenant()
    const there = await people.member(shut, 'viewer', ada.email)
    const ask = (tenant_id: string) => ada.post('/auth/token', { tenant_id })
    expect((await ask(foreign.id)).status).toBe(404)
    expect((await ask('ten_01jrfzq4v8m2k9d7t5x3w1c0ab')).status).toBe(404)
    expect((await ask('nonsense')).status).toBe(400)
    const token = await ada.token(shut.id)
    await people.store.read(shut.id, (tx) =>
      tx.run("update tenants set status = 'suspended' where tenant_id = $1", [tx.tenantUuid]),
    )
    expect((await ask(shut.id)).status).toBe(403)
    await expect(whoIs(token)).rejects.toMatchObject({ code: 'authentication_required' })
    await people.store.read(shut.id, (tx) =>
      tx.run("update tenants set status = 'active' where tenant_id = $1", [tx.tenantUuid]),
    )
    await shut.call('PATCH', `/users/${there.id}`, { status: 'disabled' })
    expect((await ask(shut.id)).status).toBe(403)
    expect(people.refused).toContain(`${there.id}: tenant_not_active`)
  })

  it('401: who is disabled or removed is out at once, session and tokens', async () => {
    for (const [method, patch] of [
      ['PATCH', { status: 'disabled' }],
      ['DELETE', undefined],
    ] as const) {
      const member = await people.member(tenant, 'reviewer')
      const token = await member.token()
      expect((await whoIs(token)).actor.id).toBe(member.id)
      await tenant.call(method, `/users/${member.id}`, patch)
      await expect(whoIs(token)).rejects.toMatchObject({ code: 'authentication_required' })
      expect((await member.send('GET', '/auth/me')).status).toBe(401)
      expect((await member.post('/auth/token')).status).toBe(401)
    }
  })

  it('401: a key opens no session route, a cookie nothing of the API, a made-up token nothing', async () => {
    const withKey = await people.http.inject({
      method: 'GET',
      url: '/auth/me',
      headers: { authorization: `Bearer ${tenant.key}` },
    })
    expect(withKey.statusCode).toBe(401)
    const withCookie = await ada.send('GET', '/api/v1/users')
    expect([withCookie.status, withCookie.body.error.message]).toEqual([401, 'API key is required'])
    await expect(whoIs(`pu_${'x'.repeat(43)}`)).rejects.toMatchObject({ message: 'Invalid or expired API key' })
  })

  it('signs in to a tenant once per session in its audit trail', async () => {
    const own = await people.tenant()
    const member = await people.member(own)
    await member.token()
    await member.token()
    const rows = await people.store.read(own.id, (tx) =>
      tx.many("select 1 from audit_events where tenant_id = $1 and action = 'user.sign_in'", [tx.tenantUuid]),
    )
    expect(rows).toHaveLength(1)
    expect((await own.call('GET', `/users/${member.id}`)).body.last_signed_in_at).not.toBeNull()
  })
})

describe('the first people', () => {
  it('of the operator sign in like all others and call as the operator', async () => {
    const wanted = { email: 'root@operator.example', name: 'Root' }
    const first = await inviteFirstOwner(people.deps, OPERATOR_TENANT, wanted)
    expect(first!.link).toContain('/auth/accept?token=')
    expect(await inviteFirstOwner(people.deps, OPERATOR_TENANT, wanted)).toBeUndefined()
    const browser = people.browser()
    const token = new URL(first!.link).searchParams.get('token')
    expect((await browser.post('/auth/accept', { token, password: PASSWORD })).status).toBe(204)
    expect(await whoIs(await browser.token())).toMatchObject({
      kind: 'operator',
      tenantId: OPERATOR_TENANT,
      actor: { type: 'user', name: 'Root' },
    })
    expect((await browser.api('GET', '/users')).status).toBe(403)
  })

  it('need no mail: the link is handed over', async () => {
    const { store, clock, publicUrl } = people.deps
    const mails = people.mails.length
    const own = await people.tenant()
    const wanted = { email: 'hand@example.com', name: '', role: 'owner' as const }
    const made = await inviteUser({ store, clock, publicUrl }, own.id, systemActor('test'), new Set(['*']), wanted)
    expect(made.user.status).toBe('invited')
    expect(people.mails).toHaveLength(mails)
  })
})

describe('rows of people', () => {
  it('are shown to nobody but the person, and to the directory in named columns', async () => {
    const app = await createTestApp()
    const counts = await app.store.read(OPERATOR_TENANT, async (tx) => [
      await tx.many('select 1 from people'),
      await tx.many('select 1 from sessions'),
      await tx.many('select 1 from recovery_codes'),
      await tx.many('select 1 from password_resets'),
    ])
    expect(counts.flat()).toEqual([])
    await app.stop()
    expect(await people.store.read(tenant.id, (tx) => tx.many('select 1 from people'))).toEqual([])
    expect(await people.store.read(tenant.id, (tx) => tx.many('select 1 from sessions'))).toEqual([])
    await expect(people.store.directory((tx) => tx.many('select password_hash from people'))).rejects.toMatchObject({
      code: '42501',
    })
    await expect(people.store.directory((tx) => tx.many('select email from users'))).rejects.toMatchObject({
      code: '42501',
    })
    const unfenced = await people.app.database.pool.query(
      `select relname from pg_class where relname = any($1) and not (relrowsecurity and relforcerowsecurity)`,
      [['people', 'sessions', 'recovery_codes', 'password_resets', 'users', 'access_tokens']],
    )
    expect(unfenced.rows).toEqual([])
  })

  it('hold no cookie, token, link or password in clear', async () => {
    const browser = people.browser()
    await login(ada.email, PASSWORD, browser)
    const token = await browser.token()
    await browser.post('/auth/forgot', { email: ada.email })
    await people.runJobs()
    const link = /token=([\w-]+)/.exec(people.mails.at(-1)!.text)![1]!
    const tables = ['people', 'sessions', 'recovery_codes', 'password_resets', 'users', 'access_tokens', 'audit_events']
    const dumped: string[] = []
    for (const table of tables) {
      const { rows } = await people.app.database.pool.query(`select t::text as row, t from ${table} t`)
      dumped.push(JSON.stringify(rows))
    }
    const all = dumped.join('\n')
    expect(all).toContain(ada.email)
    const secrets = [browser.cookie!.split('=')[1]!, token, link, PASSWORD, browser.csrf!]
    for (const secret of secrets) {
      expect(all).not.toContain(secret)
      expect(all).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })
})
