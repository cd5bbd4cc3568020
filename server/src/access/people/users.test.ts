import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPeopleApp, linkToken, type PeopleApp } from '../../../test/setup/factories-people.ts'
import type { TestTenant } from '../../../test/setup/app.ts'
import { verifyAudit } from '../../events/audit.ts'
import { ownersOf } from './index.ts'

let people: PeopleApp
let tenant: TestTenant
beforeAll(async () => {
  people = await createPeopleApp()
  tenant = await people.tenant()
})
afterAll(() => people.stop())

const audits = (of: TestTenant) =>
  people.store.read(of.id, (tx) =>
    tx.many<{ action: string; entry: string }>(
      'select action, entry::text as entry from audit_events where tenant_id = $1 order by sequence',
      [tx.tenantUuid],
    ),
  )

describe('users', () => {
  it('201: invites by mail, in the words of the tenant, with the link nowhere else', async () => {
    const made = await tenant.call('POST', '/users', { email: 'Grace@Example.com', role: 'reviewer', name: 'Grace' })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/users/${made.body.id}`)
    expect(made.body).toMatchObject({
      email: 'Grace@Example.com',
      role: 'reviewer',
      status: 'invited',
      invitation_expires_at: '2026-03-09T09:00:00Z',
      last_signed_in_at: null,
    })
    const mail = people.mails.at(-1)!
    expect(mail.to).toBe('Grace@Example.com')
    expect(mail.text).toContain('http://127.0.0.1:8080/auth/accept?token=')
    // By a key: nobody in person.
    expect(mail.text).toMatch(/^You are invited to work for Test Hosting in Payymo\./)
    expect(mail.subject).toBe('You are invited to Test Hosting in Payymo')
    expect(JSON.stringify([made.body, await audits(tenant)])).not.toContain(linkToken(mail))

    const german = await people.tenant({ settings: { locale: 'de-AT' } })
    await german.call('POST', '/users', { email: 'otto@example.at', role: 'viewer' })
    const einladung = people.mails.at(-1)!
    expect(einladung.subject).toBe('Einladung zu Test Hosting in Payymo')
    expect(einladung.text).toMatch(/^Sie sind eingeladen, in Payymo für Test Hosting zu arbeiten\./)
  })

  it('200: lists and reads, found by address in any case, role and state', async () => {
    const own = await people.tenant()
    const ada = await people.member(own, 'owner')
    await own.call('POST', '/users', { email: 'waiting@example.com', role: 'viewer' })
    const all = await own.call('GET', '/users?sort=email')
    expect(all.body.data.map((user: { email: string }) => user.email)).toEqual([ada.email, 'waiting@example.com'])
    expect((await own.call('GET', `/users?email=${ada.email.toUpperCase()}`)).body.data).toHaveLength(1)
    expect((await own.call('GET', '/users?status=invited')).body.data[0].email).toBe('waiting@example.com')
    expect((await own.call('GET', `/users/${ada.id}`)).body).toMatchObject({ role: 'owner', status: 'active' })
    expect(await people.store.read(own.id, ownersOf)).toEqual([{ email: ada.email, name: 'Ada' }])
  })

  it('400: names every bad field; the address cannot be changed', async () => {
    const bad = await tenant.call('POST', '/users', { email: 'nobody', role: 'king', colour: 1 })
    expect(bad.status).toBe(400)
    expect(bad.body.error.details.map((detail: { field: string }) => detail.field).sort()).toEqual([
      'colour',
      'email',
      'role',
    ])
    const made = await tenant.call('POST', '/users', { email: 'fixed@example.com', role: 'viewer' })
    expect((await tenant.call('PATCH', `/users/${made.body.id}`, { email: 'other@example.com' })).status).toBe(400)
  })

  it('403: a key gives no role that holds more than it does, and touches nobody who has one', async () => {
    const owner = await people.member(tenant, 'owner')
    const small = await people.tenant({ permissions: ['users:write', 'users:read', 'transactions:read'] })
    for (const role of ['viewer', 'admin', 'owner']) {
      const answer = await small.call('POST', '/users', { email: `${role}@small.example`, role })
      expect([answer.status, answer.body.error.details]).toEqual([403, [{ field: 'role', issue: role }]])
    }
    const made = await tenant.call('POST', '/api-keys', { name: 'people', permissions: ['users:write', 'users:read'] })
    const limited = { ...tenant, key: made.body.key as string }
    const answer = await people.http.inject({
      method: 'DELETE',
      url: `/api/v1/users/${owner.id}`,
      headers: { authorization: `Bearer ${limited.key}` },
    })
    expect(answer.statusCode).toBe(403)
  })

  it('403: an admin does everything but touch owners or become one', async () => {
    const own = await people.tenant()
    const owner = await people.member(own, 'owner')
    await people.member(own, 'owner')
    const admin = await people.member(own, 'admin')
    expect((await admin.api('POST', '/users', { email: 'new@example.com', role: 'admin' })).status).toBe(201)
    expect((await admin.api('POST', '/users', { email: 'boss@example.com', role: 'owner' })).status).toBe(403)
    expect((await admin.api('PATCH', `/users/${admin.id}`, { role: 'owner' })).status).toBe(403)
    expect((await admin.api('PATCH', `/users/${owner.id}`, { status: 'disabled' })).status).toBe(403)
    expect((await admin.api('PATCH', `/users/${owner.id}`, { role: 'viewer' })).status).toBe(403)
    expect((await admin.api('PATCH', `/users/${owner.id}`, { name: 'Mine' })).status).toBe(403)
    expect((await admin.api('DELETE', `/users/${owner.id}`)).status).toBe(403)
    // Not by way of a key either.
    expect((await admin.api('POST', '/api-keys', { name: 'all', permissions: ['*'] })).status).toBe(403)
    expect((await owner.api('PATCH', `/users/${admin.id}`, { role: 'owner' })).status).toBe(200)
  })

  it('403: what each role may, told by its permissions', async () => {
    const own = await people.tenant()
    const viewer = await people.member(own, 'viewer')
    const reviewer = await people.member(own, 'reviewer')
    for (const person of [viewer, reviewer]) {
      expect((await person.api('GET', '/transactions')).status).toBe(200)
      expect((await person.api('GET', '/users')).status).toBe(200)
      expect((await person.api('GET', '/api-keys')).status).toBe(403)
      const refused = await person.api('POST', '/users', { email: 'x@example.com', role: 'viewer' })
      expect(refused.body.error.message).toBe('Your role does not have the permission users:write')
    }
    const posting = { account_id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab' }
    expect((await viewer.api('POST', '/transactions', posting)).status).toBe(403)
    expect((await reviewer.api('POST', '/transactions', posting)).status).toBe(400)
  })

  it('403: who was an owner a moment ago mints no key and invites nobody, with the token of before', async () => {
    const own = await people.tenant()
    await people.member(own)
    const former = await people.member(own)
    const authorization = `Bearer ${await former.token()}`
    const ask = async (method: 'GET' | 'POST', url: string, payload?: object) =>
      (
        await people.http.inject({
          method,
          url: `/api/v1${url}`,
          headers: { authorization },
          ...(payload && { payload }),
        })
      ).statusCode
    expect(await ask('GET', '/users')).toBe(200)
    expect((await own.call('PATCH', `/users/${former.id}`, { role: 'viewer' })).status).toBe(200)
    expect(await ask('POST', '/api-keys', { name: 'left behind', permissions: ['*'] })).toBe(403)
    expect(await ask('POST', '/users', { email: 'friend@example.com', role: 'owner' })).toBe(403)
  })

  it('403: people need a sign-in of the last ten minutes to change members', async () => {
    const own = await people.tenant()
    const owner = await people.member(own)
    people.clock.advance(11 * 60_000)
    const refused = await owner.api('POST', '/users', { email: 'late@example.com', role: 'viewer' })
    expect(refused.body.error.details).toEqual([{ field: 'reason', issue: 'fresh_sign_in_required' }])
    const before = await owner.token()
    expect((await owner.post('/auth/confirm', { password: 'quiet harbour lights' })).status).toBe(204)
    expect((await owner.api('POST', '/users', { email: 'late@example.com', role: 'viewer' })).status).toBe(201)
    // A token that was out before is not freshened by it.
    const old = await people.http.inject({
      method: 'DELETE',
      url: `/api/v1/users/${owner.id}`,
      headers: { authorization: `Bearer ${before}` },
    })
    expect(old.statusCode).toBe(403)
  })

  it("404: another tenant's user answers like none", async () => {
    const other = await people.tenant()
    const { body } = await other.call('POST', '/users', { email: 'there@example.com', role: 'viewer' })
    for (const id of [body.id, 'usr_01jrfzq4v8m2k9d7t5x3w1c0ab', 'nonsense']) {
      for (const [method, patch] of [
        ['GET', undefined],
        ['PATCH', { role: 'nonsense' }],
        ['DELETE', undefined],
      ] as const) {
        const answer = await tenant.call(method, `/users/${id}`, patch)
        expect([answer.status, answer.body.error.message]).toEqual([404, "The requested resource doesn't exist"])
      }
    }
  })

  it('409: an address is one user of a tenant, however it is written, and may be one of another tenant', async () => {
    const own = await people.tenant()
    const ada = await people.member(own, 'owner', 'twice@example.com')
    expect((await own.call('POST', '/users', { email: 'Twice@EXAMPLE.com', role: 'viewer' })).status).toBe(409)
    await own.call('POST', '/users', { email: 'open@example.com', role: 'viewer' })
    expect((await own.call('POST', '/users', { email: 'open@example.com', role: 'viewer' })).status).toBe(409)

    const other = await people.tenant()
    const second = await people.member(other, 'viewer', 'twice@example.com')
    expect(second.id).not.toBe(ada.id)
    // Removed, it may come again, as another user.
    expect((await other.call('DELETE', `/users/${second.id}`)).status).toBe(204)
    expect((await other.call('GET', `/users/${second.id}`)).status).toBe(404)
    expect((await people.member(other, 'viewer', 'twice@example.com')).id).not.toBe(second.id)
  })

  it('409: an invitation is sent again by PATCH, which voids the former link; states go their ways only', async () => {
    const own = await people.tenant()
    const { body } = await own.call('POST', '/users', { email: 'slow@example.com', role: 'viewer' })
    const first = linkToken(people.mails.at(-1)!)
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'active' })).status).toBe(409)
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'disabled' })).status).toBe(200)
    const dead = await people.browser().post('/auth/accept', { token: first, password: 'quiet harbour lights' })
    expect(dead.status).toBe(422)
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'active' })).status).toBe(409)
    const again = await own.call('PATCH', `/users/${body.id}`, { status: 'invited', role: 'reviewer' })
    expect(again.body).toMatchObject({ status: 'invited', role: 'reviewer' })
    const second = linkToken(people.mails.at(-1)!)
    await own.call('PATCH', `/users/${body.id}`, { status: 'invited' })
    const third = linkToken(people.mails.at(-1)!)
    const accept = (token: string) => people.browser().post('/auth/accept', { token, password: 'quiet harbour lights' })
    expect([(await accept(second)).status, (await accept(third)).status]).toEqual([422, 204])
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'invited' })).status).toBe(409)
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'disabled' })).status).toBe(200)
    expect((await own.call('PATCH', `/users/${body.id}`, { status: 'active' })).status).toBe(200)
  })

  it('409: the last active owner cannot leave, be demoted or disabled; an invited owner does not count', async () => {
    const own = await people.tenant()
    const owner = await people.member(own)
    await own.call('POST', '/users', { email: 'maybe@example.com', role: 'owner' })
    for (const [method, patch] of [
      ['PATCH', { role: 'admin' }],
      ['PATCH', { status: 'disabled' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await owner.api(method, `/users/${owner.id}`, patch)
      expect([answer.status, answer.body.error.code]).toEqual([409, 'resource_conflict'])
    }
    await people.member(own)
    expect((await owner.api('PATCH', `/users/${owner.id}`, { role: 'admin' })).status).toBe(200)
  })

  it('409: of 20 owners demoted, disabled and removed at the same moment, exactly one stays', async () => {
    const own = await people.tenant()
    const ids: string[] = []
    for (let index = 0; index < 20; index++) ids.push((await people.member(own)).id)
    const answers = await Promise.all(
      ids.map((id, index) =>
        index % 3 === 0
          ? own.call('PATCH', `/users/${id}`, { role: 'viewer' })
          : index % 3 === 1
            ? own.call('PATCH', `/users/${id}`, { status: 'disabled' })
            : own.call('DELETE', `/users/${id}`),
      ),
    )
    expect(answers.map((answer) => answer.status).filter((status) => status === 409)).toHaveLength(1)
    expect(await people.store.read(own.id, ownersOf)).toHaveLength(1)
    expect((await people.store.read(own.id, verifyAudit)).valid).toBe(true)
  })

  it('audits who did what, with before and after', async () => {
    const own = await people.tenant()
    const owner = await people.member(own)
    const other = await people.member(own, 'viewer')
    await owner.api('PATCH', `/users/${other.id}`, { role: 'admin' })
    await owner.api('DELETE', `/users/${other.id}`)
    const rows = await audits(own)
    expect(rows.map((row) => row.action).filter((action) => action.startsWith('user.'))).toEqual([
      'user.invite',
      'user.accept',
      'user.invite',
      'user.accept',
      'user.sign_in',
      'user.change',
      'user.delete',
    ])
    const change = JSON.parse(rows.find((row) => row.action === 'user.change')!.entry)
    expect(change).toMatchObject({
      actor: { type: 'user', id: owner.id, name: 'Ada' },
      resource: { type: 'user', id: other.id },
      changes: { before: { role: 'viewer' }, after: { role: 'admin' } },
    })
  })
})
