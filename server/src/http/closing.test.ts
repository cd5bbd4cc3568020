import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../base/log.ts'
import { closeWithin } from './closing.ts'
import { noContent, publicRoute } from './route.ts'
import { createHttp } from './server.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** A server whose `/slow` ends when the test says so, listening. */
async function serve() {
  const under = { way: 0, end: () => {} }
  const ended = new Promise<void>((resolve) => {
    under.end = resolve
  })
  const slow = publicRoute({
    operationId: 'slow',
    method: 'GET',
    path: '/slow',
    tag: 'System',
    summary: 'Waits',
    answers: { 204: { description: 'Done' } },
    handle: async () => {
      under.way += 1
      await ended
      return noContent()
    },
  })
  const app = createHttp({
    routes: [slow],
    authenticate: () => Promise.reject(new Error('nobody calls')),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1',
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  return { app, port, under }
}

/** A connection with one request on it; what it hears, and when it ends. */
function ask(port: number) {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  const heard = { text: '' }
  socket.on('data', (chunk) => {
    heard.text += chunk.toString()
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  const send = () => socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  send()
  return { heard, closed, send }
}

describe('the end of the server', () => {
  it('fifty requests under way are answered; what comes behind them is refused in the envelope', async () => {
    const { app, port, under } = await serve()
    const asked = Array.from({ length: 50 }, () => ask(port))
    await expect.poll(() => under.way).toBe(50)
    const closing = closeWithin(app, 60_000)
    // The flag is up as soon as the closing has begun.
    await new Promise((resolve) => setImmediate(resolve))
    asked[0]!.send()
    under.end()
    await closing
    await Promise.all(asked.map(({ closed }) => closed))
    for (const { heard } of asked) expect(heard.text).toMatch(/^HTTP\/1\.1 204 /)
    const [, refused] = asked[0]!.heard.text.split('HTTP/1.1 503 ')
    expect(refused).toMatch(/retry-after: 5/i)
    expect(JSON.parse(refused!.split('\r\n\r\n')[1]!)).toMatchObject({
      error: { code: 'service_unavailable', retryable: true },
    })
  })

  it('whoever does not finish in time is cut off', async () => {
    const { app, port, under } = await serve()
    const { closed, heard } = ask(port)
    await expect.poll(() => under.way).toBe(1)
    await closeWithin(app, 50)
    await closed
    expect(heard.text).toBe('')
  })
})
