import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestAnswer, TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp } from '../../../test/setup/factories-keys.ts'
import { AppError } from '../../base/errors.ts'
import { silentLog } from '../../base/log.ts'
import type { FinishedCall } from '../../http/server.ts'
import { createCallLog } from './call-log.ts'
import { forgetCalls } from './forget-calls.ts'

let bench: KeysApp
beforeAll(async () => {
  bench = await createKeysApp()
})
afterAll(() => bench.stop())

const make = async (tenant: TestTenant, permissions = ['api_keys:read']) =>
  (await tenant.call('POST', '/api-keys', { name: 'export', permissions })).body
const usage = async (tenant: TestTenant, id: string, query = '') => {
  await bench.calls.flush()
  return tenant.call('GET', `/api-keys/${id}/usage${query}`)
}

describe('GET /api-keys/{id}/usage', () => {
  it('200: every call of this key, refused ones too, newest first, as the document writes the route', async () => {
    const tenant = await bench.tenant()
    const key = await make(tenant)
    await bench.call(key.key, 'GET', '/api-keys?name=x')
    bench.clock.advance(1_000)
    await bench.call(key.key, 'GET', `/api-keys/${key.id}`)
    await bench.call(key.key, 'DELETE', `/api-keys/${key.id}`)
    const forbidden = await bench.call(key.key, 'GET', '/audit-events')
    const answer = await usage(tenant, key.id)
    expect(answer.status).toBe(200)
    expect(answer.body.data.map((call: Record<string, unknown>) => [call.method, call.route, call.status])).toEqual([
      ['GET', '/api/v1/audit-events', 403],
      ['DELETE', '/api/v1/api-keys/{id}', 403],
      ['GET', '/api/v1/api-keys/{id}', 200],
      ['GET', '/api/v1/api-keys', 200],
    ])
    expect(answer.body.data[0]).toEqual({
      at: `${bench.clock.now().toISOString().slice(0, 19)}Z`,
      method: 'GET',
      route: '/api/v1/audit-events',
      status: 403,
      ip: '127.0.0.1',
      request_id: forbidden.headers['x-request-id'],
    })
    expect(answer.body.pagination).toMatchObject({ total_items: 4 })
  })

  it('200: filters by status, method, route and time, and walks by cursor', async () => {
    const tenant = await bench.tenant()
    const key = await make(tenant)
    const startedAt = bench.clock.now()
    for (let n = 0; n < 7; n++) {
      await bench.call(key.key, n % 2 === 0 ? 'GET' : 'POST', n < 3 ? '/api-keys' : '/audit-events')
      bench.clock.advance(60_000)
    }
    const count = async (query: string) => (await usage(tenant, key.id, query)).body.pagination.total_items
    const minute = (n: number) => new Date(startedAt.getTime() + n * 60_000).toISOString()
    expect(await count('?status=200')).toBe(2)
    expect(await count('?method=POST')).toBe(3)
    expect(await count('?route=/api/v1/audit-events')).toBe(4)
    expect(await count(`?at_from=${minute(2)}&at_to=${minute(4)}`)).toBe(3)
    expect(await count('?q=audit')).toBe(4)
    expect(await count('?q=get+127')).toBe(4)
    expect(await count(`?updated_since=${minute(5)}`)).toBe(2)
    const whole = (await usage(tenant, key.id)).body.data
    const walked: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: TestAnswer['body'] = (await usage(tenant, key.id, `?per_page=3${cursor && `&cursor=${cursor}`}`)).body
      walked.push(...page.data)
      cursor = page.pagination.next_cursor
    }
    expect(walked).toEqual(whole)
    const oldestFirst = (await usage(tenant, key.id, '?sort=at')).body.data
    expect(oldestFirst).toEqual([...whole].reverse())
  })

  it('400: nonsense in a filter', async () => {
    const tenant = await bench.tenant()
    const key = await make(tenant)
    for (const query of ['?status=abc', '?method=BREW', '?at_from=yesterday', '?colour=red']) {
      expect((await usage(tenant, key.id, query)).status).toBe(400)
    }
  })

  it("403 without api_keys:read; 404 for another tenant's key", async () => {
    const [tenant, other] = [await bench.tenant(), await bench.tenant()]
    const key = await make(tenant, ['tenants:read'])
    expect((await bench.call(key.key, 'GET', `/api-keys/${key.id}/usage`)).status).toBe(403)
    expect((await usage(other, key.id)).status).toBe(404)
  })
})

describe('the log of calls', () => {
  const call = (tenant: TestTenant, n: number): FinishedCall => ({
    caller: {
      kind: 'tenant',
      tenantId: tenant.id,
      actor: { type: 'api_key', id: 'key_x', name: 'x', ip: null, requestId: null },
      permissions: new Set(),
      tier: 'standard',
      partner: false,
      signedInAt: null,
    },
    at: bench.clock.now(),
    method: 'GET',
    route: '/api/v1/x',
    status: 200,
    durationMs: 1,
    ip: '203.0.113.7',
    requestId: `req_${n}`,
  })
  const logged = (tenant: TestTenant) =>
    bench.app.store.read(tenant.id, async (tx) =>
      (
        await tx.many<{ request_id: string }>(
          "select request_id from api_calls where tenant_id = $1 and actor_id = 'key_x' order by at, id",
          [tx.tenantUuid],
        )
      ).map((row) => row.request_id),
    )

  it('writes what was noted when it is stopped, of several tenants, and nothing of callers unknown', async () => {
    const tenants = [await bench.tenant(), await bench.tenant()]
    const log = createCallLog({ store: bench.app.store, log: silentLog })
    for (let n = 0; n < 10; n++) log.observe(call(tenants[n % 2]!, n))
    log.observe({ ...call(tenants[0]!, 99), caller: null })
    await log.stop()
    expect(await logged(tenants[0]!)).toEqual(['req_0', 'req_2', 'req_4', 'req_6', 'req_8'])
    expect(await logged(tenants[1]!)).toEqual(['req_1', 'req_3', 'req_5', 'req_7', 'req_9'])
  })

  it('keeps what it could not write while the database is away, at most 20,000 calls, and says how many are lost', async () => {
    const tenant = await bench.tenant()
    const lost: unknown[] = []
    let away = true
    const log = createCallLog({
      store: {
        ...bench.app.store,
        read: (tenantId, work) =>
          away ? Promise.reject(new AppError('service_unavailable', 'away')) : bench.app.store.read(tenantId, work),
      },
      log: { ...silentLog, warn: (message, fields) => void lost.push([message, fields]) },
    })
    for (let n = 0; n < 20_010; n++) log.observe(call(tenant, n))
    await log.flush()
    for (let n = 0; n < 5; n++) log.observe(call(tenant, n))
    away = false
    await log.stop()
    expect(await logged(tenant)).toHaveLength(20_000)
    expect(lost).toEqual([
      ['calls not logged', { count: 10 }],
      ['calls not logged', { count: 5 }],
    ])
  })

  it('forgets calls after 30 days, however many, and no younger one', async () => {
    const tenant = await bench.tenant()
    const log = createCallLog({ store: bench.app.store, log: silentLog })
    for (let n = 0; n < 5_001; n++) log.observe(call(tenant, n))
    bench.clock.advance(1_000)
    log.observe(call(tenant, 6_000))
    await log.flush()
    bench.clock.advance(30 * 86_400_000 - 500)
    await forgetCalls({ store: bench.app.store, clock: bench.clock })
    expect(await logged(tenant)).toEqual(['req_6000'])
    await log.stop()
  })
})
