import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import { uuidOf } from '../base/ids.ts'
import { migrate, readMigrations } from './migrate.ts'
import { checkDatabase } from './self-check.ts'
import { withDirectory, withOwner, withTenant } from './transaction.ts'

let app: TestApp
let one: TestTenant
let other: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  one = await app.tenant()
  other = await app.tenant()
  await makeAccount(app, one)
  await makeAccount(app, other)
})
afterAll(() => app.stop())

describe('withTenant', () => {
  it('shows the rows of one tenant even to a statement that forgets to ask for it', async () => {
    const seen = await withTenant(app.database.pool, one.id, (tx) =>
      tx.many<{ tenant_id: string }>('select tenant_id from accounts'),
    )
    expect(seen).toEqual([{ tenant_id: uuidOf(one.id) }])
  })

  it('refuses to write a row of another tenant', async () => {
    await expect(
      withTenant(app.database.pool, one.id, (tx) =>
        tx.run(
          "insert into alerts (tenant_id, id, code, severity, subject_type, subject_id, message) values ($1, $1, 'x', 'info', 'x', 'x', 'x')",
          [uuidOf(other.id)],
        ),
      ),
    ).rejects.toMatchObject({ code: '42501' })
  })

  it('leaves nothing behind on the connection, in whatever order tenants take turns', async () => {
    const pool = new pg.Pool({ ...app.database.connection, max: 4 })
    const turns = Array.from({ length: 64 }, (_, n) => (n % 2 === 0 ? one : other))
    const results = await Promise.all(
      turns.map((tenant) =>
        withTenant(pool, tenant.id, async (tx) => {
          const rows = await tx.many<{ tenant_id: string }>('select tenant_id from accounts')
          return rows.every((row) => row.tenant_id === uuidOf(tenant.id)) && rows.length === 1
        }),
      ),
    )
    expect(results.every(Boolean)).toBe(true)
    const bare = await pool.query<{ role: string; tenant: string | null }>(
      "select current_user as role, nullif(current_setting('app.tenant', true), '') as tenant",
    )
    expect(bare.rows[0]).toMatchObject({ tenant: null })
    await pool.end()
  })

  it('rolls back everything when the work throws', async () => {
    await expect(
      app.store.change(one.id, { type: 'system', id: 't', name: 't', ip: null, requestId: null }, async (tx) => {
        await tx.run("update tenants set name = 'gone' where tenant_id = $1", [tx.tenantUuid])
        tx.audit({ action: 'tenant.change', resource: { type: 'tenant', id: one.id } })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect((await one.call('GET', `/tenants/${one.id}`)).body.name).toBe('Test Hosting')
  })
})

describe('roles', () => {
  it('the directory sees named columns only', async () => {
    await expect(
      withDirectory(app.database.pool, (tx) => tx.many('select digest from api_keys')),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(
      withDirectory(app.database.pool, (tx) => tx.many('select description from transactions')),
    ).rejects.toMatchObject({ code: '42501' })
  })

  it('the app cannot change or remove what was audited', async () => {
    for (const sql of ['delete from audit_events', "update audit_events set action = 'x'", 'truncate audit_events']) {
      await expect(withTenant(app.database.pool, one.id, (tx) => tx.run(sql))).rejects.toMatchObject({ code: '42501' })
    }
  })
})

describe('boot self-check', () => {
  it('passes on a fresh database, where every tenant table has forced security and a policy', async () => {
    await checkDatabase(app.database.pool)
  })

  it.each([
    [
      'alter table webhooks disable row level security',
      'alter table webhooks enable row level security',
      'webhooks does not force',
    ],
    [
      'drop policy tenant on alerts',
      "create policy tenant on alerts to payymo_app using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
      'alerts has no policy on its tenant',
    ],
    [
      'alter table sessions no force row level security',
      'alter table sessions force row level security',
      'sessions does not force',
    ],
    [
      'drop policy person on recovery_codes',
      "create policy person on recovery_codes to payymo_app using (person_id = nullif(current_setting('app.person', true), '')::uuid) with check (person_id = nullif(current_setting('app.person', true), '')::uuid)",
      'recovery_codes has no policy on its person',
    ],
    [
      'create policy wide on invoices to payymo_app using (true) with check (true)',
      'drop policy wide on invoices',
      'policy wide opens table invoices',
    ],
    [
      'create policy anybody on people for select using (true)',
      'drop policy anybody on people',
      'policy anybody opens table people',
    ],
    ['create table notes (tenant_id uuid not null, text text)', 'drop table notes', 'notes does not force'],
    [
      'grant truncate on invoices to payymo_app',
      'revoke truncate on invoices from payymo_app',
      'role payymo_app may truncate invoices',
    ],
    [
      'grant delete on audit_events to payymo_purge',
      'revoke delete on audit_events from payymo_purge',
      'role payymo_purge may delete audit_events',
    ],
    ['create table notes (text text)', 'drop table notes', 'role payymo_purge reaches notes, which no policy fences'],
    [
      'grant delete on pgboss.job to payymo_purge',
      'revoke delete on pgboss.job from payymo_purge',
      'role payymo_purge reaches pgboss.job',
    ],
    [
      'revoke delete on invoices from payymo_purge',
      'grant delete on invoices to payymo_purge',
      'role payymo_purge may not remove rows of invoices',
    ],
    [
      'grant update (status) on tenants to payymo_directory',
      'revoke update (status) on tenants from payymo_directory',
      'role payymo_directory may update tenants',
    ],
    [
      'update schema_migrations set version = -2 where version = 2',
      'update schema_migrations set version = 2 where version = -2',
      'migration 0002-transactions has not run',
    ],
  ])('refuses: %s', async (damage, repair, fault) => {
    await withOwner(app.database.pool, (tx) => tx.run(damage))
    await expect(checkDatabase(app.database.pool)).rejects.toThrow(fault)
    await withOwner(app.database.pool, (tx) => tx.run(repair))
    await checkDatabase(app.database.pool)
  })

  it('refuses a database of a newer program, and one whose migrations differ', async () => {
    const known = readMigrations()
    await expect(migrate(app.database.pool, known.slice(0, -1))).rejects.toThrow('newer Payymo')
    await expect(migrate(app.database.pool, [{ ...known[0]!, checksum: 'x' }, ...known.slice(1)])).rejects.toThrow(
      'differs',
    )
  })
})
