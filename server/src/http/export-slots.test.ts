import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { newId, type TenantId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { ok, tenantRoute } from './route.ts'
import { createHttp } from './server.ts'

let http: FastifyInstance
let begun: Readable[]
let fails: boolean
const [one, other] = [newId('ten'), newId('ten')]

beforeEach(() => {
  begun = []
  fails = false
  http = createHttp({
    routes: [
      tenantRoute({
        operationId: 'listRows',
        method: 'GET',
        path: '/rows',
        tag: 'Reports',
        summary: 'Rows',
        permission: 'reports:read',
        csv: true,
        answers: { 200: { description: 'Rows' } },
        handle: async ({ header }) => {
          if (fails) throw new Error('no rows')
          if (header('accept') !== 'text/csv') return ok({ data: [] })
          const body = new Readable({ read: () => {} })
          body.push('a,b\r\n')
          begun.push(body)
          return { status: 200, body }
        },
      }),
    ],
    authenticate: async (tenantId) => ({
      kind: 'tenant',
      tenantId: tenantId as TenantId,
      actor: { type: 'api_key', id: newId('key'), name: 'test', ip: '', requestId: '' },
      permissions: new Set(['*']),
      tier: 'standard',
      partner: false,
      signedInAt: null,
    }),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1',
  })
})
afterEach(() => {
  for (const body of begun) body.destroy()
  return http.close()
})

const ask = (tenantId: TenantId, accept = 'text/csv') =>
  http.inject({ url: '/api/v1/rows', headers: { authorization: tenantId, accept } })
/** Asks, and is back once the first row is there. */
async function begin(tenantId: TenantId) {
  const before = begun.length
  const answer = ask(tenantId).then((told) => told)
  while (begun.length === before) await new Promise(setImmediate)
  return { answer, body: begun.at(-1)! }
}

describe('exports of one tenant', () => {
  it('429: a third at once, with words and Retry-After; lists and other tenants go on', async () => {
    const [first, second] = [await begin(one), await begin(one)]
    const third = await ask(one)
    expect([third.statusCode, third.headers['retry-after'], third.json().error.code]).toEqual([
      429,
      '10',
      'rate_limit_exceeded',
    ])
    expect(third.json().error.message).toMatch(/^2 exports of this tenant are running already/)
    expect((await ask(one, 'application/json')).statusCode).toBe(200)
    const elsewhere = await begin(other)
    for (const { body } of [first, second, elsewhere]) body.push(null)
    expect((await Promise.all([first.answer, second.answer])).map(({ body }) => body)).toEqual(['a,b\r\n', 'a,b\r\n'])
    ;(await begin(one)).body.push(null)
  })

  it('one that failed leaves room', async () => {
    fails = true
    for (let n = 0; n < 3; n++) expect((await ask(one)).statusCode).toBe(500)
    fails = false
    ;(await begin(one)).body.push(null)
  })

  it('one whose caller went away leaves room', async () => {
    await http.listen({ host: '127.0.0.1', port: 0 })
    const { port } = http.server.address() as { port: number }
    for (let n = 0; n < 3; n++) {
      const socket = connect(port, '127.0.0.1')
      socket.write(`GET /api/v1/rows HTTP/1.1\r\nHost: x\r\nAuthorization: ${one}\r\nAccept: text/csv\r\n\r\n`)
      await new Promise((resolve) => socket.once('data', resolve))
      const body = begun[n]!
      const closed = new Promise((resolve) => body.once('close', resolve))
      socket.destroy()
      await closed
    }
    expect(begun).toHaveLength(3)
  })
})
