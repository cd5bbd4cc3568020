import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An event as another company's system got it. */
export interface ReceivedEvent {
  id: string
  type: string
  resourceId: string
  receivedAt: string
  attempt: string
  /** `X-Payymo-Signature` as it came, shortened for show. */
  signature: string
  /** Whether the signature fits the body under the shared secret. */
  verified: boolean
}

export interface Receiver {
  url: string
  /** The newest first, at most a thousand. */
  events: ReceivedEvent[]
  setSecret(secret: string): void
  close(): Promise<void>
}

export interface ReceiverOptions {
  port?: number
  secret?: string
  /** Told when a new secret is set, for whoever keeps it. */
  onSecret?(secret: string): void
}

const KEPT = 1_000
const BODY_BYTES_MAX = 1024 * 1024

/** A system of another company that gets Payymo's webhooks and checks each signature, as its documentation says. Control by
 *  HTTP on loopback: `PUT /__control/secret`, `GET /__control/secret` (whether one is known), `GET /__control/events`. */
export async function createReceiver({ port = 0, secret = '', onSecret }: ReceiverOptions = {}): Promise<Receiver> {
  const events: ReceivedEvent[] = []
  let shared = secret
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = []
      let size = 0
      for await (const part of request) {
        size += (part as Buffer).length
        if (size > BODY_BYTES_MAX) return response.writeHead(413).end()
        parts.push(part as Buffer)
      }
      const body = Buffer.concat(parts).toString()
      if (request.url === '/__control/secret' && request.method === 'PUT') {
        shared = body
        onSecret?.(body)
        return response.writeHead(204).end()
      }
      if (request.url === '/__control/secret') {
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ known: shared !== '' }))
      }
      if (request.url === '/__control/events') {
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(events))
      }
      const signature = String(request.headers['x-payymo-signature'] ?? '')
      const event = JSON.parse(body) as { id: string; event_type: string; data?: { id?: string } }
      events.unshift({
        id: event.id,
        type: event.event_type,
        resourceId: event.data?.id ?? '',
        receivedAt: new Date().toISOString(),
        attempt: String(request.headers['x-payymo-attempt'] ?? ''),
        signature: signature.replace(/(v1=.{12}).*/, '$1…'),
        verified: fits(signature, body, shared),
      })
      events.length = Math.min(events.length, KEPT)
      return response.writeHead(204).end()
    })().catch(() => response.writeHead(400).end())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    setSecret: (next) => {
      shared = next
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** HMAC-SHA256 of `<t>.<body>` keyed with the whole secret, compared with each `v1` of the header. */
function fits(header: string, body: string, secret: string): boolean {
  const at = /t=(\d+)/.exec(header)?.[1]
  if (at === undefined || secret === '') return false
  const wanted = createHmac('sha256', secret).update(`${at}.${body}`).digest()
  return [...header.matchAll(/v1=([0-9a-f]{64})/g)].some(([, given]) =>
    timingSafeEqual(Buffer.from(given!, 'hex'), wanted),
  )
}
