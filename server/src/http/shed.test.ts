import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { silentLog } from '../base/log.ts'
import { allows, type Caller } from './route.ts'
import { createHttp } from './server.ts'
import { createLoopLag, isList, SHED_MS } from './shed.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

/** The same routes behind an event loop that is as late as the test says, called by a machine or by a person. */
function late(signedInAt: Date | null) {
  const loop = { ms: 0 }
  const caller: Caller = {
    kind: 'tenant',
    tenantId: tenant.id,
    actor: { type: signedInAt ? 'user' : 'api_key', id: 'test', name: 'test', ip: null, requestId: null },
    permissions: new Set(['*']),
    tier: 'standard',
    partner: false,
    signedInAt,
  }
  expect(allows(caller, 'transactions:read')).toBe(true)
  const http = createHttp({
    routes: [...app.routes],
    authenticate: async () => caller,
    lag: { lagMs: () => loop.ms },
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })
  const call = async (method: string, path: string, headers: Record<string, string> = {}) =>
    http.inject({ method: method as 'GET', url: path, headers })
  return { loop, call, close: () => http.close() }
}

describe('a busy event loop', () => {
  it("503: machines' lists and exports come later; everything else goes on", async () => {
    const { loop, call, close } = late(null)
    expect((await call('GET', '/api/v1/transactions')).statusCode).toBe(200)
    loop.ms = SHED_MS
    for (const accept of ['application/json', 'text/csv']) {
      const refused = await call('GET', '/api/v1/transactions', { accept })
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2'])
      expect(refused.json().error).toMatchObject({ code: 'service_unavailable', retryable: true })
    }
    expect((await call('GET', `/api/v1/tenants/${tenant.id}`)).statusCode).toBe(200)
    expect((await call('PATCH', '/api/v1/invoice-matches/match_01jrfzq4v8m2k9d7t5x3w1c0ab')).statusCode).toBe(404)
    expect((await call('POST', '/api/v1/transactions')).statusCode).toBe(400)
    expect((await call('GET', '/healthz')).statusCode).toBe(200)
    loop.ms = SHED_MS - 1
    expect((await call('GET', '/api/v1/transactions')).statusCode).toBe(200)
    await close()
  })

  it('200: people are answered', async () => {
    const { loop, call, close } = late(new Date())
    loop.ms = 10 * SHED_MS
    expect((await call('GET', '/api/v1/transactions')).statusCode).toBe(200)
    await close()
  })

  it('knows every list by its parameters, and nothing that decides', () => {
    const lists = app.routes.filter(isList)
    expect(lists.map((route) => route.operationId)).toEqual(
      app.routes
        .filter((route) => JSON.stringify(route.answers[200]?.example ?? {}).includes('"pagination"'))
        .map((route) => route.operationId),
    )
    expect(lists.length).toBeGreaterThan(15)
  })
})

describe('the measure', () => {
  it('counts a timer that is overdue, before it has come', () => {
    let nowMs = 1_000
    const lag = createLoopLag(() => nowMs)
    expect(lag.lagMs()).toBeLessThanOrEqual(0)
    nowMs += 50 + SHED_MS
    expect(lag.lagMs()).toBe(SHED_MS)
    lag.stop()
  })
})
