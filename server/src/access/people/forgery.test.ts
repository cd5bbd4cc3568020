import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPeopleApp, type Member, PASSWORD, type PeopleApp } from '../../../test/setup/factories-people.ts'

let people: PeopleApp
let ada: Member
beforeAll(async () => {
  people = await createPeopleApp({ publicUrl: 'https://pay.example.com' })
  ada = await people.member(await people.tenant())
})
afterAll(() => people.stop())

const OURS = 'https://pay.example.com'
type Headers = Record<string, string | undefined>

/** What a browser, or somebody who misuses one, may send; what it answers with everything else in order. */
const TABLE: [string, Headers, 'taken' | 'refused'][] = [
  ['a page of ours', {}, 'taken'],
  ['a page of ours in a browser without Sec-Fetch-Site', { 'sec-fetch-site': undefined }, 'taken'],
  [
    "a page of ours on a tenant's own domain",
    { origin: 'https://pay.hoster.example', host: 'pay.hoster.example' },
    'taken',
  ],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'refused'],
  [
    'another site that hides Sec-Fetch-Site',
    { origin: 'https://evil.example', 'sec-fetch-site': undefined },
    'refused',
  ],
  ['another site that hides its Origin', { origin: undefined, 'sec-fetch-site': 'cross-site' }, 'refused'],
  ['a sister domain', { origin: 'https://blog.example.com', 'sec-fetch-site': 'same-site' }, 'refused'],
  ['another port of our host', { origin: 'https://pay.example.com:8443', 'sec-fetch-site': 'same-site' }, 'refused'],
  ['our host without TLS', { origin: 'http://pay.example.com', 'sec-fetch-site': 'cross-site' }, 'refused'],
  [
    'our host without TLS, Sec-Fetch-Site hidden',
    { origin: 'http://pay.example.com', 'sec-fetch-site': undefined },
    'refused',
  ],
  ['a sandboxed frame', { origin: 'null' }, 'refused'],
  ['our name as a prefix', { origin: 'https://pay.example.com.evil.example', 'sec-fetch-site': undefined }, 'refused'],
  ['an address typed by the person, which never posts', { 'sec-fetch-site': 'none' }, 'refused'],
]
const TOKENS: [string, Headers][] = [
  ['no token', { 'x-csrf-token': undefined }],
  ['an empty token', { 'x-csrf-token': '' }],
  ['a made-up token', { 'x-csrf-token': 'A'.repeat(43) }],
  ['no Origin', { origin: undefined, 'sec-fetch-site': undefined }],
]
const WRITES: [string, string, unknown][] = [
  ['POST', '/auth/logout', undefined],
  ['POST', '/auth/confirm', { password: PASSWORD }],
  ['POST', '/auth/password', { current: PASSWORD, next: 'another quiet harbour' }],
  ['POST', '/auth/second-factor', {}],
  ['DELETE', '/auth/second-factor', { password: PASSWORD }],
]

describe('requests that a cookie lets in', () => {
  it.each(TABLE)('%s: %o is %s', async (_who, headers, outcome) => {
    const answer = await ada.post('/auth/token', {}, headers)
    expect(answer.status).toBe(outcome === 'taken' ? 200 : 403)
    const confirmed = await ada.post('/auth/confirm', { password: PASSWORD }, headers)
    expect(confirmed.status).toBe(outcome === 'taken' ? 204 : 403)
    if (outcome === 'refused') {
      expect(confirmed.body.error.details[0]).toEqual({ field: 'reason', issue: 'forged_request' })
      // Nobody is signed in as somebody else by a foreign page either.
      const login = await people.browser().post('/auth/login', { email: ada.email, password: PASSWORD }, headers)
      expect([login.status, login.headers['set-cookie']]).toEqual([403, undefined])
    }
  })

  it.each(WRITES)('403 for %s %s without the session’s own token or without Origin', async (method, path, body) => {
    for (const [, headers] of TOKENS) {
      const answer = await ada.send(method, path, body, headers)
      expect([answer.status, answer.body.error.code]).toEqual([403, 'permission_denied'])
    }
    expect((await ada.send('GET', '/auth/me')).status).toBe(200)
  })

  it('403 with the token of another session; each new id has a token of its own', async () => {
    const other = people.browser()
    await other.post('/auth/login', { email: ada.email, password: PASSWORD })
    expect((await ada.post('/auth/confirm', { password: PASSWORD }, { 'x-csrf-token': other.csrf })).status).toBe(403)
    const before = ada.csrf
    await ada.post('/auth/confirm', { password: PASSWORD })
    expect(ada.csrf).not.toBe(before)
    expect((await ada.post('/auth/confirm', { password: PASSWORD }, { 'x-csrf-token': before })).status).toBe(403)
    expect((await ada.send('GET', '/auth/me')).body.csrf_token).toBe(ada.csrf)
  })

  it('403 for a token from a browser without the header; no Origin ever gets its own answer back', async () => {
    expect((await ada.post('/auth/token', {}, { 'x-csrf-token': undefined })).status).toBe(403)
    const answer = await ada.post('/auth/token', {}, { origin: OURS })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('401 without a session, before anything else is said; two cookies of the name are none', async () => {
    expect((await people.browser().post('/auth/confirm', { password: PASSWORD })).status).toBe(401)
    const twice = `${ada.cookie}; ${ada.cookie}`
    expect((await ada.send('GET', '/auth/me', undefined, { cookie: twice })).status).toBe(401)
    const plainName = ada.cookie!.replace('__Host-payymo', 'payymo_session')
    expect((await ada.send('GET', '/auth/me', undefined, { cookie: plainName })).status).toBe(401)
  })
})
