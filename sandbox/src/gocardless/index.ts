import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerApi } from './api.ts'
import { Control } from './control.ts'
import { answerControl } from './control-http.ts'
import { Refusal } from './refusals.ts'
import type { GocardlessSeed } from './seed.ts'
import { createWorld, type Switches } from './state.ts'
import { readBody, readObject, send } from './wire.ts'
import { answerPage } from './visits.ts'

export type { Decision } from './consents.ts'
export { Control, type AccountView, type EndpointCount } from './control.ts'
export type { Fault, FaultRequest } from './faults.ts'
export { type Habits, PERSONALITIES, type Personality, TIDY } from './habits.ts'
export { SANDBOX_INSTITUTION } from './institutions.ts'
export { ROWS, type RowName, type Shape } from './refusals.ts'
export {
  type GocardlessSeed,
  SANDBOX_CREDENTIALS,
  type SeedAccount,
  type SeedCounterparty,
  type SeedCredentials,
  type SeedInstitution,
  type SeedTransaction,
} from './seed.ts'
export type { Switches } from './state.ts'

export interface GocardlessOptions {
  /** 0, the default: any free port. */
  port?: number
  /** `127.0.0.1` by default. */
  host?: string
  seed?: GocardlessSeed
  switches?: Partial<Switches>
  /** Where consents, ids and quotas are kept, so that a simulator started again goes on; the seed is used only when it is new. */
  stateFile?: string
}

export interface GocardlessSimulator {
  /** Base URL without path: `http://127.0.0.1:40123`; the API is under `/api/v2/`. */
  url: string
  control: Control
  /** Cuts all connections and frees the port. */
  close: () => Promise<void>
}

/** Starts a simulated GoCardless Bank Account Data with its banks. Resolves when it listens. */
export async function createGocardless(options: GocardlessOptions = {}): Promise<GocardlessSimulator> {
  const { port = 0, host = '127.0.0.1' } = options
  const world = createWorld(options.seed ?? { accounts: [] }, options.switches ?? {}, options.stateFile)
  const control = new Control(world)
  const server = createServer()
  server.on('request', (request, response) => {
    serve(request, response).catch((fault: unknown) => {
      if (fault instanceof Refusal) return send(response, fault.status, fault.body)
      if (response.destroyed || request.destroyed) return
      console.error(fault)
      send(response, 500, { summary: 'Simulator fault', detail: String(fault), status_code: 500 })
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', world.baseUrl)
    const method = request.method ?? 'GET'
    const body = await readBody(request)
    if (url.pathname.startsWith('/api/v2/')) {
      await answerApi(world, { method, url, body, request, response })
    } else if (url.pathname.startsWith('/__control/')) {
      const answer = isLocal(request)
        ? answerControl(control, method, url.pathname, readObject(body, 'application/json'))
        : { status: 404, body: { error: 'not here' } }
      world.save()
      send(response, answer.status, answer.body)
    } else {
      const page = await answerPage(world, method, url.pathname, new URLSearchParams(body))
      if (page === null) return send(response, 404, { summary: 'Not found.', detail: 'Not found.', status_code: 404 })
      world.save()
      response.writeHead(page.status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        ...(page.location === undefined ? {} : { location: page.location }),
      })
      response.end(page.html)
    }
  }

  server.listen(port, host)
  await once(server, 'listening')
  world.baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  return {
    url: world.baseUrl,
    control,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      world.save()
    },
  }
}

/** Control is for this machine: by the peer's address, and not for a page of another origin that a browser here shows. */
function isLocal(request: IncomingMessage): boolean {
  const peer = request.socket.remoteAddress ?? ''
  return /^(::ffff:)?127\.|^::1$/.test(peer) && request.headers.origin === undefined
}
