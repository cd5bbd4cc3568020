import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { makeFileConnection, upload } from '../../../test/setup/factories-banking.ts'
import { makeChild, makePartner } from '../../../test/setup/factories-tenants.ts'

let app: TestApp
let partner: TestTenant
let child: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  partner = await makePartner(app)
  child = await makeChild(app, partner)
})
afterAll(() => app.stop())

const NOTHING = {
  connections: [
    { kind: 'bank', active: 0, failing: 0 },
    { kind: 'stripe', active: 0, failing: 0 },
    { kind: 'whmcs', active: 0, failing: 0 },
  ],
  last_fetch_at: null,
  waiting: 0,
  payments_failed: 0,
  alerts: 0,
  calls_capped: false,
}
const put = (sql: string, values: unknown[] = []) =>
  app.store.read(child.id, (tx) => tx.run(sql, [tx.tenantUuid, ...values]))

describe('health', () => {
  it('200: nothing at first; then connections, fetches, what waits and calls, for operator, partner and itself alike', async () => {
    const path = `/tenants/${child.id}/health`
    expect((await partner.call('GET', path)).body).toMatchObject({ ...NOTHING, calls: 0, last_call_at: null })

    const { id } = await makeFileConnection(child)
    await upload(app, child, id, 'Date,Description,Amount\n2026-03-01,A,10.00\n2026-03-02,B,-5.00\n')
    await put(`update transactions set match_status = 'suggested' where tenant_id = $1 and direction = 'credit'`)
    await put(
      `insert into bank_connections (tenant_id, id, provider, name, bank_name, status) values ($1, gen_random_uuid(), 'gocardless', 'B', 'B', 'expired')`,
    )
    await put(
      `insert into alerts (tenant_id, id, code, severity, subject_type, subject_id, message)
       values ($1, gen_random_uuid(), 'x', 'warning', 't', '1', 'm'), ($1, gen_random_uuid(), 'x', 'info', 't', '2', 'm')`,
    )
    await put(
      `insert into api_calls (tenant_id, id, actor_type, actor_id, at, method, route, status, ip, request_id)
       select $1, gen_random_uuid(), 'api_key', 'key_x', now() - n * interval '1 day', 'GET', '/x', 200, '', '' from generate_series(1, 40) n`,
    )
    const health = (await partner.call('GET', path)).body
    expect(health).toMatchObject({
      connections: [{ kind: 'bank', active: 1, failing: 1 }, {}, {}],
      last_fetch_at: expect.stringMatching(/^20/),
      waiting: 1,
      payments_failed: 0,
      alerts: 1,
    })
    // Those made here are noted a moment later.
    expect(health.calls).toBeGreaterThanOrEqual(29)
    expect(health.calls).toBeLessThan(40)
    const own = (await child.call('GET', path)).body
    const operator = (await app.call(OPERATOR_KEY, 'GET', path)).body
    for (const seen of [own, operator])
      expect(seen).toMatchObject({ ...health, calls: expect.any(Number), last_call_at: expect.any(String) })
  })

  it('200: in lists, page by page; without it nothing is shown', async () => {
    const { data } = (await partner.call('GET', '/tenants?expand=health&sort=name')).body
    expect(data.map((row: { health: { waiting: number } }) => row.health.waiting)).toEqual([1, 0])
    const first = (await partner.call('GET', '/tenants?expand=health&per_page=1')).body
    const second = (
      await partner.call('GET', `/tenants?expand=health&per_page=1&cursor=${first.pagination.next_cursor}`)
    ).body
    expect(second.data[0].health).toBeDefined()
    expect((await partner.call('GET', '/tenants')).body.data[0]).not.toHaveProperty('health')
    expect((await partner.call('GET', `/tenants/${child.id}`)).body).not.toHaveProperty('health')
  })

  it('400: anything else to expand; 404: a tenant out of reach', async () => {
    expect((await partner.call('GET', '/tenants?expand=settings')).status).toBe(400)
    const stranger = await app.tenant()
    expect((await partner.call('GET', `/tenants/${stranger.id}/health`)).status).toBe(404)
  })
})
