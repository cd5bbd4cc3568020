import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import {
  type Browser,
  createPeopleApp,
  linkToken,
  type Member,
  PASSWORD,
  type PeopleApp,
} from '../../../test/setup/factories-people.ts'

let people: PeopleApp
let tenant: TestTenant
beforeAll(async () => {
  people = await createPeopleApp()
  tenant = await people.tenant()
})
afterAll(() => people.stop())

/** The code an app shows, `steps` of 30 s from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: people.clock.now().getTime() + steps * 30_000,
  })
const login = (member: Member, code?: string, browser: Browser = people.browser()) =>
  browser.post('/auth/login', { email: member.email, password: PASSWORD, ...(code === undefined ? {} : { code }) })
const reasonOf = (answer: { body: { error: { details: { issue: string }[] } } }) => answer.body.error.details[0]?.issue

/** Somebody whose second factor is on. The code of the present time step is used up. */
async function guarded(): Promise<{ member: Member; secret: string; recovery: string[] }> {
  const member = await people.member(tenant, 'reviewer')
  const { secret } = (await member.post('/auth/second-factor')).body as { secret: string }
  const confirmed = await member.post('/auth/second-factor', { code: codeOf(secret) })
  return { member, secret, recovery: confirmed.body.recovery_codes as string[] }
}

describe('the second factor', () => {
  it('200: a secret for the app, on once a code of it is confirmed, with recovery codes shown once', async () => {
    const member = await people.member(tenant, 'reviewer')
    const other = people.browser()
    await login(member, undefined, other)
    const started = await member.post('/auth/second-factor')
    expect(started.status).toBe(200)
    expect(started.body.otpauth_uri).toMatch(
      new RegExp(`^otpauth://totp/Payymo:${encodeURIComponent(member.email)}\\?.*secret=${started.body.secret}`),
    )
    // Nothing has changed yet.
    expect((await login(member)).status).toBe(204)
    const wrong = await member.post('/auth/second-factor', { code: codeOf(started.body.secret, 5) })
    expect([wrong.status, wrong.body.error.details[0].field]).toEqual([422, 'code'])

    const before = member.cookie
    const confirmed = await member.post('/auth/second-factor', { code: codeOf(started.body.secret) })
    expect(confirmed.body.recovery_codes).toHaveLength(10)
    expect(new Set(confirmed.body.recovery_codes).size).toBe(10)
    expect(member.cookie).not.toBe(before)
    expect((await member.send('GET', '/auth/me')).body.second_factor).toBe(true)
    expect((await other.send('GET', '/auth/me')).status).toBe(401)
    await people.runJobs()
    expect(people.mails.at(-1)!.subject).toBe('Signing in now needs a code of your app (Payymo)')

    const row = await people.app.database.pool.query('select row_to_json(p)::text as text from people p')
    const codes = await people.app.database.pool.query("select encode(digest, 'escape') as text from recovery_codes")
    const stored = JSON.stringify([row.rows, codes.rows])
    expect(stored).not.toContain(started.body.secret)
    for (const code of confirmed.body.recovery_codes as string[]) expect(stored).not.toContain(code)
  })

  it('401: the code is asked for behind the right password only, counts once, and one step of drift is allowed', async () => {
    const { member, secret } = await guarded()
    const wrong = await people.browser().post('/auth/login', { email: member.email, password: 'wrong', code: '000000' })
    expect([wrong.status, wrong.body.error.details]).toEqual([401, []])
    const missing = await login(member)
    expect([missing.status, reasonOf(missing)]).toEqual([401, 'second_factor_required'])

    // The code that switched it on is used up.
    expect(reasonOf(await login(member, codeOf(secret)))).toBe('second_factor_invalid')
    people.clock.advance(60_000)
    const code = codeOf(secret)
    const race = await Promise.all(Array.from({ length: 5 }, () => login(member, code)))
    expect(race.filter((answer) => answer.status === 204)).toHaveLength(1)
    expect((await login(member, codeOf(secret, -1))).status).toBe(401)
    expect((await login(member, codeOf(secret, 2))).status).toBe(401)
    expect((await login(member, codeOf(secret, 1))).status).toBe(204)
    people.clock.advance(90_000)
    expect((await login(member, codeOf(secret, -1))).status).toBe(204)
  })

  it('401: after ten wrong codes in a row none is looked at for 15 minutes, also the right one', async () => {
    const { member, secret } = await guarded()
    people.clock.advance(60_000)
    for (let guess = 0; guess < 10; guess++) expect((await login(member, codeOf(secret, 100 + guess))).status).toBe(401)
    expect((await login(member, codeOf(secret))).status).toBe(401)
    people.clock.advance(15 * 60_000)
    expect((await login(member, codeOf(secret))).status).toBe(204)
  })

  it('204 with a recovery code, once, however it is typed; the person is told', async () => {
    const { member, recovery } = await guarded()
    const typed = recovery[0]!.toUpperCase().replaceAll('-', ' ')
    expect((await login(member, typed)).status).toBe(204)
    await people.runJobs()
    expect(people.mails.at(-1)).toMatchObject({
      to: member.email,
      subject: 'A recovery code was used to sign in (Payymo)',
    })
    expect((await login(member, recovery[0])).status).toBe(401)
    expect((await login(member, recovery[1])).status).toBe(204)
  })

  it('401: no way around it: accepting an invitation, confirming, resetting the password', async () => {
    const { member, secret } = await guarded()
    const elsewhere = await people.tenant()
    await elsewhere.call('POST', '/users', { email: member.email, role: 'viewer' })
    const invitation = linkToken(people.mails.at(-1)!)
    const accept = (code?: string) =>
      people.browser().post('/auth/accept', { token: invitation, password: PASSWORD, ...(code ? { code } : {}) })
    expect(reasonOf(await accept())).toBe('second_factor_required')
    expect(reasonOf(await member.post('/auth/confirm', { password: PASSWORD }))).toBe('second_factor_required')
    people.clock.advance(60_000)
    expect((await member.post('/auth/confirm', { password: PASSWORD, code: codeOf(secret) })).status).toBe(204)
    people.clock.advance(60_000)
    expect((await accept(codeOf(secret))).status).toBe(204)

    await people.browser().post('/auth/forgot', { email: member.email })
    await people.runJobs()
    const token = linkToken(people.mails.at(-1)!)
    const reset = await people.browser().post('/auth/reset', { token, password: 'another quiet harbour' })
    expect(reset.status).toBe(204)
    const after = await people.browser().post('/auth/login', { email: member.email, password: 'another quiet harbour' })
    expect(reasonOf(after)).toBe('second_factor_required')
  })

  it('409: not twice, and not confirmed before it is started', async () => {
    const { member } = await guarded()
    expect((await member.post('/auth/second-factor')).status).toBe(409)
    const other = await people.member(tenant, 'viewer')
    expect((await other.post('/auth/second-factor', { code: '123456' })).status).toBe(409)
    expect((await other.send('DELETE', '/auth/second-factor', { password: PASSWORD })).status).toBe(409)
  })

  it('403 without a sign-in of the last ten minutes; 422 for a wrong password; 204, and it is off', async () => {
    const { member, secret, recovery } = await guarded()
    people.clock.advance(11 * 60_000)
    const stale = await member.send('DELETE', '/auth/second-factor', { password: PASSWORD })
    expect([stale.status, reasonOf(stale)]).toEqual([403, 'fresh_sign_in_required'])
    await member.post('/auth/confirm', { password: PASSWORD, code: codeOf(secret) })
    const wrong = await member.send('DELETE', '/auth/second-factor', { password: 'wrong' })
    expect([wrong.status, wrong.body.error.details[0].field]).toEqual([422, 'password'])
    expect((await member.send('DELETE', '/auth/second-factor', { password: PASSWORD })).status).toBe(204)
    expect((await login(member)).status).toBe(204)
    const again = await member.post('/auth/second-factor')
    expect(again.body.secret).not.toBe(secret)
    people.clock.advance(30_000)
    await member.post('/auth/second-factor', { code: codeOf(again.body.secret) })
    expect((await login(member, recovery[2])).status).toBe(401)
  })
})
