import type { IncomingMessage } from 'node:http'
import { balanceOf } from '../ledger/balance.ts'
import { API_VERSION } from '../ledger/book.ts'
import type { World } from '../world/world.ts'
import { shownAccount } from './account.ts'
import { type Caller, callerOf, need } from './caller.ts'
import { listOf, objectOf, type Reading } from './lists.ts'
import { onlyKnown, type Parameters, readParameters } from './parameters.ts'
import { refuse } from './refusal.ts'
import { render, type View } from './render.ts'
import { permissionOf, RESOURCES } from './resources.ts'
import { answerEndpoints } from './webhook-endpoint-routes.ts'

export interface Call {
  method: string
  /** Below `/v1/`, without slash at either end. */
  path: string
  query: string
  body: string
  request: IncomingMessage
}

export interface Answer {
  status: number
  body: unknown
  headers: Record<string, string>
}

/** The name under which a path is counted and faults are aimed: ids become `id`. */
export function endpointOf(path: string): string {
  const resource = RESOURCES.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  if (resource !== undefined) return path === resource.path ? path : `${resource.path}/id`
  return path.replace(/^(webhook_endpoints|accounts)\/.+$/, '$1/id')
}

/** Answers one call below `/v1`. Throws refusals. */
export function answerApi(world: World, call: Call): Answer {
  const caller = callerOf(world, call.request)
  if (world.isOverLimit()) throw tooMany('global-rate')
  const headers: Record<string, string> = { 'stripe-version': versionOf(call.request) }
  if (caller.viaPlatform) headers['stripe-account'] = caller.account
  const given = readParameters(call.method === 'GET' ? call.query : call.body)
  const again = call.method === 'POST' ? before(world, caller, call, headers) : null
  if (again !== null) return again
  const body = route(world, caller, call, given)
  if (body === undefined) {
    throw refuse(404, `Unrecognized request URL (${call.method}: /v1/${call.path}).`)
  }
  remember(world, caller, call, body)
  return { status: 200, body, headers }
}

export const tooMany = (reason: string) =>
  refuse(
    429,
    'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
    { code: 'rate_limit' },
    { 'stripe-rate-limited-reason': reason },
  )

function versionOf(request: IncomingMessage): string {
  const version = request.headers['stripe-version']
  if (version === undefined) return API_VERSION
  if (typeof version === 'string' && /^\d{4}-\d{2}-\d{2}(\.[a-z_]+)?$/.test(version)) return version
  throw refuse(400, `Invalid Stripe API version: ${String(version)}`)
}

function route(world: World, caller: Caller, call: Call, given: Parameters): unknown {
  const { method, path } = call
  if (path === 'webhook_endpoints' || path.startsWith('webhook_endpoints/')) {
    return answerEndpoints(world, caller, method, path.slice('webhook_endpoints/'.length), given)
  }
  if (method !== 'GET') return undefined
  const merchant = world.merchants.get(caller.account)!
  if (path === 'account' || path.startsWith('accounts/')) {
    need(caller, 'account', 'read')
    onlyKnown(given, ['expand'])
    const id = path === 'account' ? caller.account : path.slice('accounts/'.length)
    const found = world.merchants.get(id)
    const visible = id === caller.account || world.isConnected(caller.key.account, id, caller.mode)
    if (found === undefined || !visible) {
      throw refuse(403, `The provided key does not have access to account '${id}' (or that account does not exist).`, {
        code: 'account_invalid',
      })
    }
    return shownAccount(found, caller.mode)
  }
  const book = merchant.books[caller.mode]
  const view: View = {
    book,
    now: world.clock.now(),
    namesAccount: caller.viaPlatform,
    mayExpand: (type) => need(caller, permissionOf(type), 'read'),
    pendingWebhooks: world.dispatcher.pendingOf,
  }
  if (path === 'balance') {
    need(caller, 'balance', 'read')
    onlyKnown(given, ['expand'])
    return render(view, balanceOf(book, view.now))
  }
  const resource = RESOURCES.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  if (resource === undefined) return undefined
  need(caller, resource.permission, 'read')
  const reading: Reading = { world, book, view, given }
  if (path === resource.path) return listOf(resource, reading)
  const id = decodeURIComponent(path.slice(resource.path.length + 1))
  if (id.includes('/')) return undefined
  return objectOf(resource, id, reading)
}

/** The stored answer of a POST with the same key; 400 when its parameters were others. */
function before(world: World, caller: Caller, call: Call, headers: Record<string, string>): Answer | null {
  const name = idempotencyOf(caller, call)
  if (name === null) return null
  headers['idempotency-key'] = String(call.request.headers['idempotency-key'])
  const stored = world.idempotent.get(name)
  if (stored === undefined) return null
  if (stored.parameters !== `${call.path} ${call.body}`) {
    throw refuse(
      400,
      'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      {
        type: 'idempotency_error',
      },
    )
  }
  return { status: stored.status, body: stored.body, headers: { ...headers, 'idempotent-replayed': 'true' } }
}

function remember(world: World, caller: Caller, call: Call, body: unknown): void {
  const name = call.method === 'POST' ? idempotencyOf(caller, call) : null
  if (name !== null) world.idempotent.set(name, { parameters: `${call.path} ${call.body}`, status: 200, body })
}

function idempotencyOf(caller: Caller, call: Call): string | null {
  const key = call.request.headers['idempotency-key']
  return typeof key === 'string' ? `${caller.account} ${caller.mode} ${key}` : null
}
