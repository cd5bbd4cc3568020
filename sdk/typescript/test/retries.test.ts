import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { PayymoError } from '../src/index.ts'
import { type FakeAnswer, type FakeServer, fakeServer, refusal } from './setup.ts'

const open: FakeServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})
const serving = async (...answers: FakeAnswer[]): Promise<FakeServer> => {
  const server = await fakeServer(...answers)
  open.push(server)
  return server
}

const GOOD: FakeAnswer = { status: 200, body: { id: 'txn_1', amount: 1 } }
const BUSY: FakeAnswer = { status: 503, body: refusal('service_unavailable', true) }

const failure = async (work: Promise<unknown>): Promise<PayymoError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PayymoError)
  return error as PayymoError
}

describe('tries again', () => {
  it.each<[string, FakeAnswer]>([
    ['429', { status: 429, body: refusal('rate_limit_exceeded', true) }],
    ['500', { status: 500, body: refusal('server_error', true) }],
    ['502 of a proxy', { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } }],
    ['503', BUSY],
    ['a broken connection', { status: 0, breaks: true }],
    [
      '409 while the first call is still at work',
      { status: 409, body: refusal('resource_conflict', false), headers: { 'retry-after': '1' } },
    ],
  ])('after %s', async (_name, first) => {
    const server = await serving(first, GOOD)
    expect(await server.client().transactions.get('txn_1')).toMatchObject({ id: 'txn_1' })
    expect(server.calls).toHaveLength(2)
  })

  it('a POST with one idempotency key for all its tries, and another for the next call', async () => {
    const server = await serving({ status: 0, breaks: true }, BUSY, { status: 201, body: { id: 'txn_1' } })
    const create = () =>
      server
        .client()
        .transactions.create({ account_id: 'acc_1', amount: 5, currency: 'EUR', transaction_date: '2025-04-10' })
    await create()
    await create()
    const keys = server.calls.map((call) => call.headers['idempotency-key'])
    expect(keys).toHaveLength(4)
    expect(new Set(keys.slice(0, 3)).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[3]).not.toBe(keys[0])
    expect(new Set(server.calls.map((call) => call.body)).size).toBe(1)
  })

  it('at most as often as allowed, then says what came last', async () => {
    const server = await serving(BUSY)
    const error = await failure(server.client().transactions.get('txn_1'))
    expect(server.calls).toHaveLength(3)
    expect(error).toMatchObject({
      code: 'service_unavailable',
      status: 503,
      retryable: true,
      requestId: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab',
    })
    await failure(server.client({ maxRetries: 0 }).transactions.get('txn_1'))
    expect(server.calls).toHaveLength(4)
    await failure(server.client({ maxRetries: 0 }).transactions.get('txn_1', {}, { maxRetries: 1 }))
    expect(server.calls).toHaveLength(6)
  })

  it('after as long as Retry-After says, else after a random pause that grows', async () => {
    const told = await serving({ ...BUSY, headers: { 'retry-after': '7' } }, GOOD)
    await told.client().transactions.get('txn_1')
    expect(told.waits).toEqual([7000])
    const silent = await serving(BUSY)
    await failure(silent.client({ maxRetries: 8 }).transactions.get('txn_1'))
    expect(silent.waits).toHaveLength(8)
    silent.waits.forEach((ms, attempt) => {
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(Math.min(8000, 500 * 2 ** attempt))
    })
  })
})

describe('does not try again', () => {
  it.each<[string, FakeAnswer]>([
    ['400', { status: 400, body: refusal('invalid_request', false) }],
    ['404', { status: 404, body: refusal('resource_not_found', false) }],
    ['409 because it exists', { status: 409, body: refusal('resource_conflict', false) }],
    ['422', { status: 422, body: refusal('validation_failed', false) }],
    ['an error that is kept under the idempotency key', { ...BUSY, headers: { 'idempotency-replayed': 'true' } }],
    ['a way that leads elsewhere', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
  ])('after %s', async (_name, answer) => {
    const server = await serving(answer)
    const error = await failure(server.client().webhooks.create({ url: 'https://example.com', events: ['*'] }))
    expect(error.status).toBe(answer.status)
    expect(server.calls).toHaveLength(1)
  })

  it('when the pause would outlast the time of the call', async () => {
    const server = await serving({ ...BUSY, headers: { 'retry-after': '61' } })
    const error = await failure(server.client().transactions.get('txn_1'))
    expect(error.retryAfterSeconds).toBe(61)
    expect(server.waits).toEqual([])
  })
})

describe('ends', () => {
  /** Never answers, and hears when it is given up. */
  const silentFetch: typeof globalThis.fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      const end = () => reject(init!.signal!.reason as Error)
      if (init!.signal!.aborted) end()
      else init!.signal!.addEventListener('abort', end)
    })

  it('with timed_out when its time is over', async () => {
    const server = await serving(GOOD)
    const error = await failure(server.client({ fetch: silentFetch, timeoutMs: 1 }).transactions.get('txn_1'))
    expect(error).toMatchObject({ code: 'timed_out', status: 0, retryable: true })
  })

  it('with the reason of the signal, before, during a try, and during a pause', async () => {
    const server = await serving(BUSY)
    const reason = new Error('no longer wanted')
    await expect(server.client().transactions.get('txn_1', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    const during = new AbortController()
    const call = server.client({ fetch: silentFetch }).transactions.get('txn_1', {}, { signal: during.signal })
    during.abort(reason)
    await expect(call).rejects.toBe(reason)
    const paused = new AbortController()
    const client = server.client({
      wait: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          paused.abort(reason)
        }),
    })
    await expect(client.transactions.get('txn_1', {}, { signal: paused.signal })).rejects.toBe(reason)
  })
})

describe('credentials by a function', () => {
  it('are asked for before every try, and once more after a 401', async () => {
    const server = await serving({ status: 401, body: refusal('authentication_required', false) }, BUSY, GOOD)
    const asked: boolean[] = []
    const client = server.client({
      apiKey: async ({ refused }) => {
        asked.push(refused)
        return `token-${asked.length}`
      },
    })
    await client.transactions.get('txn_1')
    expect(asked).toEqual([false, true, true])
    expect(server.calls.map((call) => call.headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
      'Bearer token-3',
    ])
  })

  it('that are refused twice are refused; a fixed key is not sent twice', async () => {
    const server = await serving({ status: 401, body: refusal('authentication_required', false) })
    await failure(server.client({ apiKey: () => 'token' }).transactions.get('txn_1'))
    expect(server.calls).toHaveLength(2)
    await failure(server.client().transactions.get('txn_1'))
    expect(server.calls).toHaveLength(3)
  })
})

it('names itself with the version of the package', async () => {
  const server = await serving(GOOD)
  await server.client().transactions.get('txn_1')
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(server.calls[0]!.headers['user-agent']).toBe(`payymo-sdk-typescript/${version}`)
})

it('ids cannot leave their place in the address, and undefined filters are left out', async () => {
  const server = await serving({ status: 200, body: { data: [], pagination: {} } })
  await server.client({ baseUrl: `${server.url}/` }).transactions.get('../tenants?x=1#')
  await server.client().transactions.list({ status: undefined, currency: 'EUR' })
  expect(server.calls.map((call) => call.url)).toEqual([
    '/api/v1/transactions/..%2Ftenants%3Fx%3D1%23',
    '/api/v1/transactions?currency=EUR',
  ])
})

it('a page that answers 200 in the place of Payymo is an unexpected answer', async () => {
  const server = await serving({ status: 200, body: '{"data": [' })
  expect(await failure(server.client().transactions.list())).toMatchObject({ code: 'unexpected_answer', status: 200 })
})

it('a failure that is awaited by withResponse() alone is nobody else’s', async () => {
  const server = await serving({ status: 404, body: refusal('resource_not_found', false) })
  const error = await failure(server.client().transactions.get('txn_1').withResponse())
  expect(error.code).toBe('resource_not_found')
})

it('lists without cursors are walked by page', async () => {
  const page = (name: string, current: number) => ({
    status: 200,
    body: { data: [{ name }], pagination: { next_cursor: null, current_page: current, total_pages: 2 } },
  })
  const server = await serving(page('Alpha', 1), page('Beta', 2))
  const names: string[] = []
  for await (const bank of server.client().institutions.listAll({ country: 'GB' })) names.push(bank.name)
  expect(names).toEqual(['Alpha', 'Beta'])
  expect(server.calls.map((call) => call.url)).toEqual([
    '/api/v1/institutions?per_page=100&country=GB',
    '/api/v1/institutions?per_page=100&country=GB&page=2',
  ])
})
