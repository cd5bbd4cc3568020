import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One answer over a real socket. */
export interface SocketAnswer {
  status: number
  headers: Record<string, string>
  body: string
  afterMs: number
}

/** Bytes of a request, and pauses between them in milliseconds. */
export type Piece = string | Buffer | number

/** A connection that sends bytes as they are. */
export interface RawConnection {
  /** Sends the pieces (what the server no longer takes is dropped) and reads one answer; undefined when there is none. */
  ask(pieces: Piece[], withinMs?: number): Promise<SocketAnswer | undefined>
  /** Whether the server has let go of it. */
  closed(): boolean
  end(): void
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.on('error', () => {})
  let received = Buffer.alloc(0)
  let closed = false
  let wake = () => {}
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    wake()
  })
  for (const event of ['end', 'close'])
    socket.on(event, () => {
      closed = true
      wake()
    })
  return {
    ask: async (pieces, withinMs = 15_000) => {
      const started = performance.now()
      const sending = sendAll(socket, pieces, () => closed)
      for (;;) {
        const answer = readAnswer(received)
        if (answer) {
          received = received.subarray(answer.length)
          await Promise.race([sending, sleep(200)])
          return { ...answer.answer, afterMs: performance.now() - started }
        }
        const left = withinMs - (performance.now() - started)
        if (closed || left <= 0) return undefined
        await Promise.race([new Promise<void>((resolve) => void (wake = resolve)), sleep(left)])
      }
    },
    closed: () => closed,
    end: () => socket.destroy(),
  }
}

async function sendAll(socket: Socket, pieces: Piece[], closed: () => boolean): Promise<void> {
  for (const piece of pieces) {
    if (closed()) return
    if (typeof piece === 'number') await sleep(piece)
    else if (!socket.write(piece)) {
      await Promise.race([
        new Promise<void>((resolve) => socket.once('drain', resolve).once('close', () => resolve())),
        sleep(10_000),
      ])
    }
  }
}

function readAnswer(received: Buffer): { answer: Omit<SocketAnswer, 'afterMs'>; length: number } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  if (first.startsWith('HTTP/1.1 100')) {
    const later = readAnswer(received.subarray(end + 4))
    return later && { ...later, length: later.length + end + 4 }
  }
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const status = Number.parseInt(first.slice(9, 12), 10)
  const length = Number.parseInt(headers['content-length'] ?? '0', 10)
  const start = end + 4
  if (headers['transfer-encoding'] === 'chunked') {
    const last = received.indexOf('0\r\n\r\n', start)
    if (last === -1) return undefined
    return { answer: { status, headers, body: received.toString('utf8', start, last) }, length: last + 5 }
  }
  if (received.length < start + length) return undefined
  return {
    answer: { status, headers, body: received.toString('utf8', start, start + length) },
    length: start + length,
  }
}
