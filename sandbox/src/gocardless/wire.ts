import type { IncomingMessage, ServerResponse } from 'node:http'
import { flat } from './refusals.ts'

const BODY_BYTES_MAX = 16 * 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > BODY_BYTES_MAX) throw flat(413, 'Payload too large', 'The request body is too large.')
  }
  return Buffer.concat(parts).toString('utf8')
}

/** A JSON object, or a posted form as one; an empty body is an empty object. Throws 400 or 415 as the API does. */
export function readObject(text: string, type: string): Record<string, unknown> {
  if (text === '') return {}
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  if (!type.startsWith('application/json')) {
    throw flat(415, 'Unsupported media type', `Unsupported media type "${type}" in request.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw flat(400, 'JSON parse error', 'The body is not valid JSON.')
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw flat(400, 'Invalid data', 'Expected a dictionary.')
  }
  return value as Record<string, unknown>
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/** Sends the headers at once and the body sixteen bytes at a time, each after a wait, until the caller hangs up. */
export function drip(response: ServerResponse, status: number, text: string, delayMs: number): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'content-type': 'application/json' })
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
