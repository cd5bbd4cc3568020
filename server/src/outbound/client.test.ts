import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createOutbound,
  type Outbound,
  type OutboundOptions,
  type OutboundRecord,
  type OutboundRequest,
} from './client.ts'
import { OutboundError } from './outbound-error.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function http(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server: Server = createHttp(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => (server.closeAllConnections(), server.close()))
  return (server.address() as AddressInfo).port
}

/** Counts who knocks, and does with them what the test wants. */
async function tcp(greet: (socket: Socket) => void = () => {}): Promise<{ port: number; connects: () => number }> {
  let connects = 0
  const sockets = new Set<Socket>()
  const server = createTcp((socket) => {
    connects += 1
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(() => (sockets.forEach((socket) => socket.destroy()), server.close()))
  return { port: (server.address() as AddressInfo).port, connects: () => connects }
}

function outbound(options: OutboundOptions): Outbound {
  const made = createOutbound(options)
  closers.push(() => made.close())
  return made
}

const listedFor = (port: number, more: Partial<OutboundOptions> = {}): Outbound =>
  outbound({ allowedPrivateHosts: [`127.0.0.1:${port}`], ...more })

const order = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  budgetMs: 5_000,
  maxBytes: 1_000,
  policy: 'tenant',
  ...more,
})

async function failure(call: Promise<unknown>): Promise<OutboundError> {
  const error = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof OutboundError)) throw error
  return error
}

describe('an answer', () => {
  it('comes with status, headers, body and duration', async () => {
    const seen: { method: string | undefined; host: string | undefined; body: string }[] = []
    const port = await http((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        seen.push({ method: request.method, host: request.headers.host, body })
        response.writeHead(201, { 'X-Kind': 'greeting', 'set-cookie': ['a=1', 'b=2'] }).end('Grüße')
      })
    })
    const answer = await listedFor(port).request(
      order(`http://127.0.0.1:${port}/a?b=c`, {
        method: 'POST',
        body: 'ping',
        headers: { 'Content-Type': 'text/plain' },
      }),
    )
    expect(answer.status).toBe(201)
    expect(answer.headers['x-kind']).toBe('greeting')
    expect(answer.headers['set-cookie']).toBe('a=1, b=2')
    expect(answer.text()).toBe('Grüße')
    expect(answer.durationMs).toBeGreaterThanOrEqual(0)
    expect(seen).toEqual([{ method: 'POST', host: `127.0.0.1:${port}`, body: 'ping' }])
  })

  it('of bad bytes is read leniently', async () => {
    const port = await http((_, response) => response.end(Buffer.from([0x61, 0xff, 0x00, 0x62])))
    expect((await listedFor(port).request(order(`http://127.0.0.1:${port}/`))).text()).toBe('a\ufffd\u0000b')
  })

  it('that redirects is returned, not followed', async () => {
    const target = await tcp()
    const port = await http((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end(),
    )
    const client = outbound({ allowedPrivateHosts: [`127.0.0.1:${port}`, `127.0.0.1:${target.port}`] })
    const answer = await client.request(order(`http://127.0.0.1:${port}/`))
    expect(answer.status).toBe(302)
    expect(target.connects()).toBe(0)
  })

  it('is logged without path and query', async () => {
    const port = await http((_, response) => response.end('ok'))
    const records: OutboundRecord[] = []
    const client = listedFor(port, { log: (record) => records.push(record) })
    await client.request(order(`http://127.0.0.1:${port}/secret-path?token=canary`))
    await failure(client.request(order('https://10.0.0.1/secret-path')))
    expect(records).toMatchObject([
      { host: `127.0.0.1:${port}`, status: 200, stage: null, bytes: 2 },
      { host: '', status: null, stage: 'blocked', bytes: 0 },
    ])
    expect(JSON.stringify(records)).not.toMatch(/secret-path|canary/)
  })
})

describe('an address that is not public', () => {
  const forms = [
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '１２７.０.０.１',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '169.254.169.254',
    'user@127.0.0.1',
  ]

  it.each(forms)('%s is blocked with 0 connects', async (host) => {
    const recorder = await tcp()
    const client = outbound({ allowedPrivateHosts: [] })
    for (const scheme of ['https', 'http']) {
      const error = await failure(
        client.request(order(`${scheme}://${host}:${recorder.port}/`, { policy: 'provider' })),
      )
      expect(error).toMatchObject({ stage: 'blocked', sent: false })
    }
    expect(recorder.connects()).toBe(0)
  })

  it.each([
    [['93.184.216.34', '127.0.0.1']],
    [['127.0.0.1', '93.184.216.34']],
    [['93.184.216.34', '::1']],
    [['::ffff:127.0.0.1']],
    [['169.254.169.254']],
  ])('a name that resolves to %j is blocked with 0 connects and 1 look-up', async (addresses) => {
    const recorder = await tcp()
    let lookups = 0
    // Whoever asks a second time is told something harmless: the first answer must decide.
    const resolve = async (): Promise<string[]> => (lookups++ === 0 ? addresses : ['93.184.216.34'])
    const client = outbound({ allowedPrivateHosts: [], resolve })
    const url = `https://shop.example:${recorder.port}/`
    expect(await failure(client.request(order(url, { policy: 'provider' })))).toMatchObject({
      stage: 'blocked',
      sent: false,
    })
    expect(lookups).toBe(1)
    expect(recorder.connects()).toBe(0)
  })

  it('connects to the very address that was looked up, once', async () => {
    const port = await http((request, response) => response.end(request.headers.host))
    const answers = [['127.0.0.1'], ['10.0.0.1']]
    let lookups = 0
    const resolve = async (): Promise<string[]> => answers[lookups++] ?? []
    const client = outbound({ allowedPrivateHosts: [`shop.example:${port}`], resolve })
    expect((await client.request(order(`http://shop.example:${port}/`))).text()).toBe(`shop.example:${port}`)
    expect(lookups).toBe(1)
  })

  it('a listed host works on its listed port only', async () => {
    const port = await http((_, response) => response.end('ok'))
    const other = await tcp()
    const client = listedFor(port)
    expect((await client.request(order(`http://127.0.0.1:${port}/`))).status).toBe(200)
    expect(await failure(client.request(order(`http://127.0.0.1:${other.port}/`)))).toMatchObject({ stage: 'blocked' })
    expect(await failure(client.request(order(`http://localhost:${port}/`)))).toMatchObject({ stage: 'blocked' })
    expect(other.connects()).toBe(0)
  })

  it('proxy variables change nothing', async () => {
    const proxy = await tcp()
    const port = await http((_, response) => response.end('direct'))
    const before = { ...process.env }
    process.env.HTTP_PROXY = process.env.http_proxy = `http://127.0.0.1:${proxy.port}`
    try {
      expect((await listedFor(port).request(order(`http://127.0.0.1:${port}/`))).text()).toBe('direct')
    } finally {
      process.env = before
    }
    expect(proxy.connects()).toBe(0)
  })
})

describe('a failing call', () => {
  it('resolve: the name has no address', async () => {
    const resolve = async (): Promise<string[]> => {
      throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
    }
    const client = outbound({ allowedPrivateHosts: [], resolve })
    const error = await failure(client.request(order('https://gone.example/')))
    expect(error).toMatchObject({ stage: 'resolve', sent: false, code: 'ENOTFOUND' })
  })

  it('connect: nobody listens; each of several waiting calls learns it', async () => {
    const { port } = await tcp()
    await closers.pop()?.()
    const client = listedFor(port)
    const calls = [1, 2, 3].map(() => failure(client.request(order(`http://127.0.0.1:${port}/`))))
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ stage: 'connect', sent: false, code: 'ECONNREFUSED' })
    }
  })

  it('connect: the next address is tried when one does not answer', async () => {
    const port = await http((_, response) => response.end('second'))
    const resolve = async (): Promise<string[]> => ['::1', '127.0.0.1']
    const client = outbound({ allowedPrivateHosts: [`shop.example:${port}`], resolve })
    expect((await client.request(order(`http://shop.example:${port}/`))).text()).toBe('second')
  })

  it('tls: asks for the original name, and a plain answer is no secure one', async () => {
    let hello = Buffer.alloc(0)
    const { port } = await tcp((socket) =>
      socket.on('data', (piece) => {
        hello = Buffer.concat([hello, Buffer.from(piece)])
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      }),
    )
    const client = outbound({ allowedPrivateHosts: [`shop.example:${port}`], resolve: async () => ['127.0.0.1'] })
    const error = await failure(client.request(order(`https://shop.example:${port}/`)))
    expect(error).toMatchObject({ stage: 'tls', sent: false })
    expect(hello.toString('latin1')).toContain('shop.example')
  })

  it('send: a header that cannot be written leaves nothing behind', async () => {
    const port = await http((_, response) => response.end())
    const client = listedFor(port)
    const bad = order(`http://127.0.0.1:${port}/`, { headers: { 'x-note': 'a\r\nhost: evil' } })
    expect(await failure(client.request(bad))).toMatchObject({ stage: 'send', sent: false })
  })

  it('headers: a reset before the answer, after the request: it may have had its effect, and is not repeated', async () => {
    const recorder = await tcp((socket) => socket.on('data', () => socket.resetAndDestroy()))
    for (const method of ['POST', 'GET'] as const) {
      const error = await failure(
        listedFor(recorder.port).request(order(`http://127.0.0.1:${recorder.port}/`, { method })),
      )
      expect(error).toMatchObject({ stage: 'headers', sent: true })
    }
    expect(recorder.connects()).toBe(2)
  })

  it('headers: nonsense instead of HTTP', async () => {
    const { port } = await tcp((socket) => socket.on('data', () => socket.end('220 mail.example ESMTP\r\n')))
    expect(await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`)))).toMatchObject({
      stage: 'headers',
      sent: true,
    })
  })

  it('body: a reset in the middle', async () => {
    const { port } = await tcp((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc', () => socket.end())),
    )
    expect(await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`)))).toMatchObject({
      stage: 'body',
      sent: true,
    })
  })

  it('timeout: no answer within the budget', async () => {
    const { port } = await tcp()
    const error = await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`, { budgetMs: 80 })))
    expect(error).toMatchObject({ stage: 'timeout', sent: true, code: 'ETIMEDOUT' })
  })

  it('timeout: a body that drips on without end, although its headers came', async () => {
    let open = 0
    const port = await http((_, response) => {
      open += 1
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 5)
      response.on('close', () => {
        open -= 1
        clearInterval(drip)
      })
    })
    const error = await failure(
      listedFor(port).request(order(`http://127.0.0.1:${port}/`, { budgetMs: 120, maxBytes: 1_000_000 })),
    )
    expect(error).toMatchObject({ stage: 'timeout', sent: true, message: expect.stringContaining('answer was read') })
    await expect.poll(() => open).toBe(0)
  })

  it('timeout: a name look-up that hangs sends nothing, not even when it ends at last', async () => {
    const bodies: string[] = []
    const port = await http((request, response) => {
      request.on('data', (piece: Buffer) => bodies.push(piece.toString()))
      request.on('end', () => response.end())
    })
    const looked = Promise.withResolvers<string[]>()
    const client = outbound({ allowedPrivateHosts: [`shop.example:${port}`], resolve: () => looked.promise })
    const send = (body: string, budgetMs: number) =>
      client.request(order(`http://shop.example:${port}/`, { method: 'POST', body, budgetMs }))
    expect(await failure(send('given up', 50))).toMatchObject({ stage: 'timeout', sent: false })
    const second = send('second', 5_000)
    looked.resolve(['127.0.0.1'])
    await second
    expect(bodies).toEqual(['second'])
  })

  it('timeout: the caller stops it', async () => {
    const stop = new AbortController()
    const { port } = await tcp((socket) => socket.on('data', () => stop.abort()))
    const error = await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`, { signal: stop.signal })))
    expect(error).toMatchObject({ stage: 'timeout', sent: true, code: 'ABORTED' })
    const again = await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`, { signal: stop.signal })))
    expect(again).toMatchObject({ stage: 'timeout', sent: false, code: 'ABORTED' })
  })

  it.each([true, false])('too_large: more bytes than the limit (length stated: %s)', async (stated) => {
    const port = await http((_, response) => {
      if (stated) response.setHeader('content-length', 2_000)
      response.end('x'.repeat(2_000))
    })
    expect(await failure(listedFor(port).request(order(`http://127.0.0.1:${port}/`)))).toMatchObject({
      stage: 'too_large',
      sent: true,
    })
  })

  it("refuses headers that are not the caller's to set", async () => {
    const port = await http((_, response) => response.end())
    const call = listedFor(port).request(order(`http://127.0.0.1:${port}/`, { headers: { Host: 'other.example' } }))
    await expect(call).rejects.toThrow(/host/)
  })
})

describe('connections', () => {
  it('are kept for the next call, but not shared by a fresh one', async () => {
    const peers: Socket[] = []
    const port = await http((request, response) => {
      peers.push(request.socket)
      response.end()
    })
    const client = listedFor(port)
    // A call made in the very turn in which the last one ended may find its connection not yet free: two, not one.
    for (let n = 0; n < 8; n += 1) await client.request(order(`http://127.0.0.1:${port}/`))
    expect(new Set(peers).size).toBeLessThanOrEqual(2)
    peers.splice(0)
    for (let n = 0; n < 8; n += 1) await client.request(order(`http://127.0.0.1:${port}/`, { fresh: true }))
    expect(new Set(peers).size).toBe(8)
  })
})

describe('download', () => {
  it('hands the pieces on in order and waits for each', async () => {
    const port = await http((_, response) => {
      for (let part = 0; part < 50; part += 1) response.write(String(part % 10).repeat(10_000))
      response.end()
    })
    let text = ''
    let busy = false
    const answer = await listedFor(port).download({
      ...order(`http://127.0.0.1:${port}/`, { maxBytes: 1_000_000 }),
      to: async (chunk) => {
        expect(busy).toBe(false)
        busy = true
        await new Promise((done) => setImmediate(done))
        text += Buffer.from(chunk).toString()
        busy = false
      },
    })
    expect(answer.body.byteLength).toBe(0)
    expect(text).toBe(Array.from({ length: 50 }, (_, part) => String(part % 10).repeat(10_000)).join(''))
  })

  it('keeps the body of a refusal instead', async () => {
    const port = await http((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'))
    const taken: Uint8Array[] = []
    const answer = await listedFor(port).download({
      ...order(`http://127.0.0.1:${port}/`),
      to: (chunk) => void taken.push(chunk),
    })
    expect([answer.status, answer.text(), taken.length]).toEqual([429, 'slow down', 0])
  })

  it('stops at the limit and at a consumer that fails', async () => {
    const port = await http((_, response) => response.end('x'.repeat(300_000)))
    const url = `http://127.0.0.1:${port}/`
    const client = listedFor(port)
    expect(await failure(client.download({ ...order(url, { maxBytes: 100_000 }), to: () => {} }))).toMatchObject({
      stage: 'too_large',
    })
    const full = async (): Promise<void> => {
      throw new Error('disk full')
    }
    await expect(client.download({ ...order(url, { maxBytes: 1_000_000 }), to: full })).rejects.toThrow('disk full')
  })
})

describe('checkUrl', () => {
  it('says why an address is never called, and lets an unresolvable name pass', async () => {
    const resolve = async (name: string): Promise<string[]> => {
      if (name === 'inside.example') return ['93.184.216.34', '10.0.0.1']
      if (name === 'gone.example') throw new Error('no such host')
      return ['93.184.216.34']
    }
    const client = outbound({ allowedPrivateHosts: ['inside.example:8443'], resolve })
    expect(await client.checkUrl('https://fine.example/hook', 'tenant')).toBeNull()
    expect(await client.checkUrl('https://gone.example/hook', 'tenant')).toBeNull()
    expect(await client.checkUrl('https://inside.example/hook', 'tenant')).toMatch(/private network/)
    expect(await client.checkUrl('https://inside.example:8443/hook', 'tenant')).toBeNull()
    expect(await client.checkUrl('http://fine.example/hook', 'tenant')).toMatch(/https/)
  })
})
