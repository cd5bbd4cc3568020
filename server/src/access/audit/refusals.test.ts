import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { OPERATOR_KEY, type TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp, withWrongSecret } from '../../../test/setup/factories-keys.ts'
import { testClock } from '../../base/clock.ts'
import { AppError } from '../../base/errors.ts'
import { newId, uuidOf } from '../../base/ids.ts'
import { silentLog } from '../../base/log.ts'
import type { Store } from '../../events/store.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { makeKey } from '../credentials/key-format.ts'
import { createRefusals } from './refusals.ts'

let bench: KeysApp
beforeAll(async () => {
  bench = await createKeysApp()
})
afterAll(() => bench.stop())

const make = async (tenant: TestTenant, body: object = {}) =>
  (await tenant.call('POST', '/api-keys', { name: 'export', permissions: ['api_keys:read'], ...body })).body
const refusedOf = async (tenantId: string, action = 'api_key.refuse') => {
  await bench.refusals.flush()
  return bench.audited(tenantId, action)
}

describe('a refused credential', () => {
  it('is a row of the tenant whose key it was: wrong secret, expired, revoked', async () => {
    const tenant = await bench.tenant()
    const wrong = await make(tenant)
    const expiring = await make(tenant, { expires_at: new Date(bench.clock.now().getTime() + 1_000).toISOString() })
    const ended = await make(tenant)
    await tenant.call('DELETE', `/api-keys/${ended.id}`)
    bench.clock.advance(1_000)
    await bench.call(withWrongSecret(wrong.key), 'GET', '/api-keys')
    await bench.call(expiring.key, 'DELETE', `/api-keys/${wrong.id}`)
    await bench.call(ended.key, 'GET', '/nowhere')
    const rows = await refusedOf(tenant.id)
    expect(rows.map((row) => [row.resource.id, row.changes])).toEqual([
      [wrong.id, { reason: 'wrong_secret', method: 'GET', route: '/api/v1/api-keys', count: 1 }],
      [expiring.id, { reason: 'expired', method: 'DELETE', route: '/api/v1/api-keys/{id}', count: 1 }],
      [ended.id, { reason: 'revoked', method: 'GET', route: 'unknown', count: 1 }],
    ])
    // Whoever it was proved nothing.
    expect(rows[0]).toMatchObject({
      actor: { type: 'system' },
      ip: '127.0.0.1',
      request_id: expect.stringMatching(/^req_/),
    })
    expect(JSON.stringify(rows)).not.toContain(wrong.key.slice(21))
  })

  it('is a row of the tenant also when that is suspended', async () => {
    const tenant = await bench.tenant()
    await bench.app.database.pool.query("update tenants set status = 'suspended' where tenant_id = $1", [
      uuidOf(tenant.id),
    ])
    expect((await tenant.call('GET', '/api-keys')).status).toBe(401)
    expect((await refusedOf(tenant.id))[0].changes).toMatchObject({ reason: 'tenant_not_active' })
  })

  it("is a row of the operator's chain when nobody's, equal ones of a second counted together, the form told, not the text", async () => {
    await bench.refusals.flush()
    const before = (await refusedOf(OPERATOR_TENANT)).length
    const stripe = 'sk_live_51HabcdefghijklmnopQRSTUV'
    for (let n = 0; n < 5; n++) await bench.call(makeKey('live').text, 'GET', '/api-keys')
    for (let n = 0; n < 3; n++) await bench.call(undefined, 'POST', '/api-keys', {})
    await bench.call(stripe, 'GET', '/api-keys')
    await bench.call('rubbish', 'GET', '/api-keys')
    const rows = (await refusedOf(OPERATOR_TENANT)).slice(before)
    expect(rows.map((row) => [row.resource, row.changes.method, row.changes.count])).toEqual([
      [{ type: 'credential', id: 'api key' }, 'GET', 5],
      [{ type: 'credential', id: 'none' }, 'POST', 3],
      [{ type: 'credential', id: 'stripe key' }, 'GET', 1],
      [{ type: 'credential', id: 'unreadable' }, 'GET', 1],
    ])
    expect(rows[0].changes.last_at).toBeDefined()
    expect(JSON.stringify(rows)).not.toContain(stripe)
  })
})

describe('a refused token', () => {
  it('names the application or the person it was for, once the answer is on its way', async () => {
    const tenant = await bench.tenant()
    const [application, user] = [newId('app'), newId('usr')]
    for (const credential of [application, user]) {
      bench.refusals.note({ tenantId: tenant.id, credential, reason: 'expired', ip: '::1', requestId: newId('req') })
    }
    // No answer came by the second writing: the attempt is told without its route.
    await bench.refusals.flush()
    expect(await bench.audited(tenant.id, 'access_token.refuse')).toEqual([])
    expect((await refusedOf(tenant.id, 'access_token.refuse')).map((row) => [row.resource, row.changes])).toEqual([
      [
        { type: 'application', id: application },
        { reason: 'expired', count: 1 },
      ],
      [
        { type: 'user', id: user },
        { reason: 'expired', count: 1 },
      ],
    ])
  })
})

describe('a refused call of a valid caller', () => {
  it('is a row of its tenant with the permission and the route, and by whom', async () => {
    const tenant = await bench.tenant()
    const key = await make(tenant)
    for (let n = 0; n < 2; n++) await bench.call(key.key, 'GET', '/audit-events/verify')
    await bench.call(key.key, 'GET', '/api-keys/key_01jrfzq4v8m2k9d7t5x3w1c0ab')
    const rows = await refusedOf(tenant.id, 'permission.refuse')
    expect(rows).toMatchObject([
      {
        actor: { type: 'api_key', id: key.id, name: 'export' },
        resource: { type: 'route', id: 'GET /api/v1/audit-events/verify' },
        changes: { permission: 'audit:read', held: false, count: 2 },
        ip: '127.0.0.1',
      },
    ])
  })

  it('says so when another rule refused who holds the permission; the operator has a chain of its own', async () => {
    const tenant = await bench.tenant({ permissions: ['api_keys:write'] })
    await tenant.call('POST', '/api-keys', { name: 'more', permissions: ['*'] })
    await bench.call(OPERATOR_KEY, 'GET', '/api-keys')
    expect((await refusedOf(tenant.id, 'permission.refuse'))[0].changes).toMatchObject({
      permission: 'api_keys:write',
      held: true,
    })
    expect((await refusedOf(OPERATOR_TENANT, 'permission.refuse')).at(-1)).toMatchObject({
      actor: { type: 'operator' },
      resource: { id: 'GET /api/v1/api-keys' },
    })
  })
})

describe('a flood', () => {
  const attempt = (n: number) => ({
    tenantId: null,
    credential: 'none',
    reason: 'unknown' as const,
    ip: `203.0.113.${n}`,
    requestId: `req_${n}`,
  })
  const make = (store = bench.app.store) =>
    createRefusals({ store, log: silentLog, now: () => bench.clock.now(), permissionOf: () => undefined })

  it('costs a chain a bounded number of rows, and none of its attempts goes uncounted', async () => {
    const before = (await refusedOf(OPERATOR_TENANT)).length
    const refusals = make()
    for (let n = 0; n < 30_000; n++) refusals.note(attempt(n))
    await refusals.stop()
    const rows = (await refusedOf(OPERATOR_TENANT)).slice(before)
    expect(rows).toHaveLength(51)
    expect(rows.reduce((sum, row) => sum + row.changes.count, 0)).toBe(30_000)
    expect(rows.at(-1)).toMatchObject({ resource: { id: 'various' }, changes: { reason: 'various', count: 29_950 } })
  })

  it('costs no more for lasting long: repeated attempts are told once a minute, the rest together', async () => {
    const told: { count: number }[] = []
    const tx = {
      first: async () => ({ sequence: '0', hash: Buffer.alloc(32) }),
      run: async (_text: string, values: unknown[]) => {
        told.push(...(values[5] as string[]).map((text) => JSON.parse(text).changes as { count: number }))
        return 1
      },
    }
    const store = { change: async (_tenant: unknown, _actor: unknown, work: (change: object) => unknown) => work(tx) }
    const clock = testClock('2026-03-02T09:00:00Z')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const refusals = createRefusals({
        store: store as unknown as Store,
        log: silentLog,
        now: () => clock.now(),
        permissionOf: () => undefined,
      })
      for (let second = 0; second < 60; second++) {
        for (let n = 0; n < 200; n++) refusals.note(attempt(200 * second + n))
        clock.advance(1_000)
        await vi.advanceTimersByTimeAsync(1_000)
      }
      await refusals.stop()
    } finally {
      vi.useRealTimers()
    }
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(12_000)
    expect(told.length).toBeLessThanOrEqual(120)
  })

  it('is kept while the database is away', async () => {
    const before = (await refusedOf(OPERATOR_TENANT)).length
    let away = true
    const refusals = make({
      ...bench.app.store,
      change: (tenantId, actor, work) =>
        away
          ? Promise.reject(new AppError('service_unavailable', 'away'))
          : bench.app.store.change(tenantId, actor, work),
    })
    refusals.note(attempt(1))
    await refusals.flush()
    await refusals.flush()
    expect(await refusedOf(OPERATOR_TENANT)).toHaveLength(before)
    away = false
    refusals.note(attempt(2))
    await refusals.stop()
    expect((await refusedOf(OPERATOR_TENANT)).slice(before).map((row) => row.ip)).toEqual([
      '203.0.113.1',
      '203.0.113.2',
    ])
  })
})
