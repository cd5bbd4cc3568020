import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { schemaFaults } from '../../test/setup/json-schema.ts'
import { silentLog } from '../base/log.ts'
import { EVENT_TYPES } from '../events/catalogue.ts'
import { addressOf, openApiDocument } from './openapi.ts'
import { ok, PERMISSIONS, publicRoute, type Route } from './route.ts'
import { createHttp } from './server.ts'

type Json = Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- the document as it came

let app: TestApp
let document: Json
let operations: { at: string; method: string; path: string; operation: Json }[]

beforeAll(async () => {
  app = await createTestApp()
  document = (await app.call(undefined, 'GET', '/api/openapi.json')).body as Json
  operations = Object.entries(document.paths as Json).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(([method, operation]) => ({
      at: `${method.toUpperCase()} ${path}`,
      method,
      path,
      operation: operation as Json,
    })),
  )
})
afterAll(() => app.stop())

const resolved = (part: Json): Json =>
  typeof part.$ref === 'string'
    ? part.$ref
        .replace(/^#\//, '')
        .split('/')
        .reduce((at: Json, step: string) => at[step] as Json, document)
    : part

/** Every content of a request or an answer: its schema, and the examples given with it. */
function contents(): { at: string; type: string; schema: unknown; examples: unknown[] }[] {
  const written = [...operations, ...webhooks()].flatMap(({ at, operation }) => [
    ...(operation.requestBody ? [{ at: `${at} request`, holder: operation.requestBody as Json }] : []),
    ...Object.entries(operation.responses as Json).map(([status, response]) => ({
      at: `${at} ${status}`,
      holder: resolved(response as Json),
    })),
  ])
  return written.flatMap(({ at, holder }) =>
    Object.entries((holder.content ?? {}) as Json).map(([type, content]) => ({
      at,
      type,
      schema: (content as Json).schema as unknown,
      examples:
        (content as Json).examples === undefined
          ? [(content as Json).example].filter((one) => one !== undefined)
          : Object.values((content as Json).examples as Json).map((one) => (one as Json).value as unknown),
    })),
  )
}

const webhooks = () =>
  Object.entries(document.webhooks as Json).map(([type, item]) => ({
    at: `webhook ${type}`,
    operation: (item as Json).post as Json,
  }))

describe('the OpenAPI document', () => {
  it('describes addresses that are served', () => {
    const missing = operations.filter(
      ({ method, path }) =>
        !app.http.hasRoute({ method: method.toUpperCase(), url: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    )
    expect(operations.length).toBeGreaterThan(50)
    expect(missing.map(({ at }) => at)).toEqual([])
  })

  it('says of every operation what it is, whom it is for, and in which group it stands', () => {
    const described = new Set(
      (document.tags as Json[]).filter((tag) => tag.description).map((tag) => tag.name as string),
    )
    for (const { at, operation, path } of operations) {
      expect(operation.operationId, at).toMatch(/^[a-z][A-Za-z]+$/)
      expect(operation.summary, at).toMatch(/\w/)
      expect(operation.description, at).toMatch(/\w/)
      expect(operation.tags, at).toHaveLength(1)
      expect(described, `${at}: the tag is described`).toContain(operation.tags[0])
      if (path.startsWith('/api/v1/')) {
        const [scope] = operation.security[0].apiKey as string[]
        expect(PERMISSIONS, at).toContain(scope)
        expect(operation.security, at).toEqual([{ apiKey: [scope] }, { accessToken: [scope] }])
      } else expect([[], [{ session: [] }]], at).toContainEqual(operation.security)
    }
    const ids = operations.map(({ operation }) => operation.operationId as string)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('documents every status, the headers of each, and Idempotency-Key where it is taken', () => {
    for (const { at, method, path, operation } of operations.filter(({ path }) => path.startsWith('/api/v1/'))) {
      const statuses = Object.keys(operation.responses as Json)
      const writes = method === 'post' || method === 'patch'
      expect(statuses, at).toEqual(
        expect.arrayContaining(['400', '401', '403', '405', '408', '414', '417', '429', '431', '500', '503']),
      )
      expect(statuses.includes('404') || !path.includes('{'), at).toBe(true)
      if (writes) expect(statuses, at).toEqual(expect.arrayContaining(['409', '413', '422']))
      for (const [status, response] of Object.entries(operation.responses as Json)) {
        const names = Object.keys((resolved(response as Json).headers ?? {}) as Json)
        expect(names, `${at} ${status}`).toContain('X-Request-Id')
        if (Number(status) < 300) {
          expect(names, at).toEqual(
            expect.arrayContaining(['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']),
          )
        }
        if (status === '201') expect(names, at).toContain('Location')
        if (status === '429' || status === '503') expect(names, at).toContain('Retry-After')
        if (status === '405') expect(names, at).toContain('Allow')
      }
      const takesKey = ((operation.parameters ?? []) as Json[]).some(
        (parameter) => resolved(parameter).name === 'Idempotency-Key',
      )
      expect(takesKey, at).toBe(writes)
    }
  })

  it('shows an example of every request and answer, and each fits its schema', () => {
    const lacking = contents().filter(({ type, examples }) => type !== 'text/csv' && examples.length === 0)
    expect(lacking.map(({ at, type }) => `${at} ${type}`)).toEqual([])
    const faults = contents().flatMap(({ at, schema, examples }) =>
      examples.flatMap((example) => schemaFaults(document, schema, example).map((fault) => `${at} ${fault}`)),
    )
    expect(faults).toEqual([])
  })

  it('answers with a body wherever it says what a success looks like', () => {
    const silent = operations
      .filter(({ path }) => path.startsWith('/api/v1/'))
      .flatMap(({ at, operation }) =>
        Object.entries(operation.responses as Json)
          .filter(([status, response]) => /^20[0-3]$/.test(status) && !(response as Json).content)
          .map(([status]) => `${at} ${status}`),
      )
    expect(silent).toEqual([])
  })

  it('promises no secret that a replay leaves out', async () => {
    const tenant = await app.tenant()
    const created = contents().filter(({ schema }) => /left out when/i.test(JSON.stringify(resolved(schema as Json))))
    const secret = app.routes.filter(({ secretFields }) => secretFields?.length)
    expect(secret.length).toBeGreaterThan(6)
    expect(created.map(({ at }) => at.replace(/ \d+$/, '')).sort()).toEqual(
      secret.map((route) => `${route.method} ${addressOf(route)}`).sort(),
    )
    const ask = {
      name: 'Ledger export',
      redirect_uris: ['https://ledger.example.com/'],
      permissions: ['invoices:read'],
    }
    const create = () => tenant.call('POST', '/oauth-applications', ask, { 'idempotency-key': 'twice' })
    const [first, again] = [await create(), await create()]
    expect(first.body.client_secret).toMatch(/^ps_/)
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } })
    expect(again.body.client_secret).toBeUndefined()
    const { schema } = created.find(({ at }) => at === 'POST /api/v1/oauth-applications 201')!
    expect(schemaFaults(document, schema, again.body)).toEqual([])
    expect(schemaFaults(document, schema, first.body)).toEqual([])
  })

  it('knows ids by their pattern, times by their format, and amounts by theirs', () => {
    const { properties } = (document.components as Json).schemas.Transaction as Json
    expect(properties.id.pattern).toBe('^txn_[0-7][0-9a-hjkmnp-tv-z]{25}$')
    expect(properties.created_at.format).toBe('date-time')
    expect(properties.value_date).toMatchObject({ type: ['string', 'null'], format: 'date-time' })
    expect(properties.amount).toMatchObject({ type: 'number', format: 'decimal' })
    expect(Object.keys((document.components as Json).schemas as Json).filter((name) => name.endsWith('Input'))).toEqual(
      [],
    )
  })

  it('writes amounts in examples with the decimals of their currency', async () => {
    const text = (await app.http.inject({ url: '/api/openapi.json' })).body
    expect(text).toContain('"amount":1250.00')
  })

  it('describes every type of event with its payload and its signature', () => {
    expect(webhooks().map(({ at }) => at)).toEqual(EVENT_TYPES.map((type) => `webhook ${type}`))
    for (const { at, operation } of webhooks()) {
      const names = (operation.parameters as Json[]).map((parameter) => parameter.name as string)
      expect(names, at).toEqual(
        expect.arrayContaining(['X-Payymo-Signature', 'webhook-signature', 'X-Payymo-Delivery']),
      )
      expect(operation.description, at).not.toBe(`${operation.summary}.`)
    }
  })
})

it('events that really happen fit the payload they are described with', async () => {
  const tenant = await app.tenant()
  const connection = await tenant.call('POST', '/bank-connections', {
    provider: 'file',
    name: 'House bank',
    account: { name: 'Business account', currency: 'GBP' },
  })
  const transaction = await tenant.call('POST', '/transactions', {
    account_id: connection.body.accounts[0].id,
    amount: '1250.00',
    currency: 'GBP',
    transaction_date: '2025-04-10',
  })
  await tenant.call('PATCH', `/transactions/${transaction.body.id}`, { status: 'ignored' })
  const webhook = await tenant.call('POST', '/webhooks', { url: 'https://example.com/hook', events: ['*'] })
  await tenant.call('POST', `/webhooks/${webhook.body.id}/test`)
  const events = (await tenant.call('GET', '/events?per_page=100')).body.data as Json[]
  expect(events.map((event) => event.event_type)).toEqual(
    expect.arrayContaining(['transaction.created', 'transaction.updated', 'webhook.test']),
  )
  const faults = events.flatMap((event) => {
    const { schema } = document.webhooks[event.event_type].post.requestBody.content['application/json'] as Json
    return schemaFaults(document, schema, event).map((fault) => `${event.event_type} ${fault}`)
  })
  expect(faults).toEqual([])
})

describe('the refusals it shows', () => {
  const shown = (path: string, method: string, status: number): Json[] => {
    const response = resolved(document.paths[path][method].responses[status] as Json)
    const content = response.content['application/json'] as Json
    const examples = content.examples ? Object.values(content.examples as Json).map((one) => (one as Json).value) : []
    return (content.example === undefined ? examples : [content.example]).map((one: Json) => one.error as Json)
  }
  const words = ({ code, message, details, retryable }: Json) => ({ code, message, details, retryable })
  const POST = '/api/v1/transactions'
  const ONE = '/api/v1/transactions/{id}'

  it.each<[string, string, string, number, () => Promise<{ status: number; body: Json }>]>([
    ['no key', POST, 'post', 401, () => app.call(undefined, 'POST', '/transactions', {})],
    ['another key', POST, 'post', 401, () => app.call('pk_live_x', 'POST', '/transactions', {})],
    [
      'no permission',
      POST,
      'post',
      403,
      async () => (await app.tenant({ permissions: [] })).call('POST', '/transactions', {}),
    ],
    ['no such id', ONE, 'get', 404, async () => (await app.tenant()).call('GET', '/transactions/txn_x')],
    ['an empty body', POST, 'post', 400, async () => (await app.tenant()).call('POST', '/transactions', {})],
    [
      'a parameter nobody knows',
      ONE,
      'get',
      400,
      async () => (await app.tenant()).call('GET', '/transactions/txn_01jrfzq4v8m2k9d7t5x3w1c0ab?colour=green'),
    ],
    [
      'a body of another kind',
      POST,
      'post',
      415,
      async () => (await app.tenant()).call('POST', '/transactions', 'a,b', { 'content-type': 'text/csv' }),
    ],
    [
      'an account of nobody',
      POST,
      'post',
      422,
      async () =>
        (await app.tenant()).call(
          'POST',
          '/transactions',
          (document.paths[POST].post.requestBody as Json).content['application/json'].example,
        ),
    ],
  ])('%s: the very words', async (_name, path, method, status, call) => {
    const { status: given, body } = await call()
    expect(given).toBe(status)
    expect(shown(path, method, status).map(words)).toContainEqual(words(body.error as Json))
  })
})

describe('a deprecated operation', () => {
  const route = (deprecated: Route['deprecated']): Route => ({
    ...publicRoute({
      operationId: 'oldReport',
      method: 'GET',
      path: '/auth/old-report',
      tag: 'Reports',
      summary: 'The report as it was',
      answers: { 200: { description: 'It', schema: z.object({ rows: z.int() }), example: { rows: 3 } } },
      handle: async () => ok({ rows: 3 }),
    }),
    ...(deprecated ? { deprecated } : {}),
  })
  const going = { since: '2026-01-01', sunset: '2026-07-01', instead: 'Use GET /reports/reconciliation' }

  it('says so on every answer and in the document', async () => {
    const http = createHttp({
      routes: [route(going)],
      authenticate: () => Promise.reject(new Error('nobody calls')),
      log: silentLog,
      now: () => new Date(),
      publicUrl: 'http://127.0.0.1:8080',
    })
    const answer = await http.inject({ url: '/auth/old-report' })
    const refused = await http.inject({ url: '/auth/old-report?colour=green' })
    await http.close()
    for (const one of [answer, refused]) {
      expect(one.headers.deprecation).toBe('@1767225600')
      expect(one.headers.sunset).toBe('Wed, 01 Jul 2026 00:00:00 GMT')
    }
    const documented: Json = openApiDocument([route(going)], '1.0.0')
    const operation = documented.paths['/auth/old-report'].get as Json
    expect(operation).toMatchObject({ deprecated: true, 'x-deprecated-since': going.since, 'x-sunset': going.sunset })
    expect(operation.description).toContain('Use GET /reports/reconciliation')
    expect(Object.keys(operation.responses[200].headers as Json)).toEqual(
      expect.arrayContaining(['Deprecation', 'Sunset']),
    )
  })

  it.each([
    ['less than six months later', { ...going, sunset: '2026-06-30' }],
    [
      'less than six months later, from the end of a long month',
      { ...going, since: '2026-08-31', sunset: '2027-02-27' },
    ],
    ['a sunset that is no day', { ...going, sunset: '2026-13-01' }],
    ['nothing instead', { ...going, instead: ' ' }],
  ])('does not start with %s', (_name, deprecated) => {
    expect(() => openApiDocument([route(deprecated)], '1.0.0')).toThrow(/oldReport/)
  })

  it('may go six months after the end of a long month', () => {
    const deprecated = { ...going, since: '2026-08-31', sunset: '2027-02-28' }
    expect(() => openApiDocument([route(deprecated)], '1.0.0')).not.toThrow()
  })
})

it('a shape that differs between request and answer stands under two names', () => {
  const shape = z
    .object({
      size: z
        .string()
        .transform((text) => text.length)
        .pipe(z.number()),
    })
    .meta({ id: 'Parcel' })
  const one: Route = {
    operationId: 'sendParcel',
    method: 'POST',
    path: '/parcels',
    tag: 'Reports',
    summary: 'Send a parcel',
    permission: 'reports:write',
    caller: 'tenant',
    body: shape,
    bodyExample: { size: 'abc' },
    answers: { 201: { description: 'Sent', schema: shape, example: { size: 3 } } },
    handle: async () => ok({ size: 3 }),
  }
  const { components }: Json = openApiDocument([{ ...one, body: shape }], '1.0.0')
  expect(components.schemas.Parcel.properties.size.type).not.toBe(components.schemas.ParcelInput.properties.size.type)
})
