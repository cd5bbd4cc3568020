import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { type Heard, hear, portOf } from '../../test/setup/factories-streams.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { closeWithin } from './closing.ts'
import { createLiveStream, type LiveStream } from './live-streams.ts'
import { type Caller, tenantRoute } from './route.ts'
import { createHttp, type FinishedCall, type HttpOptions } from './server.ts'

const open: { app: FastifyInstance; heard: Heard[] }[] = []
afterEach(async () => {
  for (const { app, heard } of open.splice(0)) {
    for (const one of heard) one.hangUp()
    await app.close()
  }
})

const tenants = { one: newId('ten'), other: newId('ten') }

/** A server with one live route, whose callers the test may shut out. */
async function serve(options: Partial<HttpOptions> & { expiresAt?: Date } = {}) {
  const streams: LiveStream[] = []
  const allowed = new Set<string>(['one', 'other'])
  const finished: FinishedCall[] = []
  const asked: string[] = []
  const heard: Heard[] = []
  const { expiresAt, ...http } = options
  const caller = (name: 'one' | 'other'): Caller => ({
    kind: 'tenant',
    tenantId: tenants[name],
    actor: { type: 'api_key', id: 'key', name, ip: null, requestId: null },
    permissions: new Set(['webhooks:read']),
    tier: 'standard',
    partner: false,
    signedInAt: null,
    ...(expiresAt ? { expiresAt } : {}),
  })
  const app = createHttp({
    routes: [
      tenantRoute({
        operationId: 'live',
        method: 'GET',
        path: '/live',
        tag: 'Events',
        summary: 'Goes on',
        permission: 'webhooks:read',
        live: true,
        answers: { 200: { description: 'A stream' } },
        handle: async () => {
          const stream = createLiveStream()
          streams.push(stream)
          stream.say(': hello\n\n')
          return { status: 200, body: stream.body, headers: { 'content-type': 'text/event-stream' } }
        },
      }),
    ],
    authenticate: async (authorization) => {
      const name = authorization?.split(' ')[1] as 'one' | 'other'
      asked.push(name)
      if (!allowed.has(name)) throw new AppError('authentication_required', 'Invalid')
      return caller(name)
    },
    limits: { take: async () => ({ headers: {} }), takeAddress: async () => ({}) },
    observers: [(call) => void finished.push(call)],
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1',
    ...http,
  })
  open.push({ app, heard })
  const port = await portOf(app)
  return {
    app,
    streams,
    allowed,
    asked,
    finished,
    listen: async (name: string, method = 'GET') => {
      const one = await hear(port, { key: name, path: '/api/v1/live', method })
      heard.push(one)
      return one
    },
  }
}

/** The machine may be busy. */
const PATIENT = { timeout: 15_000 }

describe('a live stream', () => {
  it('says things as they come, shows that it lives, and asks each time whether the caller still may listen', async () => {
    const { listen, streams, allowed } = await serve({ liveTimes: { beatMs: 10, lifeMs: 60_000 } })
    const heard = await listen('one')
    expect(heard.status).toBe(200)
    await heard.until(': hello\n\n')
    streams[0]!.say('data: 1\n\n')
    await heard.until('data: 1\n\n')
    await heard.until(': still here\n\n: still here\n\n')
    allowed.delete('one')
    await heard.ended
  })

  it('goes on while it cannot be asked', async () => {
    let broken = false
    const { listen } = await serve({
      liveTimes: { beatMs: 10, lifeMs: 60_000 },
      authenticate: async () => {
        if (broken) throw new AppError('service_unavailable', 'The database is away')
        return {
          kind: 'tenant',
          tenantId: tenants.one,
          actor: { type: 'api_key', id: 'key', name: '', ip: null, requestId: null },
          permissions: new Set(['*']),
          tier: 'standard',
          partner: false,
          signedInAt: null,
        }
      },
    })
    const heard = await listen('one')
    broken = true
    await heard.until(': still here\n\n: still here\n\n')
  })

  it('ends in time, and with the token', async () => {
    const short = await serve({ liveTimes: { beatMs: 60_000, lifeMs: 10 } })
    await (await short.listen('one')).ended
    const token = await serve({ expiresAt: new Date(Date.now() + 10) })
    const heard = await token.listen('one')
    await heard.ended
    expect(heard.text()).toBe(': hello\n\n')
    // Nothing was asked that would be taken for a try with a token that has ended.
    expect(token.asked).toEqual(['one'])
  })

  it('429: a tenant has twenty at most, and another tenant its own', async () => {
    const { listen, streams } = await serve()
    const all = await Promise.all(Array.from({ length: 20 }, () => listen('one')))
    const refused = await listen('one')
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('15')
    await refused.ended
    expect((await listen('other')).status).toBe(200)
    const oneLeft = Promise.race(streams.map((stream) => new Promise<void>((done) => stream.onEnd(done))))
    all[0]!.hangUp()
    await oneLeft
    expect((await listen('one')).status).toBe(200)
  })

  it('ends with the server, without being cut off', async () => {
    const { app, listen } = await serve()
    const heard = await listen('one')
    await heard.until('hello')
    await Promise.all([closeWithin(app, 60_000), heard.ended])
    expect(heard.text()).toBe(': hello\n\n')
  })

  it('lets go of a reader who falls behind', async () => {
    const stream = createLiveStream()
    const ended = new Promise<void>((done) => stream.onEnd(done))
    for (let piece = 0; piece < 6; piece++) stream.say('x'.repeat(64 * 1024))
    await ended
    expect(stream.body.readableLength).toBeLessThan(6 * 64 * 1024)
    stream.say('data: nobody\n\n')
    stream.end()
  })

  it('without a listener there is the beginning and no more', async () => {
    const { app, listen } = await serve()
    const head = await listen('one', 'HEAD')
    expect([head.status, head.text()]).toEqual([200, ''])
    await head.ended
    const called = await app.inject({ url: '/api/v1/live', headers: { authorization: 'Bearer one' } })
    expect([called.statusCode, called.body]).toEqual([200, ': hello\n\n'])
  })

  it('counts as answered when it began', async () => {
    const { listen, streams, finished } = await serve({ liveTimes: { beatMs: 60_000, lifeMs: 60_000 } })
    const heard = await listen('one')
    await heard.until('hello')
    streams[0]!.end()
    await heard.ended
    await expect.poll(() => finished.length, PATIENT).toBe(1)
    expect(finished[0]).toMatchObject({ route: '/api/v1/live', status: 200 })
  })
})
