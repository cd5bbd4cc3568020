import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it arrived, byte for byte. */
export interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  /** The body read as JSON. */
  json(): any // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
}

/** What the receiver says. `hang`: nothing, ever. `hangUp`: the connection is cut. */
export type ReceiverAnswer =
  | { status: number; headers?: Record<string, string>; body?: string | Uint8Array }
  | 'hang'
  | 'hangUp'

export interface Receiver {
  url: string
  /** For PAYYMO_ALLOWED_PRIVATE_HOSTS. */
  host: string
  /** All requests so far, in the order they came. */
  requests: ReceivedRequest[]
  /** How to answer from now on; a promise makes it slow for as long as the test likes. 200 until told otherwise. */
  answer(choose: (request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer>): void
  /** Resolves when so many requests have come (those that came before the call count). */
  received(count: number): Promise<ReceivedRequest[]>
  close(): Promise<void>
}

/** A server on loopback whose answers the test chooses. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const waiting: { count: number; resolve: (requests: ReceivedRequest[]) => void }[] = []
  let choose: Parameters<Receiver['answer']>[0] = () => ({ status: 200 })

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const request: ReceivedRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body,
        json: () => JSON.parse(body.toString()),
      }
      requests.push(request)
      for (const waiter of waiting) if (requests.length >= waiter.count) waiter.resolve(requests)
      void Promise.resolve(choose(request)).then((answer) => {
        if (answer === 'hangUp') incoming.socket.destroy()
        else if (answer !== 'hang') outgoing.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '')
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    requests,
    answer: (next) => void (choose = next),
    received: (count) =>
      requests.length >= count
        ? Promise.resolve(requests)
        : new Promise((resolve) => void waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
