import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import { AppError } from '../../base/errors.ts'
import { silentLog } from '../../base/log.ts'
import type { TenantId } from '../../base/ids.ts'
import { KEPT_TABLES, listTenantTables, purgeBatch } from '../../database/purge.ts'
import { withOwner, withPurge, withTenant } from '../../database/transaction.ts'
import { type EndTenantsDeps, giveBack, purgeDeleted } from './end-tenants.ts'
import { exportTenant } from './export-tenant.ts'

let app: TestApp
let tenant: TestTenant
let other: TestTenant
let folder: string
let endings: string[]
let deps: EndTenantsDeps

beforeAll(async () => {
  app = await createTestApp()
  folder = mkdtempSync(join(tmpdir(), 'payymo-exports-'))
})
afterAll(async () => {
  await app.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  tenant = await makeBusy()
  other = await makeBusy()
  endings = []
  deps = {
    store: app.store,
    pool: app.database.pool,
    exportsDir: folder,
    log: silentLog,
    now: () => new Date('2025-05-01T00:00:00Z'),
    endings: [async (id) => void endings.push(id)],
  }
})

/** A tenant with rows in many tables: money, a webhook with deliveries and a sealed secret, keys that replace each other. */
async function makeBusy(): Promise<TestTenant> {
  const made = await app.tenant()
  const account_id = await makeAccount(app, made, { iban: 'DE89370400440532013000' })
  await made.call('POST', '/webhooks', { url: 'https://hooks.example.com/in', events: ['*'] })
  for (const amount of ['9999999999999.99', '12.30']) {
    const posted = await made.call('POST', '/transactions', {
      account_id,
      amount,
      currency: 'EUR',
      transaction_date: '2025-04-10',
      description: 'INV-1 Müller',
    })
    expect(posted.status).toBe(201)
  }
  await app.store.read(made.id, async (tx) => {
    // A chain of keys, each replaced by the next.
    const [first] = await tx.many<{ id: string }>('select id from api_keys where tenant_id = $1', [tx.tenantUuid])
    let before = first!.id
    for (let count = 0; count < 3; count++) {
      const next = crypto.randomUUID()
      await tx.run(
        `insert into api_keys (tenant_id, id, key_id, digest, pepper_id, name, permissions, created_by)
         values ($1, $2::uuid, $2::uuid::text, '\\x01', '1', 'next', '{}', 'test')`,
        [tx.tenantUuid, next],
      )
      await tx.run('update api_keys set replaced_by = $3 where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        before,
        next,
      ])
      before = next
    }
  })
  return made
}

/** Rows by table, but the log of calls, which is written some seconds behind. */
async function counts(id: TenantId): Promise<Record<string, number>> {
  const tables = await app.store.directory(listTenantTables)
  return app.store.read(id, async (tx) => {
    const found: Record<string, number> = {}
    for (const { name } of tables.filter((table) => table.name !== 'api_calls')) {
      const { count } = await tx.one<{ count: number }>(
        `select count(*)::int as count from "${name}" where tenant_id = $1`,
        [tx.tenantUuid],
      )
      if (count > 0) found[name] = count
    }
    return found
  })
}

const remove = (id: TenantId) => app.call(OPERATOR_KEY, 'DELETE', `/tenants/${id}`)
const age = (id: TenantId, days: number) =>
  app.store.read(id, (tx) =>
    tx.run("update tenants set deleted_at = now() - $2 * interval '1 day' where tenant_id = $1", [tx.tenantUuid, days]),
  )
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { table?: string; row?: Record<string, unknown>; rows?: number })

describe('giving back', () => {
  it('happens soon after a deletion, once, and again until it has worked', async () => {
    let broken = true
    deps.endings.push(async () => {
      if (broken) throw new AppError('resource_conflict', 'A payment is under way.')
    })
    await giveBack(deps)
    expect(endings).not.toContain(tenant.id)
    await remove(tenant.id)
    const mine = () => endings.filter((id) => id === tenant.id).length
    await giveBack(deps)
    await giveBack(deps)
    expect(mine()).toBe(2)
    broken = false
    await giveBack(deps)
    await giveBack(deps)
    expect(mine()).toBe(3)
  })
})

describe('purging', () => {
  const file = async (id: TenantId) => {
    const { body } = await app.call(OPERATOR_KEY, 'GET', `/tenants/${id}`)
    return join(folder, `${body.slug}-${id}.jsonl`)
  }

  it('leaves everything alone for 30 days', async () => {
    await remove(tenant.id)
    await age(tenant.id, 29)
    const before = await counts(tenant.id)
    await purgeDeleted(deps)
    expect(await counts(tenant.id)).toEqual(before)
    expect(existsSync(await file(tenant.id))).toBe(false)
  })

  it('then writes the export, removes every row but the tenant and its audit trail, and touches nobody else', async () => {
    await remove(tenant.id)
    await age(tenant.id, 31)
    const [before, others] = [await counts(tenant.id), await counts(other.id)]
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['transactions', 'deliveries', 'api_keys', 'data_keys', 'events', 'webhooks']),
    )
    await Promise.all([purgeDeleted(deps), purgeDeleted(deps)])
    const after = await counts(tenant.id)
    expect(Object.keys(after).sort()).toEqual([...KEPT_TABLES].sort())
    expect(after.audit_events).toBe(before.audit_events! + 1)
    expect(await counts(other.id)).toEqual(others)
    expect((await app.call(OPERATOR_KEY, 'GET', `/tenants/${tenant.id}`)).body.status).toBe('deleted')

    const exported = linesOf(await file(tenant.id)).filter(({ table }) => table !== undefined)
    const perTable: Record<string, number> = {}
    for (const { table } of exported.filter((line) => line.table !== 'api_calls'))
      perTable[table!] = (perTable[table!] ?? 0) + 1
    expect(perTable).toEqual(before)
    await purgeDeleted(deps)
    expect((await counts(tenant.id)).audit_events).toBe(after.audit_events)
  })

  it('removes nothing while the export cannot be written', async () => {
    await remove(tenant.id)
    await age(tenant.id, 31)
    const before = await counts(tenant.id)
    const full = join(folder, 'no-folder')
    writeFileSync(full, '')
    await purgeDeleted({ ...deps, exportsDir: full })
    expect(await counts(tenant.id)).toEqual(before)
  })

  it('goes on where another process died, without exporting what is left as if it were all', async () => {
    await remove(tenant.id)
    await age(tenant.id, 31)
    const path = await file(tenant.id)
    await exportTenant(app.store, tenant.id, path, deps.now())
    const whole = readFileSync(path)
    const tables = await app.store.directory(listTenantTables)
    for (const table of tables.slice(0, 5))
      if (!KEPT_TABLES.includes(table.name)) await purgeBatch(deps.pool, tenant.id, table)
    await app.store.read(tenant.id, (tx) =>
      tx.run("update tenants set exported_at = now(), purge_until = now() - interval '1 s' where tenant_id = $1", [
        tx.tenantUuid,
      ]),
    )
    await purgeDeleted(deps)
    expect(Object.keys(await counts(tenant.id)).sort()).toEqual([...KEPT_TABLES].sort())
    expect(readFileSync(path).equals(whole)).toBe(true)
  })
})

describe('the export', () => {
  it('holds exact amounts and no secrets, says what it left out, ends with its count, and is for its owner alone', async () => {
    const path = join(folder, 'export.jsonl')
    const { rows } = await exportTenant(app.store, tenant.id, path, deps.now())
    const [header, ...lines] = linesOf(path)
    expect(header).toMatchObject({ format: 'payymo-tenant-export', version: 1, tenant: { id: tenant.id } })
    expect(lines.at(-1)).toEqual({ end: true, rows })
    expect(lines).toHaveLength(rows + 1)
    const amounts = lines.filter(({ table }) => table === 'transactions').map(({ row }) => String(row!.amount_minor))
    expect(amounts.toSorted((one, other) => one.length - other.length)).toEqual(['1230', '999999999999999'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain('Müller')
    expect(text).not.toContain('DE89370400440532013000')
    const secrets = await app.store.read(tenant.id, (tx) =>
      tx.one<{ digest: string; sealed: string }>(
        `select (select encode(digest, 'hex') from api_keys where tenant_id = $1 and digest <> '\\x01') as digest,
                (select encode(sealed_secret, 'hex') from webhooks where tenant_id = $1) as sealed`,
        [tx.tenantUuid],
      ),
    )
    for (const secret of [secrets.digest, secrets.sealed, tenant.key.slice(-40)]) expect(text).not.toContain(secret)
    expect(JSON.stringify(header)).toContain('"omitted":["digest"]')
  })

  it('names every column it leaves out: a new one with bytes or a secret is looked at here', async () => {
    const path = join(folder, 'columns.jsonl')
    await exportTenant(app.store, tenant.id, path, deps.now())
    const [header] = linesOf(path) as unknown as { tables: { name: string; columns: string[] }[] }[]
    const shown = header!.tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`))
    expect(shown.filter((column) => /\..*(sealed|secret|digest|password|token|wrapped|cipher)/.test(column))).toEqual(
      [],
    )
  })
})

describe('the right to remove', () => {
  it('belongs to payymo_purge on every tenant table but the kept ones, and to it alone where money is', async () => {
    const tables = await app.store.directory(listTenantTables)
    const may = (role: string) =>
      withOwner(app.database.pool, async (tx) => {
        const rows = await tx.many<{ name: string }>(
          `select name from unnest($1::text[]) as name where has_table_privilege('${role}', name, 'delete') order by name`,
          [tables.map(({ name }) => name)],
        )
        return rows.map(({ name }) => name)
      })
    const names = tables.map(({ name }) => name)
    expect(await may('payymo_purge')).toEqual(names.filter((name) => !KEPT_TABLES.includes(name)).sort())
    const app_ = await may('payymo_app')
    for (const money of ['transactions', 'invoices', 'payments', 'matches', 'accounts', 'audit_events', 'events'])
      expect(app_).not.toContain(money)
  })

  it('reaches the rows of one tenant only, and none without one', async () => {
    const { pool } = app.database
    await withPurge(pool, tenant.id, (tx) => tx.run('delete from deliveries where true'))
    expect((await counts(other.id)).deliveries).toBeGreaterThan(0)
    expect((await counts(tenant.id)).deliveries).toBeUndefined()
    await withOwner(pool, async (tx) => {
      await tx.run('set local role payymo_purge')
      expect(await tx.run('delete from deliveries where true')).toBe(0)
    })
    await expect(withTenant(pool, tenant.id, (tx) => tx.run('delete from transactions'))).rejects.toMatchObject({
      code: '42501',
    })
    for (const kept of KEPT_TABLES)
      await expect(withPurge(pool, tenant.id, (tx) => tx.run(`delete from ${kept}`))).rejects.toMatchObject({
        code: '42501',
      })
  })
})
