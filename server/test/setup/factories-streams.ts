import { request } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** A stream of events as it comes over the network. */
export interface Heard {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Everything so far. */
  text(): string
  /** Resolves with everything so far when the pattern has come; rejects when the stream ends before. */
  until(pattern: RegExp | string): Promise<string>
  /** Resolves when the stream has ended, by whom ever. */
  ended: Promise<void>
  /** Stops reading without hanging up. */
  pause(): void
  hangUp(): void
}

/** The port of a server that listens from now on. */
export async function portOf(http: FastifyInstance): Promise<number> {
  const address = http.server.address() ?? (await http.listen({ host: '127.0.0.1', port: 0 }), http.server.address())
  return (address as { port: number }).port
}

/** Asks for the stream and resolves with the beginning of the answer. */
export function hear(
  port: number,
  options: { key?: string; path?: string; method?: string; headers?: Record<string, string> },
): Promise<Heard> {
  const { key, path = '/api/v1/events/stream', method = 'GET', headers = {} } = options
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: false,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      asked.off('error', reject)
      asked.on('error', () => {})
      let text = ''
      let over = false
      const waiting = new Set<() => void>()
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        for (const look of waiting) look()
      })
      answer.on('error', () => {})
      const ended = new Promise<void>((done) =>
        answer.on('close', () => {
          over = true
          for (const look of waiting) look()
          done()
        }),
      )
      const has = (pattern: RegExp | string): boolean =>
        typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)
      resolve({
        status: answer.statusCode!,
        headers: answer.headers,
        text: () => text,
        until: (pattern) =>
          new Promise((found, failed) => {
            const look = () => {
              if (!has(pattern) && !over) return
              waiting.delete(look)
              if (has(pattern)) found(text)
              else failed(new Error(`ended without ${String(pattern)}: ${text}`))
            }
            waiting.add(look)
            look()
          }),
        ended,
        pause: () => void answer.pause(),
        hangUp: () => void asked.destroy(),
      })
    })
    asked.end()
  })
}
