import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { uuidOf } from '../base/ids.ts'
import { withTenantLook } from './look.ts'
import { withTenant } from './transaction.ts'

let app: TestApp
let one: TestTenant
let other: TestTenant
/** Of one connection, with all rights, so that whatever a look leaves behind or fails to fence shows. */
let pool: pg.Pool
beforeAll(async () => {
  app = await createTestApp()
  ;[one, other] = [await app.tenant(), await app.tenant()]
  for (const tenant of [one, other]) await makeAccount(app, tenant)
  pool = new pg.Pool({ ...app.database.connection, max: 1 })
})
afterAll(async () => {
  await pool.end()
  await app.stop()
})

const backend = async () =>
  (
    await pool.query<{ pid: number; role: string; tenant: string | null; only: string }>(
      `select pg_backend_pid() as pid, current_user as role, nullif(current_setting('app.tenant', true), '') as tenant,
            current_setting('transaction_read_only') as only`,
    )
  ).rows[0]!

describe('a look', () => {
  it("sees the tenant's rows alone, also when the statement names another", async () => {
    const accounts = await withTenantLook(pool, one.id, (tx) =>
      tx.many<{ tenant_id: string }>('select tenant_id from accounts'),
    )
    expect(accounts).toEqual([{ tenant_id: uuidOf(one.id) }])
    const others = await withTenantLook(pool, one.id, (tx) =>
      tx.many('select id from accounts where tenant_id = $1', [uuidOf(other.id)]),
    )
    expect(others).toEqual([])
  })

  it('leaves nothing of its fence on the connection', async () => {
    const before = await backend()
    await withTenantLook(pool, one.id, (tx) => tx.one('select 1 as n'))
    expect(await backend()).toEqual(before)
    expect(before).toMatchObject({ tenant: null, only: 'off' })
  })

  it('cannot write', async () => {
    await expect(
      withTenantLook(pool, one.id, (tx) =>
        tx.run("update accounts set name = 'x' where tenant_id = $1", [tx.tenantUuid]),
      ),
    ).rejects.toThrow(/read-only transaction/)
  })

  it('a connection that failed is not used again, and the next look is served by a new one', async () => {
    const { pid } = await backend()
    await expect(withTenantLook(pool, one.id, (tx) => tx.one('select 1 / 0 as n'))).rejects.toThrow(/division by zero/)
    expect(await withTenantLook(pool, other.id, (tx) => tx.many('select 1 as n from accounts'))).toEqual([{ n: 1 }])
    expect((await backend()).pid).not.toBe(pid)
  })

  it('runs no statement when its fence fails', async () => {
    // The name is taken, so that the fence cannot be prepared; the connection itself may do anything.
    await expect(withTenantLook(pool, one.id, (tx) => tx.one('select 1 / 0'))).rejects.toThrow(/division/)
    await pool.query('prepare payymo_fence as select 1')
    await expect(withTenantLook(pool, one.id, (tx) => tx.run('delete from accounts'))).rejects.toThrow(/already exists/)
    expect((await pool.query('select id from accounts')).rowCount).toBe(2)
  })

  it('reads the values that a transaction reads, again and again on one connection', async () => {
    const text = `select $1::text as text, $2::int as whole, $3::bigint as big, $4::boolean as yes, $5::timestamptz as at, $6::text as none,
                         $7::uuid as id, $8::date::text as day`
    const at = new Date('2026-04-01T10:00:00.123Z')
    const values = ["ö ' \\ \n €", 7, '9007199254740993', true, at, null, uuidOf(one.id), '2026-04-01']
    const expected = await withTenant(pool, one.id, (tx) => tx.one(text, values))
    for (let n = 0; n < 3; n++) {
      expect(await withTenantLook(pool, one.id, (tx) => tx.one(text, values))).toEqual(expected)
    }
    expect(await withTenantLook(pool, one.id, (tx) => tx.first('select 1 as n where false'))).toBeUndefined()
    await expect(withTenantLook(pool, one.id, (tx) => tx.one('select 1 as n where false'))).rejects.toThrow(/one row/)
  })
})
