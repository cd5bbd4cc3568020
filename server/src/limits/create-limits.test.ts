import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import { AppError } from '../base/errors.ts'
import { silentLog } from '../base/log.ts'
import { type Caller, OPERATOR_TENANT, ok, type Route } from '../http/route.ts'
import { createHttp } from '../http/server.ts'
import { createLimits, type LimitsDeps, type RateLimits } from './create-limits.ts'

/** A server with a few routes, callers known by name, and the limiter on a database of its own. */
let database: Awaited<ReturnType<typeof createTestDatabase>>
let nowMs: number
const opened: { limits: RateLimits; http: FastifyInstance }[] = []
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  nowMs = Date.parse('2026-04-01T10:00:00Z')
  await database.pool.query('delete from rate_cells')
})
afterAll(async () => {
  await Promise.all(opened.map(({ limits, http }) => Promise.all([http.close(), limits.close()])))
  await database.close()
})

const route = (method: Route['method'], path: string, more: Partial<Route> = {}): Route => ({
  operationId: `${method} ${path}`,
  method,
  path,
  tag: 'Test',
  summary: 'Test',
  permission: 'invoices:read',
  caller: 'any',
  answers: {},
  handle: async () => ok({}),
  ...more,
})

function open(deps: Partial<LimitsDeps> = {}) {
  const outages: string[] = []
  const limits = createLimits({
    connection: database.connection,
    report: (outage) => outages.push(outage),
    nowMs: () => nowMs,
    ...deps,
  })
  const http = createHttp({
    routes: [
      route('GET', '/invoices'),
      route('GET', '/transactions'),
      route('POST', '/transactions/batch', { permission: 'transactions:write' }),
      route('GET', '/bank-connections/{id}'),
      route('POST', '/api-keys', { failClosed: true }),
    ],
    authenticate: async (authorization) => callerOf(authorization),
    limits,
    log: silentLog,
    now: () => new Date(nowMs),
    publicUrl: 'http://127.0.0.1:8080',
  })
  opened.push({ limits, http })
  const call = async (who: string | undefined, method: string, path: string, address = '192.0.2.1') => {
    const answer = await http.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      remoteAddress: address,
      headers: who === undefined ? {} : { authorization: who },
    })
    return {
      status: answer.statusCode,
      error: (answer.json() as { error?: { code: string; message: string } }).error,
      limit: Number(answer.headers['x-ratelimit-limit']),
      remaining: Number(answer.headers['x-ratelimit-remaining']),
      reset: Number(answer.headers['x-ratelimit-reset']),
      retryAfter: answer.headers['retry-after'],
    }
  }
  return { limits, call, outages }
}

function callerOf(authorization: string | undefined): Caller {
  if (authorization === undefined) throw new AppError('authentication_required', 'API key is required')
  const [kind, tenant = '1', key = 'a'] = authorization.split(' ')
  return {
    kind: kind === 'operator' ? 'operator' : 'tenant',
    tenantId: kind === 'operator' ? OPERATOR_TENANT : `ten_${tenant}`,
    actor: { type: kind === 'user' ? 'user' : 'api_key', id: key, name: key, ip: null, requestId: null },
    permissions: new Set(['invoices:read']),
    tier: kind === 'premium' ? 'premium' : 'standard',
    partner: false,
    signedInAt: kind === 'user' ? new Date(0) : null,
  }
}

const rates = { standard: 6, premium: 9, transactions: 3, bank_connections: 2, person: 4, address: 2 }
const nowSeconds = async () =>
  Number((await database.pool.query<{ s: string }>('select floor(extract(epoch from now())) as s')).rows[0]!.s)

describe('headers', () => {
  it('describe the tightest limit on every answer of a caller who is known, refusals included', async () => {
    const { call } = open()
    expect(await call('key 1', 'GET', '/invoices')).toMatchObject({ status: 200, limit: 1000, remaining: 999 })
    expect(await call('key 1', 'GET', '/transactions')).toMatchObject({ status: 200, limit: 200, remaining: 199 })
    expect(await call('key 1', 'GET', '/bank-connections/1')).toMatchObject({ limit: 50, remaining: 49 })
    expect(await call('premium 2', 'GET', '/invoices')).toMatchObject({ limit: 5000, remaining: 4999 })
    expect(await call('operator', 'GET', '/invoices')).toMatchObject({ limit: 5000, remaining: 4999 })
    expect(await call('user 1', 'GET', '/transactions')).toMatchObject({ limit: 1000, remaining: 999 })
    expect(await call('key 1', 'DELETE', '/transactions')).toMatchObject({ status: 405, limit: 200, remaining: 198 })
    expect(await call('key 1', 'POST', '/transactions/batch')).toMatchObject({ status: 403, remaining: 197 })
    expect(await call('key 1', 'GET', '/nothing-here')).toMatchObject({ status: 404, limit: 1000, remaining: 994 })
    expect(await call(undefined, 'GET', '/invoices')).toMatchObject({ status: 401, limit: Number.NaN })
  })

  it('say when the window moves on, in Unix seconds of the database', async () => {
    const { call } = open()
    const before = await nowSeconds()
    const { reset } = await call('key 1', 'GET', '/invoices')
    expect(reset).toBeGreaterThanOrEqual(before + 60)
    expect(reset).toBeLessThanOrEqual((await nowSeconds()) + 60)
  })
})

describe('429', () => {
  it('names the limit and the wait, and uses up nothing of the other limits', async () => {
    const { call } = open({ rates })
    for (let turn = 0; turn < 3; turn++) expect((await call('key 1', 'GET', '/transactions')).status).toBe(200)
    const refused = await call('key 1', 'POST', '/transactions/batch')
    expect(refused).toMatchObject({ status: 429, limit: 3, remaining: 0 })
    expect(refused.error!.code).toBe('rate_limit_exceeded')
    expect(refused.error!.message).toBe(
      `This tenant may make 3 calls a minute to /transactions; try again in ${refused.retryAfter} seconds`,
    )
    expect(Number(refused.retryAfter)).toBeGreaterThan(50)
    expect(Number(refused.retryAfter)).toBeLessThanOrEqual(60)
    expect(await call('key 1', 'GET', '/invoices')).toMatchObject({ status: 200, limit: 6, remaining: 2 })
  })

  it('comes before the method and the permission, and holds for all keys of the tenant and for it alone', async () => {
    const { call } = open({ rates })
    for (let turn = 0; turn < 6; turn++) await call(`key 1 ${turn}`, 'GET', '/invoices')
    for (const [method, path] of [
      ['GET', '/invoices'],
      ['DELETE', '/invoices'],
      ['POST', '/transactions/batch'],
      ['GET', '/nothing'],
    ] as const)
      expect((await call('key 1 fresh', method, path)).status).toBe(429)
    expect((await call('key 2', 'GET', '/invoices')).status).toBe(200)
    // People of the same tenant are counted one by one, and not against it.
    for (let turn = 0; turn < 4; turn++) expect((await call('user 1 ada', 'GET', '/transactions')).status).toBe(200)
    expect((await call('user 1 ada', 'GET', '/transactions')).error!.message).toMatch(/^You may make 4 calls a minute;/)
    expect((await call('user 1 eve', 'GET', '/transactions')).status).toBe(200)
  })

  it('also without a valid credential, by address', async () => {
    const { call } = open({ rates })
    const from = (address: string) => call(undefined, 'GET', '/invoices', address)
    expect([(await from('2001:db8::1')).status, (await from('2001:db8::2')).status]).toEqual([401, 401])
    const refused = await from('2001:db8::3')
    expect(refused).toMatchObject({ status: 429, error: { code: 'rate_limit_exceeded' } })
    expect(refused.error!.message).toMatch(
      /^This address may make 2 calls a minute without a valid key; try again in \d+ s/,
    )
    expect((await from('2001:db8:0:1::1')).status).toBe(401)
    expect((await call('key 1', 'GET', '/invoices', '2001:db8::3')).status).toBe(200)
  })

  it('ends when the wait is over', async () => {
    const { call } = open({ rates })
    for (let turn = 0; turn < 6; turn++) await call('key 1', 'GET', '/invoices')
    const { retryAfter } = await call('key 1', 'GET', '/invoices')
    const later = Number(retryAfter) * 1000
    nowMs += later
    await database.pool.query('update rate_cells set started_ms = started_ms - $1', [later])
    expect(await call('key 1', 'GET', '/invoices')).toMatchObject({ status: 200, limit: 6 })
  })
})

describe('two processes', () => {
  it('count together', async () => {
    const [one, other] = [open({ rates }), open({ rates })]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => (turn % 2 ? one : other).call('key 1', 'GET', '/invoices')),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(14)
  })
})

describe('the limiter out of reach', () => {
  const nowhere = { connection: { host: '127.0.0.1', port: 9, user: 'x', database: 'x' }, rates }

  it('lets ordinary calls go on under the same numbers, and says so once', async () => {
    const { call, outages } = open(nowhere)
    const answers = []
    for (let turn = 0; turn < 8; turn++) answers.push(await call('key 1', 'GET', '/invoices'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429, 429])
    expect(answers[0]).toMatchObject({ limit: 6, remaining: 5 })
    expect(outages).toEqual(['begins'])
  })

  it('503: what must not go uncounted, with a credential or without', async () => {
    const { call, limits } = open(nowhere)
    expect(await call('key 1', 'POST', '/api-keys')).toMatchObject({
      status: 503,
      retryAfter: '5',
      error: { code: 'service_unavailable' },
    })
    expect((await call(undefined, 'POST', '/api-keys')).status).toBe(503)
    await expect(limits.takeOne('sign-in:ada', 5)).rejects.toMatchObject({ code: 'service_unavailable' })
  })

  it('with an address of Redis where none is', async () => {
    const { call, outages } = open({ redisUrl: 'redis://127.0.0.1:9', rates })
    expect((await call('key 1', 'GET', '/invoices')).status).toBe(200)
    expect((await call('key 1', 'POST', '/api-keys')).status).toBe(503)
    expect(outages).toEqual(['begins'])
  })
})

describe('takeOne', () => {
  it('admits up to the number and then says how long to wait; each subject by itself, in all processes', async () => {
    const [one, other] = [open().limits, open().limits]
    const admitted = { admitted: true, retryAfterSeconds: 0 }
    expect(await one.takeOne('sign-in:ada', 2)).toEqual(admitted)
    expect(await other.takeOne('sign-in:ada', 2)).toEqual(admitted)
    const refused = await one.takeOne('sign-in:ada', 2)
    expect(refused.admitted).toBe(false)
    expect(refused.retryAfterSeconds).toBeGreaterThan(50)
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60)
    expect(await other.takeOne('sign-in:eve', 2)).toEqual(admitted)
  })

  it('leaves no name behind in the counters', async () => {
    await open().limits.takeOne('sign-in:ada@example.com', 2)
    const { rows } = await database.pool.query('select subject from rate_cells')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain('ada')
  })
})

it('counts as the role that sees no tenant, whoever owns the table', async () => {
  const { call, outages } = open()
  await database.pool.query('revoke update on rate_cells from payymo_app')
  await call('key 1', 'GET', '/invoices')
  await database.pool.query('grant update on rate_cells to payymo_app')
  expect(outages).toEqual(['begins'])
})
