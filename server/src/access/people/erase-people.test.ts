import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { createPeopleApp, type Member, PASSWORD, type PeopleApp } from '../../../test/setup/factories-people.ts'
import { verifyAudit } from '../../events/audit.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { erasePeople } from './erase-people.ts'

let people: PeopleApp
let one: TestTenant
let other: TestTenant
beforeAll(async () => {
  people = await createPeopleApp()
  one = await people.tenant()
  other = await people.tenant()
})
afterAll(() => people.stop())

const owner = async (sql: string, values: unknown[] = []) => (await people.app.database.pool.query(sql, values)).rows
const personOf = async (email: string) =>
  (await owner('select person_id from people where email_key = $1', [email]))[0]?.person_id as string | undefined
const remove = async (tenant: TestTenant, { id }: Member) =>
  expect((await tenant.call('DELETE', `/users/${id}`)).status).toBe(204)
/** As if so many days had passed since they were removed. */
const age = (days: number) =>
  owner(`update users set deleted_at = deleted_at - interval '${days} days' where deleted_at is not null`)
const erase = () => erasePeople(people.deps)

it('people go 30 days after their last tenant; users and audit rows keep what the tenants wrote down', async () => {
  const ada = await people.member(one, 'viewer')
  await people.member(other, 'viewer', ada.email)
  const there = (await other.call('GET', '/users')).body.data[0].id as string
  const stays = await people.member(one, 'viewer')
  const person = await personOf(ada.email)
  expect(person).toBeDefined()
  await remove(one, ada)
  await age(40)
  await erase()
  expect(await personOf(ada.email)).toBe(person)

  expect((await other.call('DELETE', `/users/${there}`)).status).toBe(204)
  await erase()
  expect(await personOf(ada.email)).toBe(person)
  await age(31)
  await erase()
  await erase()
  expect(await personOf(ada.email)).toBeUndefined()
  expect(await personOf(stays.email)).toBeDefined()
  for (const table of ['people', 'sessions', 'recovery_codes', 'password_resets', 'users', 'access_tokens'])
    expect(await owner(`select 1 from ${table} where person_id = $1`, [person]), table).toEqual([])
  expect(await owner('select name, email, person_id from users where email = $1', [ada.email])).toEqual(
    Array.from({ length: 2 }, () => ({ name: 'Ada', email: ada.email, person_id: null })),
  )
  const rows = await owner("select entry from audit_events where action = 'person.erase'")
  expect(rows.map(({ entry }) => (entry as { resource: object }).resource)).toEqual([{ type: 'person', id: person }])
  for (const tenantId of [one.id, other.id, OPERATOR_TENANT])
    expect(await people.store.read(tenantId, verifyAudit)).toMatchObject({ valid: true })
})

it('who is invited again begins anew, with another password', async () => {
  const ada = await people.member(one, 'viewer')
  const before = await personOf(ada.email)
  await remove(one, ada)
  await age(31)
  await erase()
  await people.member(one, 'viewer', ada.email)
  expect(await personOf(ada.email)).not.toBe(before)
  const login = await people.browser().post('/auth/login', { email: ada.email, password: PASSWORD })
  expect(login.status).toBe(204)
})

it('who joins at the very moment stays', async () => {
  const ada = await people.member(one, 'viewer')
  const person = (await personOf(ada.email))!
  await remove(one, ada)
  await age(31)
  // Between the look and the removal an invitation elsewhere is accepted.
  const rejoining = {
    ...people.deps,
    store: {
      ...people.store,
      change: async (...given: Parameters<typeof people.store.change>) => {
        await people.member(other, 'viewer', ada.email)
        return people.store.change(...given)
      },
    } as typeof people.store,
  }
  await erasePeople(rejoining)
  expect(await personOf(ada.email)).toBe(person)
})
