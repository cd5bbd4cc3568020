import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { linesOf, makeFileConnection, upload } from '../../test/setup/factories-banking.ts'
import { systemClock } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import type { BankingDeps } from './deps.ts'
import { endForgottenImports, IMPORT_JOB, importQueued } from './import-later.ts'

const CSV = 'Date,Description,Amount\n2026-03-01,INV 1 Tidewater,100.00\n2026-03-02,Rent,-50.00\n2026-03-03,Odd,n/a\n'
const BIG = `Date,Description,Amount\n${Array.from({ length: 9_000 }, (_, n) => `2026-0${1 + Math.floor(n / 3_000)}-01,Line ${n},${n + 1}.00`).join('\n')}\n`

let app: TestApp
let tenant: TestTenant
let deps: BankingDeps
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  deps = {
    store: app.store,
    vault: app.vault,
    clock: systemClock,
    scaled: (plannedMs) => plannedMs,
    log: silentLog,
    feedOf: async () => undefined,
    publicUrl: () => 'http://127.0.0.1',
    production: false,
  }
})
afterAll(() => app.stop())

const send = async (file: string, query = '?async=true') => {
  const { id, accountId } = await makeFileConnection(tenant)
  const answer = await upload(app, tenant, id, file, { query })
  return { connection: id, accountId, answer, imp: answer.body.id as Id<'imp'> }
}
const shown = async (imp: string) => (await tenant.call('GET', `/imports/${imp}`)).body
const filesLeft = () =>
  app.store.read(tenant.id, (tx) =>
    tx.many<{ import_id: string }>('select import_id from import_files where tenant_id = $1', [tx.tenantUuid]),
  )

describe('POST /bank-connections/{id}/statements?async=true', () => {
  it('202: keeps the file, sealed, and a worker takes it in as if it had been waited for', async () => {
    const { answer, accountId, imp } = await send(CSV)
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `/api/v1/imports/${imp}` },
      body: { status: 'queued', format: 'unknown', entries: 0, recorded: 0, created: 0, error: null },
    })
    expect(await linesOf(tenant, accountId)).toEqual([])
    const [kept] = await app.store.read(tenant.id, (tx) =>
      tx.many<{ sealed_file: Buffer }>('select sealed_file from import_files where tenant_id = $1', [tx.tenantUuid]),
    )
    expect(kept!.sealed_file.includes('Tidewater')).toBe(false)
    expect(kept!.sealed_file.includes(Buffer.from(CSV).toString('base64').slice(0, 40))).toBe(false)
    const queued = await app.database.pool.query('select data from pgboss.job where name = $1', [IMPORT_JOB])
    expect(queued.rows.map((row) => row.data.importId)).toContain(imp)

    await importQueued(deps, tenant.id, imp)
    expect(await shown(imp)).toMatchObject({
      status: 'done',
      format: 'csv',
      entries: 2,
      recorded: 2,
      created: 2,
      rejected: [{ line: 4, reason: expect.any(String) }],
    })
    expect(await linesOf(tenant, accountId)).toHaveLength(2)
    expect(await filesLeft()).toEqual([])
    // Taken up twice, it changes nothing.
    await importQueued(deps, tenant.id, imp)
    expect(await linesOf(tenant, accountId)).toHaveLength(2)
    const who = await app.store.read(tenant.id, (tx) =>
      tx.many<{ type: string }>(
        `select entry->'actor'->>'type' as type from audit_events where tenant_id = $1 and action = 'statement.import'`,
        [tx.tenantUuid],
      ),
    )
    expect(who).toEqual([{ type: 'api_key' }])
  })

  it('shows how far a large file is, and after a crash adds only what is missing', async () => {
    const { imp, accountId } = await send(BIG)
    let changes = 0
    const dying: BankingDeps = {
      ...deps,
      store: {
        ...app.store,
        change: (tenantId, actor, work) => {
          changes += 1
          if (changes === 3) throw new Error('the process dies')
          return app.store.change(tenantId, actor, work)
        },
      },
    }
    await expect(importQueued(dying, tenant.id, imp)).rejects.toThrow('the process dies')
    const half = await shown(imp)
    expect(half).toMatchObject({ status: 'running', entries: 9_000, format: 'unknown' })
    expect(half.recorded).toBeGreaterThan(0)
    expect(half.recorded).toBeLessThan(9_000)
    expect(half.created).toBe(0)
    await importQueued(deps, tenant.id, imp)
    expect(await shown(imp)).toMatchObject({
      status: 'done',
      recorded: 9_000,
      entries: 9_000,
      duplicates: half.recorded,
    })
    const { total_items } = (await tenant.call('GET', `/transactions?account_id=${accountId}`)).body.pagination
    expect(total_items).toBe(9_000)
  })

  it('says in words why a file could not be read, and forgets it', async () => {
    const { imp } = await send('this is prose, not a statement')
    await importQueued(deps, tenant.id, imp)
    const failed = await shown(imp)
    expect(failed).toMatchObject({ status: 'failed', created: 0 })
    expect(failed.error).toContain('this is prose')
    expect(await filesLeft()).toEqual([])
  })

  it('ends an import whose job came to no end', async () => {
    const { imp } = await send(CSV)
    await endForgottenImports(deps)
    expect(await shown(imp)).toMatchObject({ status: 'queued' })
    await app.database.pool.query(`update import_files set created_at = now() - interval '3 hours'`)
    await endForgottenImports(deps)
    expect(await shown(imp)).toMatchObject({ status: 'failed', error: expect.stringContaining('Upload it again') })
  })

  it('400, 404 and 409: as without it', async () => {
    const { id } = await makeFileConnection(tenant)
    expect((await upload(app, tenant, id, CSV, { query: '?async=later' })).status).toBe(400)
    expect((await upload(app, tenant, id, CSV, { query: '?async=true&mapping=x' })).status).toBe(400)
    expect((await upload(app, await app.tenant(), id, CSV, { query: '?async=true' })).status).toBe(404)
    await tenant.call('DELETE', `/bank-connections/${id}`)
    expect((await upload(app, tenant, id, CSV, { query: '?async=true' })).status).toBe(409)
    expect(await filesLeft()).toEqual([])
  })
})

describe('GET /bank-connections/{id}/imports', () => {
  it('200: the files of this connection, the newest first, with what was rejected and why', async () => {
    const { id } = await makeFileConnection(tenant)
    const first = (await upload(app, tenant, id, CSV)).body
    const again = (await upload(app, tenant, id, CSV)).body
    await send(CSV)
    const { body } = await tenant.call('GET', `/bank-connections/${id}/imports`)
    expect(body.data).toEqual([again, first])
    expect(body.data[0]).toMatchObject({ created: 0, duplicates: 2, rejected: [{ line: 4 }], status: 'done' })
    expect((await tenant.call('GET', `/bank-connections/${id}/imports?status=failed`)).body.data).toEqual([])
  })

  it('404: of another tenant, like a made-up one', async () => {
    const { id } = await makeFileConnection(tenant)
    const stranger = await app.tenant()
    const answers = await Promise.all(
      [id, 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab'].map((one) => stranger.call('GET', `/bank-connections/${one}/imports`)),
    )
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect({ ...answers[0]!.body.error, request_id: '' }).toEqual({ ...answers[1]!.body.error, request_id: '' })
  })
})
