import type { IncomingMessage, ServerResponse } from 'node:http'

const BODY_BYTES_MAX = 16 * 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > BODY_BYTES_MAX) throw new Error('the body is too large')
  }
  return Buffer.concat(parts).toString('utf8')
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

/** Sends the headers at once and the body sixteen bytes at a time, each after a wait, until the caller hangs up. */
export function drip(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string>,
  delayMs: number,
): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.flushHeaders()
  let at = 0
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + 16))
    at += 16
    if (at < bytes.length) return
    clearInterval(timer)
    response.end()
  }, delayMs)
  response.once('close', () => clearInterval(timer))
}
