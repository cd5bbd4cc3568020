import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes webhooks and remembers which events it has seen. Now and then it answers 500, so that tries are used. */
export interface Receiver {
  url: string
  host: string
  seen: ReadonlyMap<string, number>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const seen = new Map<string, number>()
  let calls = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      calls += 1
      if (calls % 17 === 0) {
        response.writeHead(500).end()
        return
      }
      const { id } = JSON.parse(body) as { id: string }
      seen.set(id, (seen.get(id) ?? 0) + 1)
      response.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/hook`,
    host,
    seen,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
