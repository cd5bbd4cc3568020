import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { envelope, STATUS } from './errors.ts'

const URL_BYTES_MAX = 8_192
const HEADER_BYTES_MAX = 16_384
/** Above our own limits, so that nearly every refusal is ours and says which of the two it was. */
export const PARSER_BYTES_MAX = 32_768
/** How long the rest of a refused request is read and dropped before the connection ends. Closing at once would reset it, and
 *  the caller would lose the answer. */
const LINGER_MS = 10_000

/** Refuses what no operation looks at. Throws `uri_too_long`, `headers_too_large`, or `invalid_request` without a Host. */
export function refuseOversized({ url = '', rawHeaders, httpVersion, headers }: IncomingMessage): void {
  if (url.length > URL_BYTES_MAX) throw tooLong()
  let bytes = 0
  // Four more of each two: colon, space and the end of the line.
  for (const text of rawHeaders) bytes += text.length + 2
  if (bytes > HEADER_BYTES_MAX) throw headersTooLarge()
  if (httpVersion === '1.1' && headers.host === undefined)
    throw new AppError('invalid_request', 'The request names no Host')
}

/** Once answered, the rest of a body that nobody wants may come for a while and no longer. */
export function endUnread(request: IncomingMessage): void {
  const { socket } = request
  // Calls without a network have no such thing.
  if (request.complete || !(socket instanceof Socket) || socket.destroyed) return
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy()
  }, LINGER_MS)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}

/** What stands between Node's server and the routes. */
export interface Transport {
  /** Answers an `Expect` that nobody knows. */
  guard(server: Server): void
  /** Answers what Node's parser refused before there was a request. */
  refuseBroken(error: Error, socket: Socket): void
  /** Whether the body of the request broke off in the parser: then no more of it comes. */
  isBroken(request: IncomingMessage): boolean
}

export function createTransport(): Transport {
  const answering = new WeakMap<Socket, ServerResponse>()
  const broken = new WeakSet<IncomingMessage>()
  return {
    isBroken: (request) => broken.has(request),
    guard: (server) => {
      server.on('request', (request, response) => {
        answering.set(request.socket, response)
        response.once('close', () => answering.delete(request.socket))
      })
      server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
        const unknown = 'The Expect header asks for something this server does not do'
        const { head, body } = refusal(new AppError('expectation_failed', unknown))
        response.writeHead(417, { ...head, connection: 'close' }).end(body)
      })
    },
    refuseBroken: (error, socket) => {
      const before = answering.get(socket)
      if (!before) return answerBroken(error, socket)
      before.shouldKeepAlive = false
      // Broken within its body: whoever reads that refuses it, now or when it comes to it.
      if (!before.req.complete) {
        broken.add(before.req)
        if (before.req.listenerCount('error') > 0) before.req.emit('error', error)
      }
      // An answer is under way to the request before, for which the refusal would be taken: it goes out first.
      before.once('finish', () => socket.destroySoon())
    },
  }
}

function answerBroken(error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket): void {
  if (!socket.writable) return
  const known = faultOf(error)
  const { head, body } = refusal(known)
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${STATUS[known.code]} ${known.code}\r\n${lines.join('')}connection: close\r\n\r\n${body}`)
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}

function faultOf(error: { code?: string; rawPacket?: Buffer }): AppError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new AppError('request_timeout', 'The request took too long to arrive')
  if (error.code !== 'HPE_HEADER_OVERFLOW') return new AppError('invalid_request', 'The request is not valid HTTP')
  const start = error.rawPacket?.toString('latin1', 0, URL_BYTES_MAX + 32) ?? ''
  return /^[A-Z]+ [^ \r\n]{8193}/.test(start) ? tooLong() : headersTooLarge()
}

function refusal(error: AppError): { head: Record<string, string>; body: string } {
  const requestId = newId('req')
  const body = JSON.stringify(envelope(error, requestId))
  return {
    body,
    head: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      'cache-control': 'no-store',
    },
  }
}

const tooLong = () => new AppError('uri_too_long', 'The address is longer than 8 kB')
const headersTooLarge = () => new AppError('headers_too_large', 'The headers are larger than 16 kB')
