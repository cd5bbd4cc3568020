import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { isId, newId } from '../base/ids.ts'
import { readJson, writeJson } from '../base/json.ts'
import type { Log } from '../base/log.ts'
import { envelope, publicError, STATUS } from './errors.ts'
import { allows, type Caller, type Route, type RouteContext } from './route.ts'
import { check } from './validate.ts'

/** How http learns who is calling; access/ provides it, main joins them. Throws `authentication_required`. */
export type Authenticate = (
  authorization: string | undefined,
  about: { ip: string; requestId: string },
) => Promise<Caller>

/** Takes one unit from every limit a request is under, all or none, before anything else is looked at. The place for
 *  reliability 22; without one nothing is limited. Throws `rate_limit_exceeded`. */
export type Limit = (caller: Caller, route: Route) => Promise<Record<string, string>>

/** Runs a POST or PATCH once per `Idempotency-Key`. The place for reliability 19; without one the header is not read. */
export type Once = (
  context: RouteContext<unknown, unknown, unknown, unknown>,
  route: Route,
  work: () => Promise<HandledAnswer>,
) => Promise<HandledAnswer>
type HandledAnswer = Awaited<ReturnType<Route['handle']>>

export interface HttpOptions {
  routes: Route[]
  authenticate: Authenticate
  limit?: Limit
  once?: Once
  log: Log
}

const JSON_LIMIT_BYTES = 1024 * 1024
const QUERY_PARAMETERS_MAX = 100
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The server with every route in place, not yet listening. The order of checks is the contract's (3.1): credential, limit,
 *  method, permission, ids in the path, size and type of the body, idempotency, shape, rules. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { log } = options
  const app = Fastify({
    logger: false,
    bodyLimit: JSON_LIMIT_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: 16_384, headersTimeout: 10_000 },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false, querystringParser: readQuery },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return isId('req', given) ? given : newId('req')
    },
    clientErrorHandler: refuseBrokenRequest,
  })
  // The body stays bytes until credential, permission and path are known to be right.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  app.setErrorHandler((error, request, reply) => fail(error, request, reply, log))
  app.setNotFoundHandler(async (request, reply) => {
    if (request.url.startsWith('/api/v1/')) await callerOf(request, options.authenticate)
    return fail(new AppError('resource_not_found', "The requested resource doesn't exist"), request, reply, log)
  })
  for (const route of options.routes) addRoute(app, route, options)
  refuseOtherMethods(app, options)
  app.addHook('onResponse', async (request, reply) => {
    log.info('request', {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
      ...(callers.get(request)?.kind === 'tenant'
        ? { tenant_id: (callers.get(request) as { tenantId: string }).tenantId }
        : {}),
    })
  })
  return app
}

/** The address a route is served at, in Fastify's spelling. */
export const urlOf = (route: Pick<Route, 'path' | 'outside'>): string =>
  (route.outside ? '' : '/api/v1') + route.path.replaceAll(/\{(\w+)\}/g, ':$1')

const callers = new WeakMap<FastifyRequest, Caller>()

function addRoute(app: FastifyInstance, route: Route, options: HttpOptions): void {
  app.route({
    method: route.method,
    url: urlOf(route),
    bodyLimit: route.bodyLimitBytes ?? JSON_LIMIT_BYTES,
    onRequest: async (request, reply) => {
      if (route.permission === 'public') return
      const caller = await callerOf(request, options.authenticate)
      callers.set(request, caller)
      if (options.limit) reply.headers(await options.limit(caller, route))
      if (!allows(caller, route.permission)) {
        throw new AppError('permission_denied', `This key does not have the permission ${route.permission}`, {
          details: [{ field: 'permission', issue: route.permission }],
        })
      }
      if (route.caller === 'tenant' && caller.kind !== 'tenant') {
        throw new AppError(
          'permission_denied',
          'The operator key belongs to no tenant. Call this with a key of the tenant.',
        )
      }
    },
    preParsing: async (request, _reply, payload) => {
      if (route.find)
        await route.find(contextOf(request, { params: request.params, query: undefined, body: undefined }))
      return payload
    },
    handler: async (request, reply) => {
      const raw = (request.body as Buffer | undefined) ?? Buffer.alloc(0)
      const work = () => {
        const faults: AppError[] = []
        const read = <T>(step: () => T): T | undefined => {
          try {
            return step()
          } catch (error) {
            if (!(error instanceof AppError) || error.details.length === 0) throw error
            faults.push(error)
            return undefined
          }
        }
        const query = read(() => check(route.query ?? NO_PARAMETERS, request.query))
        const body = route.body ? read(() => check(route.body!, readBody(request, raw))) : undefined
        // All faults of a request at once, wherever they stand.
        if (faults.length === 1) throw faults[0]!
        if (faults.length > 1) {
          throw new AppError('invalid_request', faults.at(-1)!.message, {
            details: faults.flatMap((fault) => fault.details),
          })
        }
        return route.handle(contextOf(request, { params: request.params, query, body }))
      }
      const context = contextOf(request, { params: request.params, query: undefined, body: undefined })
      const answer = options.once ? await options.once(context, route, work) : await work()
      return send(reply, answer)
    },
  })
}

function contextOf(
  request: FastifyRequest,
  checked: { params: unknown; query: unknown; body: unknown },
): RouteContext<unknown, unknown, unknown, unknown> {
  return {
    caller: callers.get(request) ?? null,
    ...checked,
    rawBody: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    header: (name) => {
      const value = request.headers[name.toLowerCase()]
      return Array.isArray(value) ? value[0] : value
    },
    requestId: request.id,
    ip: request.ip,
  }
}

function readBody(request: FastifyRequest, raw: Buffer): unknown {
  const type = request.headers['content-type']
  if (raw.length === 0) return {}
  if (type === undefined || !/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(type)) {
    throw new AppError('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json')
  }
  const text = new TextDecoder('utf-8', { fatal: true })
  try {
    return readJson(text.decode(raw))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_request', 'The body is not valid UTF-8', { cause: error })
  }
}

const NO_PARAMETERS = z.strictObject({})

/** One value per name: a name given twice shows as an array and is refused by every shape. */
function readQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > QUERY_PARAMETERS_MAX) return { [`more than ${QUERY_PARAMETERS_MAX} parameters`]: '' }
    query[name] = name in query ? [query[name], value].flat() : value.replaceAll('\0', '\ufffd')
  }
  return { ...query }
}

async function callerOf(request: FastifyRequest, authenticate: Authenticate): Promise<Caller> {
  const given = request.raw.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  )
  if (given.length > 1) throw new AppError('authentication_required', 'Invalid or expired API key')
  return authenticate(request.headers.authorization, { ip: request.ip, requestId: request.id })
}

function refuseOtherMethods(app: FastifyInstance, options: HttpOptions): void {
  const served = new Map<string, Set<string>>()
  for (const route of options.routes.filter((route) => !route.outside)) {
    served.set(urlOf(route), (served.get(urlOf(route)) ?? new Set()).add(route.method))
  }
  for (const [url, methods] of served) {
    const allow = [...methods].sort().join(', ')
    for (const method of METHODS.filter((method) => !methods.has(method))) {
      app.route({
        method,
        url,
        onRequest: async (request, reply) => {
          await callerOf(request, options.authenticate)
          reply.header('allow', allow)
          throw new AppError('method_not_allowed', `This address takes ${allow}`)
        },
        handler: () => {},
      })
    }
  }
}

function send(reply: FastifyReply, answer: HandledAnswer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {})
  if (answer.body === undefined) return reply.send()
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) return reply.send(answer.body)
  return reply.type('application/json; charset=utf-8').send(writeJson(answer.body))
}

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const known = publicError(error)
  if (STATUS[known.code] >= 500)
    log.error('request failed', { request_id: request.id, error: known.cause ?? known, note: known.note })
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  // A refusal before the body was read must not leave the rest of it on the connection.
  return reply
    .code(STATUS[known.code])
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(envelope(known, request.id)))
}

/** Answers what Node's parser refused before there was a request. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return
  const known =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new AppError('headers_too_large', 'The headers are larger than 16 kB')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new AppError('request_timeout', 'The request took too long to arrive')
        : new AppError('invalid_request', 'The request is not valid HTTP')
  const requestId = newId('req')
  const body = JSON.stringify(envelope(known, requestId))
  socket.end(
    `HTTP/1.1 ${STATUS[known.code]} ${known.code}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  )
}
