import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { createPeopleApp, linkToken, PASSWORD, type PeopleApp } from '../../../test/setup/factories-people.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'

let people: PeopleApp
let tenant: TestTenant
beforeAll(async () => {
  people = await createPeopleApp()
  tenant = await people.tenant()
})
afterAll(() => people.stop())

const NEXT = 'another quiet harbour'
const DAY_MS = 86_400_000

/** Invites an address; the token of its link. */
async function invite(email: string, of = tenant): Promise<string> {
  await of.call('POST', '/users', { email, role: 'reviewer' })
  return linkToken(people.mails.at(-1)!)
}
const accept = (token: string, password = PASSWORD, browser = people.browser()) =>
  browser.post('/auth/accept', { token, password })
const login = (email: string, password: string) => people.browser().post('/auth/login', { email, password })

describe('POST /auth/accept', () => {
  it('204: a new person chooses a password, is active and signed in', async () => {
    const browser = people.browser()
    const token = await invite('new@example.com')
    const answer = await browser.post('/auth/accept', { token, password: PASSWORD, name: 'Nina' })
    expect([answer.status, answer.headers['set-cookie'] !== undefined]).toEqual([204, true])
    const me = await browser.send('GET', '/auth/me')
    expect(me.body.tenants).toMatchObject([{ id: tenant.id, role: 'reviewer' }])
    const user = await tenant.call('GET', `/users/${me.body.tenants[0].user_id}`)
    expect(user.body).toMatchObject({ status: 'active', name: 'Nina', invitation_expires_at: null })
    expect((await login('New@example.com', PASSWORD)).status).toBe(204)
  })

  it('401 for somebody we know until he gives the password he has; then 204', async () => {
    await accept(await invite('known@example.com'))
    const other = await people.tenant()
    const token = await invite('known@example.com', other)
    expect((await accept(token, NEXT)).status).toBe(401)
    expect((await accept(token, PASSWORD)).status).toBe(204)
    expect((await login('known@example.com', NEXT)).status).toBe(401)
  })

  it('422: a link works once, for seven days, and not when it is made up', async () => {
    const token = await invite('once@example.com')
    expect((await accept(token)).status).toBe(204)
    const late = await invite('late@example.com')
    const made = 'A'.repeat(43)
    people.clock.advance(7 * DAY_MS)
    for (const dead of [token, late, made, '']) {
      const answer = await accept(dead)
      expect([answer.status, answer.body.error.details]).toEqual([
        422,
        [{ field: 'token', issue: 'Is not valid, or not any more' }],
      ])
    }
  })

  it('204 a moment before seven days are over', async () => {
    const token = await invite('justintime@example.com')
    people.clock.advance(7 * DAY_MS - 1)
    expect((await accept(token)).status).toBe(204)
  })

  it('204 once when the link is used ten times at the same moment', async () => {
    const token = await invite('racing@example.com')
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token)))
    expect(answers.filter((answer) => answer.status === 204)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status >= 500)).toEqual([])
  })

  it('one person comes of two invitations accepted at the same moment', async () => {
    const other = await people.tenant()
    const tokens = [await invite('both@example.com'), await invite('both@example.com', other)]
    const answers = await Promise.all(tokens.map((token) => accept(token)))
    expect(answers.map((answer) => answer.status).toSorted((one, other) => one - other)[0]).toBe(204)
    for (const [index, answer] of answers.entries())
      if (answer.status === 409) expect((await accept(tokens[index]!)).status).toBe(204)
    const browser = people.browser()
    await browser.post('/auth/login', { email: 'both@example.com', password: PASSWORD })
    expect((await browser.send('GET', '/auth/me')).body.tenants).toHaveLength(2)
  })

  it('422: a password that is too easy', async () => {
    const token = await invite('weak.person@example.com')
    for (const weak of ['short', 'password1234', 'weak.person@example.com', 'TestHosting2026', 'x'.repeat(257)]) {
      const answer = await accept(token, weak)
      expect([answer.status, answer.body.error.details[0].field]).toEqual([422, 'password'])
    }
    expect((await accept(token, 'drei Äpfel am Weg')).status).toBe(204)
  })

  it('422: the invitation of a tenant that is suspended', async () => {
    const shut = await people.tenant()
    const token = await invite('shut@example.com', shut)
    await people.store.read(shut.id, (tx) =>
      tx.run("update tenants set status = 'suspended' where tenant_id = $1", [tx.tenantUuid]),
    )
    expect((await accept(token)).status).toBe(422)
  })
})

describe('POST /auth/forgot and /auth/reset', () => {
  const forgot = async (email: string) => {
    const answer = await people.browser().post('/auth/forgot', { email })
    return [answer.status, answer.body]
  }

  it('202 for every address, with the same steps; only who is let in gets a mail', async () => {
    await accept(await invite('forgetful@example.com'))
    const gone = await invite('gone@example.com')
    await accept(gone)
    const { data } = (await tenant.call('GET', '/users?email=gone@example.com')).body
    await tenant.call('DELETE', `/users/${data[0].id}`)
    await invite('onlyinvited@example.com')
    const before = people.mails.length
    const addresses = ['forgetful@example.com', 'gone@example.com', 'onlyinvited@example.com', 'nobody@example.com', '']
    for (const email of addresses)
      expect(await forgot(email)).toEqual([
        202,
        { message: 'If this address signs in here, a link is on its way to it.' },
      ])
    expect(await people.runJobs()).toBe(addresses.length)
    expect(people.mails.slice(before).map((mail) => mail.to)).toEqual(['forgetful@example.com'])
    expect(people.mails.at(-1)!.text).toContain('/auth/reset?token=')
  })

  it('204: the new password holds, every session ends, nobody is signed in, and the person is told', async () => {
    const browser = people.browser()
    await accept(await invite('renew@example.com'), PASSWORD, browser)
    await forgot('renew@example.com')
    await people.runJobs()
    const token = linkToken(people.mails.at(-1)!)
    const other = people.browser()
    const answer = await other.post('/auth/reset', { token, password: NEXT })
    expect([answer.status, other.cookie]).toEqual([204, undefined])
    expect((await browser.send('GET', '/auth/me')).status).toBe(401)
    expect((await login('renew@example.com', PASSWORD)).status).toBe(401)
    expect((await login('renew@example.com', NEXT)).status).toBe(204)
    await people.runJobs()
    expect(people.mails.at(-1)).toMatchObject({
      to: 'renew@example.com',
      subject: 'Your password was changed (Payymo)',
    })
    const rows = await people.store.read(OPERATOR_TENANT, (tx) =>
      tx.many<{ entry: string }>(
        "select entry::text as entry from audit_events where tenant_id = $1 and action = 'person.password_changed'",
        [tx.tenantUuid],
      ),
    )
    expect(JSON.parse(rows.at(-1)!.entry).actor).toMatchObject({ type: 'user', name: 'renew@example.com' })
    expect(rows.map((row) => row.entry).join()).not.toContain(NEXT)
  })

  it('leaves no session behind that was opened with the former password at the very same moment', async () => {
    await accept(await invite('moment@example.com'))
    await forgot('moment@example.com')
    await people.runJobs()
    const token = linkToken(people.mails.at(-1)!)
    const logins = Array.from({ length: 12 }, () => people.browser())
    const [reset] = await Promise.all([
      people.browser().post('/auth/reset', { token, password: NEXT }),
      ...logins.map((browser) => browser.post('/auth/login', { email: 'moment@example.com', password: PASSWORD })),
    ])
    expect(reset.status).toBe(204)
    for (const browser of logins) expect((await browser.send('GET', '/auth/me')).status).toBe(401)
  })

  it('is written into the audit trail of each tenant of the person, and mailed once in the name of the first', async () => {
    const browser = people.browser()
    const [first, second] = [await people.tenant({ settings: { locale: 'de' } }), await people.tenant()]
    await accept(await invite('both.tenants@example.com', first), PASSWORD, browser)
    await accept(await invite('both.tenants@example.com', second))
    await forgot('both.tenants@example.com')
    await people.runJobs()
    expect(people.mails.at(-1)!.subject).toBe('Neues Passwort für Payymo')
    const before = people.mails.length
    await browser.post('/auth/reset', { token: linkToken(people.mails.at(-1)!), password: NEXT })
    expect(await people.runJobs()).toBe(2)
    expect(people.mails.slice(before).map((mail) => mail.subject)).toEqual(['Ihr Passwort wurde geändert (Payymo)'])
    for (const [of, actions] of [
      [first, ['user.invite', 'user.accept', 'user.reset_requested', 'user.password_changed']],
      [second, ['user.invite', 'user.accept', 'user.password_changed']],
    ] as const) {
      const rows = await people.store.read(of.id, (tx) =>
        tx.many<{ action: string }>(
          "select action from audit_events where tenant_id = $1 and action like 'user.%' order by sequence",
          [tx.tenantUuid],
        ),
      )
      expect(rows.map((row) => row.action)).toEqual(actions)
    }
  })

  it('422: a link works once, within the hour, and dies with every other of the person', async () => {
    await accept(await invite('links@example.com'))
    const tokens: string[] = []
    for (let index = 0; index < 7; index++) {
      const before = people.mails.length
      await forgot('links@example.com')
      await people.runJobs()
      if (people.mails.length > before) tokens.push(linkToken(people.mails.at(-1)!))
    }
    expect(tokens).toHaveLength(5)
    const reset = (token: string) => people.browser().post('/auth/reset', { token, password: NEXT })
    const race = await Promise.all([reset(tokens[0]!), reset(tokens[0]!), reset(tokens[1]!)])
    expect(race.filter((answer) => answer.status === 204)).toHaveLength(1)
    for (const token of tokens) expect((await reset(token)).status).toBe(422)

    await forgot('links@example.com')
    await people.runJobs()
    people.clock.advance(3_600_000)
    expect((await reset(linkToken(people.mails.at(-1)!))).status).toBe(422)
    await people.sweep()
    expect(await people.store.directory((tx) => tx.many('select person_id from password_resets'))).toEqual([])
  })

  it('422: a weak one, and the link still holds', async () => {
    await accept(await invite('weakreset@example.com'))
    await forgot('weakreset@example.com')
    await people.runJobs()
    const token = linkToken(people.mails.at(-1)!)
    expect((await people.browser().post('/auth/reset', { token, password: 'weakreset@example.com' })).status).toBe(422)
    expect((await people.browser().post('/auth/reset', { token, password: NEXT })).status).toBe(204)
  })
})

describe('POST /auth/password', () => {
  it('204: other sessions end, this one goes on under a new id', async () => {
    const [here, there] = [people.browser(), people.browser()]
    await accept(await invite('change@example.com'), PASSWORD, here)
    await there.post('/auth/login', { email: 'change@example.com', password: PASSWORD })
    const before = here.cookie
    expect((await here.post('/auth/password', { current: PASSWORD, next: NEXT })).status).toBe(204)
    expect(here.cookie).not.toBe(before)
    expect((await here.send('GET', '/auth/me')).status).toBe(200)
    expect((await there.send('GET', '/auth/me')).status).toBe(401)
    expect((await people.browser().send('GET', '/auth/me', undefined, { cookie: before })).status).toBe(401)
    expect((await login('change@example.com', NEXT)).status).toBe(204)
  })

  it('422: the present one is wrong, or the next one weak', async () => {
    const browser = people.browser()
    await accept(await invite('careful@example.com'), PASSWORD, browser)
    const wrong = await browser.post('/auth/password', { current: NEXT, next: NEXT })
    expect([wrong.status, wrong.body.error.details[0].field]).toEqual([422, 'current'])
    const weak = await browser.post('/auth/password', { current: PASSWORD, next: 'careful@example.com' })
    expect([weak.status, weak.body.error.details[0].field]).toEqual([422, 'next'])
  })
})
