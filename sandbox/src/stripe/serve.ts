import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, answerApi, endpointOf, tooMany } from './api/answer.ts'
import { keyOf } from './api/caller.ts'
import { type Fault, takeFault } from './api/faults.ts'
import { refuse, Refusal } from './api/refusal.ts'
import { drip, readBody, send } from './api/wire.ts'
import type { Control } from './control/control.ts'
import { answerControl } from './control/control-http.ts'
import { answerAuthorize } from './oauth/page.ts'
import { answerDeauthorize, answerToken } from './oauth/token.ts'
import type { World } from './world/world.ts'

const DELAY_MS = 1000

/** Answers any request: API, OAuth and control share one origin, because the official library has one host for all. */
export function serve(world: World, control: Control, request: IncomingMessage, response: ServerResponse): void {
  answer(world, control, request, response).catch((fault: unknown) => {
    if (response.destroyed || request.destroyed) return
    console.error(fault)
    send(response, 500, { error: { type: 'api_error', message: `Simulator fault: ${String(fault)}` } })
  })
}

async function answer(
  world: World,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator.example')
  const body = await readBody(request)
  const method = request.method ?? 'GET'
  if (url.pathname.startsWith('/__control/')) {
    const said = isLocal(request)
      ? await answerControl(control, method, url.pathname, body)
      : { status: 404, body: { error: 'not here' } }
    return send(response, said.status, said.body)
  }
  world.catchUp()
  const path = url.pathname.replace(/^\/|\/$/g, '')
  const isApi = path.startsWith('v1/')
  const endpoint = isApi ? endpointOf(path.slice(3)) : path
  const requestId = `req_${world.dice.letters(14)}`
  const account = request.headers['stripe-account']
  const fault =
    isApi || path.startsWith('oauth/')
      ? takeFault(world.faults, endpoint, typeof account === 'string' ? account : null)
      : null
  if (fault !== null && (await isOver(world, endpoint, fault, requestId, request, response))) return
  if (path === 'oauth/authorize') return showPage(world, method, url, body, response)
  const settled = settle(() => {
    if (isApi) {
      return answerApi(world, { method, path: path.slice(3), query: url.search.slice(1), body, request })
    }
    const form = new URLSearchParams(body)
    if (method === 'POST' && path === 'oauth/token') return plain(answerToken(world, form, keyOf(request)))
    if (method === 'POST' && path === 'oauth/deauthorize') return plain(answerDeauthorize(world, form, keyOf(request)))
    throw refuse(404, `Unrecognized request URL (${method}: /${path}).`)
  })
  const headers = { 'request-id': requestId, ...settled.headers }
  if (fault?.kind === 'reset_after') {
    world.count(endpoint, 'dropped')
    return void request.socket.destroy()
  }
  world.count(endpoint, settled.status)
  if (fault?.kind === 'slow_body') {
    return drip(response, settled.status, JSON.stringify(settled.body), headers, fault.delayMs ?? DELAY_MS)
  }
  if (fault?.kind === 'cut_body') {
    const text = JSON.stringify(settled.body)
    response.writeHead(settled.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    return void response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy())
  }
  send(response, settled.status, settled.body, headers)
}

const plain = (body: unknown): Answer => ({ status: 200, body, headers: {} })

/** The answer, refusals included. */
function settle(act: () => Answer): Answer {
  try {
    return act()
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { status: refusal.status, body: refusal.body, headers: refusal.headers }
  }
}

/** Faults that come before anything is done. Returns whether the call is over. */
async function isOver(
  world: World,
  endpoint: string,
  fault: Fault,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const over = (status: number, body: unknown, headers: Record<string, string> = {}): true => {
    world.count(endpoint, status)
    send(response, status, body, headers)
    return true
  }
  const raw = (status: number, text: string): true => {
    world.count(endpoint, status)
    response.writeHead(status, { 'content-type': 'text/html' }).end(text)
    return true
  }
  const id = { 'request-id': requestId }
  const broken = { error: { type: 'api_error', message: 'An unknown error occurred' } }
  switch (fault.kind) {
    case 'slow':
      await wait(fault.delayMs ?? DELAY_MS)
      return false
    case 'reset':
      world.count(endpoint, 'dropped')
      request.socket.destroy()
      return true
    case 'rate_limited': {
      const { status, body, headers } = tooMany(fault.reason ?? 'endpoint-rate')
      return over(status, body, { ...id, ...headers })
    }
    case 'lock_timeout': {
      const message = 'This object cannot be accessed right now because another API request or process is using it.'
      const { body } = refuse(429, message, { code: 'lock_timeout' })
      return over(429, body, { 'stripe-should-retry': 'true' })
    }
    case 'error_500':
      return over(500, broken, id)
    case 'error_503':
      return over(503, broken, id)
    case 'bare_502':
      return over(502, { message: 'bad gateway' })
    case 'html':
      return raw(502, '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>')
    case 'empty':
      return raw(500, '')
    default:
      return false
  }
}

function showPage(world: World, method: string, url: URL, body: string, response: ServerResponse): void {
  try {
    const page = answerAuthorize(world, method, url.searchParams, new URLSearchParams(body))
    response.writeHead(page.status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(page.location === undefined ? {} : { location: page.location }),
    })
    response.end(page.html)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    send(response, refusal.status, refusal.body)
  }
}

/** Control is for this machine: by the peer's address, and not for a page of another origin that a browser here shows. */
function isLocal(request: IncomingMessage): boolean {
  const peer = request.socket.remoteAddress ?? ''
  return /^(::ffff:)?127\.|^::1$/.test(peer) && request.headers.origin === undefined
}
