import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestApp, type TestApp } from '../../../server/test/setup/app.ts'
import { Payymo, type PayymoOptions } from '../src/index.ts'

/** The whole program on a port of its own. */
export async function listeningApp(): Promise<TestApp & { url: string }> {
  const app = await createTestApp()
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
  return { ...app, url }
}

export interface SeenCall {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}
export interface FakeAnswer {
  status: number
  headers?: Record<string, string>
  body?: unknown
  /** Breaks the connection instead. */
  breaks?: boolean
}

/** A server that gives the answers in turn, the last of them for ever, and remembers what came. */
export interface FakeServer {
  url: string
  calls: SeenCall[]
  waits: number[]
  client(options?: Partial<PayymoOptions>): Payymo
  close(): Promise<void>
}

export async function fakeServer(...answers: FakeAnswer[]): Promise<FakeServer> {
  const calls: SeenCall[] = []
  const waits: number[] = []
  const server = createServer((request, response) => void reply(request, response))
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    calls.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    const answer = answers[Math.min(calls.length, answers.length) - 1]!
    if (answer.breaks) return void request.socket.destroy()
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {})
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.status === 204 ? undefined : text)
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    calls,
    waits,
    client: (options) =>
      new Payymo({
        apiKey: 'pk_test_x',
        baseUrl: url,
        wait: async (ms) => void waits.push(ms),
        ...options,
      }),
    close: () => closed(server),
  }
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** An error as Payymo writes it. */
export const refusal = (code: string, retryable: boolean) => ({
  error: { code, message: `It was ${code}`, details: [], request_id: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab', retryable },
})
