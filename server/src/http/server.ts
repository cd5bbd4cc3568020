import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import { isId, newId } from '../base/ids.ts'
import { writeJson } from '../base/json.ts'
import type { Log } from '../base/log.ts'
import { callerAddress } from './caller-address.ts'
import { refuseWhileClosing } from './closing.ts'
import { envelope, publicError, STATUS } from './errors.ts'
import { createExportSlots, type ExportSlots } from './export-slots.ts'
import { createLiveStreams, liveCall, type LiveStreams, type LiveTimes } from './live-streams.ts'
import { allows, type Answer, type Caller, type Route, type RouteContext } from './route.ts'
import { traceRequests } from './tracing.ts'
import { type BodyLimits, brokenOff, readBytes } from './read-body.ts'
import { readQuery, readRequest, refuseOtherMedia, refuseTwoKeys, timesGiven } from './read-request.ts'
import { type LoopLag, refuseWhileBusy } from './shed.ts'
import { createTransport, endUnread, PARSER_BYTES_MAX, refuseOversized } from './transport.ts'

/** How http learns who is calling; access/ provides it, main joins them. `fresh`: nothing remembered counts, who lost a right a
 *  moment ago has lost it. Throws `authentication_required`. */
export type Authenticate = (
  authorization: string | undefined,
  about: { ip: string; requestId: string; fresh?: boolean },
) => Promise<Caller>

/** How http limits calls (reliability 22): one unit from every limit a request is under, all or none, before anything else is
 *  looked at. Never throws: `refused` is what to answer. The headers describe the tightest limit, refused or not. */
export interface Limits {
  take(caller: Caller, route: LimitedRoute): Promise<{ headers: Record<string, string>; refused?: AppError }>
  /** Calls without a valid credential, by address. */
  takeAddress(ip: string, route: LimitedRoute): Promise<{ refused?: AppError }>
}
export type LimitedRoute = Pick<Route, 'path' | 'failClosed' | 'sensitive'>

/** Runs a POST or PATCH once per `Idempotency-Key` (reliability 19). The query of the context is as it came, unchecked. */
export type Once = (
  context: RouteContext<Caller | null, unknown, unknown, unknown>,
  route: Route,
  work: () => Promise<Answer>,
) => Promise<Answer>

/** One call, when it is over: what metrics, the log of uses and the audit of refusals are made of. */
export interface FinishedCall {
  caller: Caller | null
  at: Date
  method: string
  /** The route as the API document writes it (`/api/v1/invoices/{id}`), `unknown` where there is none. */
  route: string
  status: number
  durationMs: number
  ip: string
  requestId: string
}

export interface HttpOptions {
  routes: Route[]
  authenticate: Authenticate
  limits?: Limits
  once?: Once
  observers?: ((call: FinishedCall) => void)[]
  log: Log
  now(): Date
  /** How browsers reach us. Behind https stands a proxy of the operator's: then the address it names is the caller's. */
  publicUrl: string
  /** How late the event loop is: without it nothing is refused for that (reliability 41). */
  lag?: Pick<LoopLag, 'lagMs'>
  /** How long bodies may take to arrive, where the ordinary times do not suit. */
  bodyTimes?: { jsonMs: number; uploadMs: number; idleMs: number }
  /** How long streams of events live, and how often they say so, where the ordinary times do not suit. */
  liveTimes?: LiveTimes
}

const JSON_LIMIT_BYTES = 1024 * 1024
/** Whatever is said of GET holds for HEAD too. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const
const KNOWN_METHODS: ReadonlySet<string> = new Set([...METHODS, 'HEAD'])
/** A statement file may come slowly as long as it comes (reliability 21). */
const BODY_TIMES = { jsonMs: 30_000, uploadMs: 600_000, idleMs: 30_000 }

/** The server with every route in place, not yet listening. The order of checks is the contract's (3.1): credential, limit,
 *  method, permission, ids in the path, size and type of the body, idempotency, shape, rules. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { log } = options
  const https = options.publicUrl.startsWith('https://')
  const transport = createTransport()
  const app = Fastify({
    logger: false,
    // Bodies have times of their own, by what they are for; this ends what slips through.
    requestTimeout: 660_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // Ours says so in the envelope.
    return503OnClosing: false,
    http: {
      maxHeaderSize: PARSER_BYTES_MAX,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      // Node would answer without our envelope.
      requireHostHeader: false,
    },
    // However long an id is, it only does not exist; the address has its own limit.
    routerOptions: { maxParamLength: PARSER_BYTES_MAX, ignoreTrailingSlash: false, querystringParser: readQuery },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return isId('req', given) ? given : newId('req')
    },
    clientErrorHandler: transport.refuseBroken,
    frameworkErrors: (error, request, reply) => {
      reply.headers(standardHeaders(request, https))
      fail(error, request, reply, log)
    },
    trustProxy: https ? PRIVATE_NETWORKS : false,
  })
  traceRequests(app)
  transport.guard(app.server)
  // The body stays bytes until credential, permission and path are known to be right; without a route nobody reads it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    const limits = bodyLimits.get(request)
    if (transport.isBroken(request.raw)) throw brokenOff()
    return limits ? readBytes(payload, request.headers['content-length'], limits) : Buffer.alloc(0)
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(standardHeaders(request, https))
    refuseOversized(request.raw)
  })
  refuseWhileClosing(app)
  app.setErrorHandler((error, request, reply) => fail(error, request, reply, log))
  app.setNotFoundHandler(async (request, reply) => {
    if (request.url.startsWith('/api/v1/')) await admit(request, reply, { path: '' }, options)
    if (!KNOWN_METHODS.has(request.method)) {
      reply.header('allow', [...KNOWN_METHODS].join(', '))
      return fail(new AppError('method_not_allowed', 'No address here takes this method'), request, reply, log)
    }
    return fail(new AppError('resource_not_found', "The requested resource doesn't exist"), request, reply, log)
  })
  const exportSlots = createExportSlots()
  const liveStreams = createLiveStreams(options.liveTimes)
  app.addHook('preClose', async () => liveStreams.endAll())
  for (const route of options.routes) addRoute(app, route, options, { exportSlots, liveStreams })
  refuseOtherMethods(app, options)
  app.addHook('onResponse', async (request, reply) => {
    endUnread(request.raw)
    const caller = callers.get(request) ?? null
    // Of a stream: until it began.
    const durationMs = beganMs.get(request) ?? reply.elapsedTime
    const call = {
      caller,
      at: options.now(),
      method: request.method,
      route: (request.routeOptions.url ?? 'unknown').replaceAll(/:(\w+)/g, '{$1}'),
      status: reply.statusCode,
      durationMs,
      ip: callerAddress(request),
      requestId: request.id,
    }
    for (const observe of options.observers ?? []) observe(call)
    log.info('request', {
      request_id: call.requestId,
      method: call.method,
      route: call.route,
      status: call.status,
      duration_ms: Math.round(durationMs),
      ...(caller ? { tenant_id: caller.tenantId } : {}),
    })
  })
  return app
}

/** The address a route is served at, in Fastify's spelling. */
export const urlOf = (route: Pick<Route, 'path' | 'outside'>): string =>
  (route.outside ? '' : '/api/v1') + route.path.replaceAll(/\{(\w+)\}/g, ':$1')

const callers = new WeakMap<FastifyRequest, Caller>()
const bodyLimits = new WeakMap<FastifyRequest, BodyLimits>()
const beganMs = new WeakMap<FastifyRequest, number>()

/** Pages say themselves what they may do; everything else is data and may do nothing. */
const standardHeaders = (request: FastifyRequest, https: boolean): Record<string, string> => ({
  'x-request-id': request.id,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  ...(/^\/(healthz|readyz|metrics)$/.test(request.url) ? {} : { 'cache-control': 'no-store' }),
})

function addRoute(
  app: FastifyInstance,
  route: Route,
  options: HttpOptions,
  { exportSlots, liveStreams }: { exportSlots: ExportSlots; liveStreams: LiveStreams },
): void {
  const { jsonMs, uploadMs, idleMs } = options.bodyTimes ?? BODY_TIMES
  const isUpload = route.rawBody && !route.outside
  const limits = {
    maxBytes: route.bodyLimitBytes ?? JSON_LIMIT_BYTES,
    totalMs: isUpload ? uploadMs : jsonMs,
    idleMs,
  }
  app.route({
    method: route.method,
    url: urlOf(route),
    onRequest: async (request, reply) => {
      if (route.deprecated) reply.headers(deprecationHeaders(route.deprecated))
      if (route.permission === 'public') return
      const caller = await admit(request, reply, route, options)
      refuseWithout(route, caller, options.now())
      if (options.lag) refuseWhileBusy(route, caller, options.lag)
    },
    preParsing: async (request, _reply, payload) => {
      if (route.find)
        await route.find(contextOf(request, { params: request.params, query: undefined, body: undefined }))
      bodyLimits.set(request, limits)
      return payload
    },
    handler: async (request, reply) => {
      const raw = (request.body as Buffer | undefined) ?? Buffer.alloc(0)
      if (!route.rawBody) refuseOtherMedia(request, raw)
      const work = () =>
        route.handle(contextOf(request, { params: request.params, ...readRequest(request, route, raw) }))
      const listener = callers.get(request)
      if (route.live && listener) {
        const again = () => callerOf(request, options.authenticate, false)
        const call = liveCall({ raw: request.raw, route, caller: listener, now: options.now(), again })
        const answer = await liveStreams.hold(call, work)
        beganMs.set(request, reply.elapsedTime)
        return send(reply, answer)
      }
      const repeatable = options.once && !route.outside && (route.method === 'POST' || route.method === 'PATCH')
      if (!repeatable) {
        const call = { route, caller: callers.get(request) ?? null, accept: request.headers.accept }
        return send(reply, await exportSlots(call, work))
      }
      refuseTwoKeys(request)
      const asItCame = contextOf(request, { params: request.params, query: request.query, body: undefined })
      return send(reply, await options.once!(asItCame, route, work))
    },
  })
}

/** Credential, then limit: the first two checks of every call of the API. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  route: LimitedRoute,
  { authenticate, limits }: HttpOptions,
): Promise<Caller> {
  let caller: Caller
  try {
    caller = await callerOf(request, authenticate, route.sensitive === true)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'authentication_required') throw error
    throw (await limits?.takeAddress(callerAddress(request), route))?.refused ?? error
  }
  callers.set(request, caller)
  const taken = await limits?.take(caller, route)
  if (taken) reply.headers(taken.headers)
  if (taken?.refused) throw taken.refused
  return caller
}

/** How long after the password people may touch secrets, keys and members. */
const FRESH_MS = 600_000

/** Who lacks a permission, as the caller is told: of a person's token that an application holds, the application. */
function holder({ actor, signedInAt }: Caller): string {
  if (actor.type === 'user' && signedInAt) return 'Your role'
  return actor.type === 'user' || actor.type === 'application' ? 'This application' : 'This key'
}

function refuseWithout(route: Route, caller: Caller, now: Date): void {
  if (!allows(caller, route.permission)) {
    throw new AppError('permission_denied', `${holder(caller)} does not have the permission ${route.permission}`, {
      details: [{ field: 'permission', issue: route.permission }],
    })
  }
  if (route.caller === 'tenant' && caller.kind !== 'tenant') {
    throw new AppError('permission_denied', 'The operator belongs to no tenant. Call this with a key of the tenant.')
  }
  if (route.sensitive && caller.signedInAt && now.getTime() - caller.signedInAt.getTime() > FRESH_MS) {
    throw new AppError(
      'permission_denied',
      'Enter your password again: this needs a sign-in within the last 10 minutes.',
      {
        details: [{ field: 'reason', issue: 'fresh_sign_in_required' }],
      },
    )
  }
}

/** RFC 9745 and RFC 8594. */
const deprecationHeaders = ({ since, sunset }: { since: string; sunset: string }) => ({
  deprecation: `@${Date.parse(since) / 1000}`,
  sunset: new Date(sunset).toUTCString(),
})

/** Where a reverse proxy may stand. */
const PRIVATE_NETWORKS = ['loopback', 'linklocal', 'uniquelocal']

function contextOf(
  request: FastifyRequest,
  checked: { params: unknown; query: unknown; body: unknown },
): RouteContext<Caller | null, unknown, unknown, unknown> {
  return {
    caller: callers.get(request) ?? null,
    ...checked,
    rawBody: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    header: (name) => {
      const value = request.headers[name.toLowerCase()]
      return Array.isArray(value) ? value[0] : value
    },
    requestId: request.id,
    ip: callerAddress(request),
  }
}

async function callerOf(request: FastifyRequest, authenticate: Authenticate, fresh: boolean): Promise<Caller> {
  if (timesGiven(request, 'authorization') > 1)
    throw new AppError('authentication_required', 'Invalid or expired API key')
  return authenticate(request.headers.authorization, { ip: callerAddress(request), requestId: request.id, fresh })
}

function refuseOtherMethods(app: FastifyInstance, options: HttpOptions): void {
  const served = new Map<string, Set<string>>()
  for (const route of options.routes) {
    served.set(urlOf(route), (served.get(urlOf(route)) ?? new Set()).add(route.method))
  }
  for (const [url, methods] of served) {
    const allow = [...methods].sort().join(', ')
    for (const method of METHODS.filter((method) => !methods.has(method))) {
      app.route({
        method,
        url,
        onRequest: async (request, reply) => {
          const path = /^\/api\/v1(\/.*)$/.exec(url)?.[1]
          if (path !== undefined) await admit(request, reply, { path }, options)
          reply.header('allow', allow)
          throw new AppError('method_not_allowed', `This address takes ${allow}`)
        },
        handler: () => {},
      })
    }
  }
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {})
  if (answer.body === undefined) return reply.send()
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array || answer.body instanceof Readable)
    return reply.send(answer.body)
  return reply.type('application/json; charset=utf-8').send(writeJson(answer.body))
}

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const known = publicError(error)
  // A provider that fails is news, and no fault of ours.
  const level = STATUS[known.code] === 502 ? 'warn' : 'error'
  if (STATUS[known.code] >= 500)
    log[level]('request failed', { request_id: request.id, error: known.cause ?? known, note: known.note })
  // Which scheme to use (RFC 9110, 11.6.1); signing in by cookie has none.
  if (known.code === 'authentication_required' && request.url.startsWith('/api/'))
    reply.header('www-authenticate', 'Bearer')
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  // The rest of a refused body is read and dropped, and the connection stays; only who sends nothing any more is let go.
  if (known.code !== 'request_timeout') reply.removeHeader('connection')
  else reply.header('connection', 'close')
  return reply
    .code(STATUS[known.code])
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(envelope(known, request.id)))
}
