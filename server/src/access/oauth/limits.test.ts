import { afterEach, describe, expect, it } from 'vitest'
import { createOAuthApp, type OAuthApp } from '../../../test/setup/factories-oauth.ts'

const benches: OAuthApp[] = []
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop()
})

describe('tries are counted', () => {
  it('429 beyond so many wrong secrets a minute, while the right one goes on working', async () => {
    const counts = new Map<string, number>()
    const bench = await createOAuthApp({
      limit: async (subject, perMinute) => {
        const count = (counts.get(subject) ?? 0) + 1
        counts.set(subject, count)
        return { admitted: count <= perMinute, retryAfterSeconds: count <= perMinute ? 0 : 17 }
      },
    })
    benches.push(bench)
    const tenant = await bench.tenant()
    const client = await bench.client(tenant, { grant_types: ['client_credentials'], redirect_uris: [] })
    const form = { grant_type: 'client_credentials' }
    const answers = []
    for (let n = 0; n < 61; n++) answers.push(await client.token(form, { secret: 'wrong' }))
    expect(answers.slice(0, 60).every((answer) => answer.status === 401)).toBe(true)
    const last = answers.at(-1)!
    expect([last.status, last.headers['retry-after'], last.body.error]).toEqual([429, '17', 'temporarily_unavailable'])
    expect((await client.token(form)).status).toBe(200)
    expect((await client.token(form, { secret: 'wrong', ip: '192.0.2.7' })).status).toBe(401)
    expect(bench.refused.filter((line) => line === `${client.id}: wrong_secret`)).toHaveLength(62)

    // So many calls of any kind from one network are enough.
    counts.set('oauth from:192.0.2.8', 600)
    expect((await client.token(form, { ip: '192.0.2.8' })).status).toBe(429)
    const page = await bench.send('GET', client.url(), undefined, { ip: '192.0.2.8' })
    expect(page.status).toBe(429)
  })

  it('429: whoever tries passwords on this page is counted as on any other way to sign in', async () => {
    const full = 'sign-in from:192.0.2.9'
    const bench = await createOAuthApp({
      limit: async (subject) => ({ admitted: subject !== full, retryAfterSeconds: subject === full ? 17 : 0 }),
    })
    benches.push(bench)
    const client = await bench.client(await bench.tenant())
    const window = bench.window()
    const given = { email: 'ada@example.com', password: 'not the right one' }
    await window.open(client.url())
    expect((await window.submit(given, { ip: '192.0.2.7' })).status).toBe(401)
    const refused = await window.submit(given, { ip: '192.0.2.9' })
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '17'])
  })

  it('503 while nobody can count', async () => {
    const bench = await createOAuthApp({ limit: () => Promise.reject(new Error('counter away')) })
    benches.push(bench)
    const answer = await bench.send('POST', '/oauth/token', { grant_type: 'client_credentials' })
    expect([answer.status, answer.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(answer.headers).toHaveProperty('retry-after')
  })
})
