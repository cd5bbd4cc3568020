import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'

let app: TestApp
let tenant: TestTenant
let port: number
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  await app.http.listen({ host: '127.0.0.1', port: 0 })
  port = (app.http.server.address() as { port: number }).port
})
afterAll(() => app.stop())

/** Bytes as they are, over a real socket; the first lines of the answer. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk.toString()
      if (said.includes('"request_id"')) socket.destroy()
    })
    socket.on('close', () => resolve(said))
    socket.on('error', reject)
  })
}

describe('every answer', () => {
  it('carries a request id; a valid incoming one is kept, any other replaced', async () => {
    const kept = await tenant.call('GET', '/transactions', undefined, {
      'x-request-id': 'req_01jrfzq4v8m2k9d7t5x3w1c0ab',
    })
    expect(kept.headers['x-request-id']).toBe('req_01jrfzq4v8m2k9d7t5x3w1c0ab')
    expect(kept.body.meta.request_id).toBe('req_01jrfzq4v8m2k9d7t5x3w1c0ab')
    const made = await tenant.call('GET', '/transactions', undefined, { 'x-request-id': 'evil\u00ff' })
    expect(made.headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/)
  })

  it('is the one error envelope for unknown addresses, after the credential', async () => {
    const known = await tenant.call('GET', '/nothing-here')
    expect(known.status).toBe(404)
    expect(known.body.error).toMatchObject({ code: 'resource_not_found', details: [], retryable: false })
    expect((await app.call(undefined, 'GET', '/nothing-here')).status).toBe(401)
  })

  it('405 names the methods an address takes, outside the API too', async () => {
    for (const [url, allow] of [
      ['/healthz', 'GET'],
      ['/auth/login', 'POST'],
    ]) {
      const answer = await app.http.inject({ method: 'DELETE', url: url! })
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow])
      expect(answer.json().error).toMatchObject({ code: 'method_not_allowed', message: `This address takes ${allow}` })
    }
  })
})

describe('refusals before parsing', () => {
  it('413: a body over the limit', async () => {
    const answer = await tenant.call('POST', '/transactions', `{"description":"${'x'.repeat(1024 * 1024)}"}`)
    expect([answer.status, answer.body.error.code]).toEqual([413, 'payload_too_large'])
  })

  it('431: headers over 16 kB, and 400: what is not HTTP', async () => {
    const large = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(large).toMatch(/^HTTP\/1\.1 431 /)
    expect(large).toContain('headers_too_large')
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('401: two Authorization headers', async () => {
    const two = await raw(
      `GET /api/v1/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.key}\r\nAuthorization: Bearer ${tenant.key}\r\nConnection: close\r\n\r\n`,
    )
    expect(two).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('400: more than a hundred query parameters, or one given twice; 414: ten thousand', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=1`).join('&')
    const answer = await tenant.call('GET', `/transactions?${many(101)}`)
    expect([answer.status, answer.body.error.details]).toEqual([
      400,
      [{ field: 'query', issue: 'Must have at most 100 parameters' }],
    ])
    expect((await tenant.call('GET', `/transactions?${many(10_000)}`)).body.error.code).toBe('uri_too_long')
    const twice = await tenant.call('GET', '/transactions?page=1&page=2')
    expect([twice.status, twice.body.error.details]).toEqual([400, [{ field: 'page', issue: 'Is given twice' }]])
  })
})

describe('health', () => {
  it('is alive and ready, and the document of the API names every operation once', async () => {
    expect((await app.http.inject('/healthz')).statusCode).toBe(200)
    expect((await app.http.inject('/readyz')).statusCode).toBe(200)
    const document = (await app.http.inject('/api/openapi.json')).json()
    const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
      (path) => Object.values(path).map((operation) => operation.operationId),
    )
    expect(ids.length).toBeGreaterThan(40)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [path, operations] of Object.entries(
      document.paths as Record<string, Record<string, { responses: object; security: object[] }>>,
    ).filter(([path]) => path.startsWith('/api/v1/'))) {
      for (const operation of Object.values(operations)) {
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '401', '403', '500']))
        expect(operation.security, path).not.toEqual([])
      }
    }
  })
})
