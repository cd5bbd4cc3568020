import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Fault, takeFault } from './faults.ts'
import { type Budget, BUCKETS, rateHeaders, spend } from './limits.ts'
import { flat, invalidToken, Refusal, refusalOf, type Row, ROWS } from './refusals.ts'
import type { Answer, Route } from './route.ts'
import { findRoute } from './routes.ts'
import { findAccount, type World } from './state.ts'
import { companyOf } from './tokens.ts'
import { drip, readObject, send } from './wire.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DELAY_MS = 1000

export interface Exchange {
  method: string
  url: URL
  body: string
  request: IncomingMessage
  response: ServerResponse
}

/** Answers one call below `/api/v2`, with the faults that wait for it. */
export async function answerApi(world: World, exchange: Exchange): Promise<void> {
  const { response, method, url } = exchange
  const found = findRoute(method, url.pathname.slice('/api/v2'.length))
  if (found instanceof Refusal) {
    count(world, 'unknown', found.status)
    return send(response, found.status, found.body)
  }
  const { route, id } = found
  const fault = takeFault(
    world.faults,
    route.endpoint,
    (account) => id !== '' && findAccount(world, account) === findAccount(world, id),
  )
  if (fault !== null && (await misbehave(world, route, fault, exchange))) return
  const answer = settle(world, route, id, fault, exchange)
  world.save()
  if (fault?.kind === 'drop_after') {
    count(world, route.endpoint, 'dropped')
    return void exchange.request.socket.destroy()
  }
  count(world, route.endpoint, answer.status)
  const text = JSON.stringify(answer.body)
  if (fault?.kind === 'slow_body') return drip(response, answer.status, text, fault.delayMs ?? DELAY_MS)
  if (fault?.kind === 'cut_body') {
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    })
    return void response.write(text.slice(0, Math.floor(text.length / 2)), () => exchange.request.socket.destroy())
  }
  send(response, answer.status, answer.body, answer.headers)
}

/** Faults that come before the API has done anything. Returns whether the call is over. */
async function misbehave(world: World, route: Route, fault: Fault, { request, response }: Exchange): Promise<boolean> {
  if (fault.kind === 'slow') {
    await wait(fault.delayMs ?? DELAY_MS)
    return false
  }
  if (fault.kind === 'drop') {
    count(world, route.endpoint, 'dropped')
    request.socket.destroy()
    return true
  }
  if (fault.kind === 'html' || fault.kind === 'empty') {
    const status = fault.kind === 'html' ? 502 : 500
    count(world, route.endpoint, status)
    response.writeHead(status, { 'content-type': 'text/html' })
    response.end(
      fault.kind === 'html'
        ? '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'
        : '',
    )
    return true
  }
  return false
}

/** The answer, refusals included. */
function settle(world: World, route: Route, id: string, fault: Fault | null, exchange: Exchange): Answer {
  let budget: Budget | null = null
  try {
    const company = route.open ? '' : companyOf(world, bearerOf(exchange.request), 'access')
    if (!route.open) budget = spend(world, company, route.bucket)
    const body = checked(route, id, exchange)
    const injected = injectedRefusal(world, route, id, fault)
    const atBank = /^accounts\/(details|balances|transactions)$/.test(route.endpoint)
    if (injected !== null && !atBank) throw injected
    const { url } = exchange
    const answer = route.handle({ world, company, id, query: url.searchParams, url, body, bankFault: () => injected })
    const headers = { ...(budget === null ? {} : rateHeaders(world, '', budget)), ...answer.headers }
    return { ...answer, headers }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const general = budget ?? { limit: BUCKETS[route.bucket][0], remaining: 0, resetSeconds: BUCKETS[route.bucket][1] }
    return { status: refusal.status, body: refusal.body, headers: rateHeaders(world, '', general) }
  }
}

/** The checks every call has in common: the id's form, unknown parameters, unknown fields. */
function checked(route: Route, id: string, { url, body, request }: Exchange): Record<string, unknown> {
  if (route.invalidId !== undefined && !UUID.test(id)) throw flat(400, route.invalidId, `${id} is not a valid UUID.`)
  const fields = readObject(body, request.headers['content-type'] ?? '')
  const stray = [
    ...[...url.searchParams.keys()].filter((name) => !route.query?.includes(name)),
    ...Object.keys(fields).filter((name) => !route.fields?.includes(name)),
  ]
  if (stray.length > 0) throw flat(400, 'Unknown fields', `Unknown fields in request: ${stray.join(', ')}`)
  return fields
}

function injectedRefusal(world: World, route: Route, id: string, fault: Fault | null): Refusal | null {
  const row: Row | null =
    fault?.kind === '500'
      ? ROWS.unknown_request
      : fault?.kind === '503'
        ? ROWS.service_error
        : fault?.kind === 'error'
          ? ROWS[fault.row!]
          : null
  if (row === null) return null
  const institutionId = findAccount(world, id)?.seed.institutionId ?? 'SANDBOXFINANCE_SFIN0000'
  return refusalOf(row, fault?.shape ?? 1, route.endpoint.split('/')[1]!, { id, institutionId })
}

function bearerOf(request: IncomingMessage): string {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw invalidToken()
  return token
}

function count(world: World, endpoint: string, status: number | 'dropped'): void {
  const counted = world.calls.get(endpoint) ?? { calls: 0, byStatus: {} }
  counted.calls += 1
  counted.byStatus[status] = (counted.byStatus[status] ?? 0) + 1
  world.calls.set(endpoint, counted)
}
