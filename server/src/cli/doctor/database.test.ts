import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../test/setup/app.ts'
import { createDoctorBench, type DoctorBench, one, urlOf } from '../../../test/setup/factories-doctor.ts'
import { systemClock } from '../../base/clock.ts'
import { startEmbedded } from '../../database/embedded.ts'
import { connectPool, type Database } from '../../database/open.ts'
import { checkClocks, checkConnections, checkSize, checkTransactions, checkVacuum } from './database-load.ts'
import { checkRoles, checkSafety, checkSchema } from './database-safety.ts'

let database: Database
let bench: DoctorBench
beforeAll(async () => {
  database = await createTestDatabase()
  bench = createDoctorBench()
})
afterAll(async () => {
  await database.close()
  bench.close()
})

/** Runs what breaks the database, then the look, then what mends it. */
async function broken<T>(breaks: string, mends: string, look: () => Promise<T>): Promise<T> {
  await database.pool.query(breaks)
  try {
    return await look()
  } finally {
    await database.pool.query(mends)
  }
}

describe('the database', () => {
  it('is well: reached, whole, safe, with figures', async () => {
    const findings = await bench.visit({ DATABASE_URL: urlOf(database) })
    for (const name of ['', '.migrations', '.roles', '.safety', '.connections', '.clock', '.transactions', '.vacuum'])
      expect([name, one(findings, `database${name}`).state]).toEqual([name, 'ok'])
    expect(one(findings, 'database').facts.version).toMatch(/^\d+\.\d+$/)
    expect(one(findings, 'database.size').facts.tables).toHaveLength(5)
  })

  it('that does not answer, or refuses, is a problem and the rest is skipped', async () => {
    const findings = await bench.visit({ DATABASE_URL: 'postgresql://payymo:canary-password@127.0.0.1:9/payymo' })
    expect(one(findings, 'database')).toMatchObject({ state: 'problem', facts: { code: 'ECONNREFUSED' } })
    expect(one(findings, 'keys.stored').state).toBe('skipped')
    const wrong = await bench.visit({ DATABASE_URL: 'postgresql://[canary-password' })
    expect(one(wrong, 'database').state).toBe('problem')
    expect(JSON.stringify([findings, wrong])).not.toContain('canary-password')
  })

  it.each([
    ['missing', 'delete from kept where version = 5', 'have not run: 0005-webhooks'],
    [
      'of a newer version',
      "update kept set version = 9999, name = '9999-future' where version = 5",
      'newer Payymo: it has migration 9999-future',
    ],
    [
      'changed',
      "update kept set checksum = 'x' where version = 5",
      'not the ones this database was made with: 0005-webhooks',
    ],
  ])('a migration that is %s', async (_what, change, words) => {
    const { finding } = await broken(
      `create table before_it as table schema_migrations; ${change.replace('kept', 'schema_migrations')}`,
      'truncate schema_migrations; insert into schema_migrations table before_it; drop table before_it',
      () => checkSchema(database.pool),
    )
    expect(finding).toMatchObject({ state: 'problem', found: expect.stringContaining(words) })
    expect(finding.next).not.toBeNull()
  })

  it.each([
    [
      'alter table payments no force row level security',
      'alter table payments force row level security',
      'table payments does not force row-level security',
      'alter table "payments" enable row level security, force row level security;',
    ],
    [
      'create policy open on invoices to payymo_app using (true)',
      'drop policy open on invoices',
      'policy open opens table invoices to every tenant',
      'drop policy "open" on "invoices";',
    ],
    [
      'grant update on audit_events to payymo_app',
      'revoke update on audit_events from payymo_app',
      'role payymo_app may update audit_events',
      'revoke update on "audit_events" from payymo_app;',
    ],
  ])('unsafe by: %s', async (breaks, mends, fault, sql) => {
    const finding = await broken(breaks, mends, () => checkSafety(database.pool))
    expect(finding).toMatchObject({ state: 'problem', facts: { faults: expect.arrayContaining([fault]) } })
    expect(finding.next).toContain(sql)
    // What is printed mends it.
    await database.pool.query(breaks)
    await database.pool.query(sql)
    expect((await checkSafety(database.pool)).state).toBe('ok')
  })

  it('a policy that is gone has no SQL of its own', async () => {
    const finding = await broken(
      'alter policy tenant on payments using (false) with check (false)',
      `alter policy tenant on payments using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
         with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`,
      () => checkSafety(database.pool),
    )
    expect(finding).toMatchObject({ state: 'problem', found: expect.stringContaining('payments') })
    expect((await checkSafety(database.pool)).state).toBe('ok')
  })
})

describe('figures of the database', () => {
  it('clocks: beyond two seconds a warning, beyond a minute a problem', async () => {
    const at = (ms: number) => ({ now: () => new Date(Date.now() + ms) })
    expect(await checkClocks(database.pool, systemClock)).toMatchObject({ state: 'ok' })
    expect(await checkClocks(database.pool, at(5_000))).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('behind'),
    })
    expect(await checkClocks(database.pool, at(-90_000))).toMatchObject({
      state: 'problem',
      found: expect.stringContaining('ahead'),
    })
  })

  it('transactions that stand open', async () => {
    const client = new pg.Client(database.connection)
    await client.connect()
    await client.query('begin; select 1')
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    expect(await checkTransactions(database.pool)).toMatchObject({ state: 'ok' })
    expect(await checkTransactions(database.pool, 0)).toMatchObject({
      state: 'warning',
      found: expect.stringContaining(`process ${rows[0]!.pid} `),
    })
    await client.end()
  })

  it('a vacuum that is off, or does not keep up', async () => {
    const off = await broken(
      'alter table rate_cells set (autovacuum_enabled = false)',
      'alter table rate_cells reset (autovacuum_enabled)',
      () => checkVacuum(database.pool),
    )
    expect(off).toMatchObject({ state: 'problem', facts: { autovacuum: false } })
    const late = await broken(
      `insert into rate_cells select n::text, 0, 0, 0 from generate_series(1, 60000) n; delete from rate_cells;
       select pg_stat_force_next_flush()`,
      'vacuum rate_cells',
      () => checkVacuum(database.pool),
    )
    expect(late.facts.dead_rows).toBeGreaterThan(50_000)
    expect(late.state).toBe('warning')
  })

  it('connections and sizes', async () => {
    const { facts } = await checkConnections(database.pool)
    expect(facts.connections).toBeGreaterThan(0)
    expect(facts.connections_max).toBeGreaterThan(30)
    expect((await checkSize(database.pool)).facts.size_mb).toBeGreaterThan(0)
  })
})

describe('a server that no administrator has prepared', () => {
  it('roles are missing: the SQL makes them; then the first start fills the database', {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'payymo-doctor-roles-'))
    chmodSync(folder, 0o755)
    const server = await startEmbedded(join(folder, 'database'), { durable: false })
    const connection = { ...server.connection, database: 'postgres' }
    const admin = await connectPool(connection, 2)
    try {
      await admin.pool.query('create role "shop" login')
      await admin.pool.query('create database shop owner "shop"')
      const url = urlOf({ connection: { ...connection, database: 'shop' } }, 'shop')
      const findings = await bench.visit({ DATABASE_URL: url })
      const roles = one(findings, 'database.roles')
      expect(roles).toMatchObject({ state: 'problem', next: expect.stringContaining('create role payymo_app nologin') })
      expect(one(findings, 'database.migrations')).toMatchObject({ state: 'warning' })
      expect(one(findings, 'work').state).toBe('skipped')
      const sql = roles.next!.split('\n').slice(1)
      for (const line of sql.slice(0, 2)) await admin.pool.query(line)
      const half = one(await bench.visit({ DATABASE_URL: url }), 'database.roles')
      expect(half.facts.missing).toEqual(['payymo_ops_read', 'payymo_purge'])
      for (const line of half.next!.split('\n').slice(1)) await admin.pool.query(line)
      expect(one(await bench.visit({ DATABASE_URL: url }), 'database.roles').state).toBe('ok')
      await admin.pool.query('revoke payymo_purge from "shop"')
      const foreign = one(await bench.visit({ DATABASE_URL: url }), 'database.roles')
      expect(foreign).toMatchObject({ state: 'problem', facts: { roles: ['payymo_purge'] } })
      expect(await checkRoles(admin.pool, false)).toMatchObject([
        { state: 'ok' },
        { check: 'database.user', state: 'warning' },
      ])
    } finally {
      await admin.pool.end()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
