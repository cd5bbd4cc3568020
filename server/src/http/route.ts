import type { z } from 'zod'
import type { TenantId } from '../base/ids.ts'
import type { Actor } from '../events/audit.ts'

const RESOURCES = [
  'bank_connections',
  'transactions',
  'stripe_connections',
  'payouts',
  'whmcs_instances',
  'invoices',
  'matches',
  'payments',
  'tenants',
  'users',
  'webhooks',
  'api_keys',
  'audit',
  'reports',
] as const

/** What a key may be allowed (contract 3.6). `write` does not include `read`. */
export type Permission = `${(typeof RESOURCES)[number]}:${'read' | 'write'}`
export const PERMISSIONS: readonly Permission[] = RESOURCES.flatMap(
  (name) => [`${name}:read`, `${name}:write`] as const,
)

/** Who is calling, once the credential is known. The tenant comes from here only (reliability 26). The operator calls as
 *  the operator's own tenant, which no route inside a tenant serves. */
export interface Caller {
  kind: 'tenant' | 'operator'
  tenantId: TenantId
  actor: Actor
  permissions: ReadonlySet<string>
  tier: 'standard' | 'premium'
  /** Partners reach their children under /tenants. */
  partner: boolean
  /** When the person behind an access token last typed the password; null for keys of machines. */
  signedInAt: Date | null
  /** When the token ends, where it is one that does: an answer that lasts ends with it. */
  expiresAt?: Date
}

export type TenantCaller = Caller & { kind: 'tenant' }

/** The operator's own tenant: made by a migration, the same everywhere, shown nowhere. */
export const OPERATOR_TENANT: TenantId = 'ten_00000000000000000000000001'

export const allows = (caller: Caller, permission: string): boolean =>
  caller.permissions.has('*') || caller.permissions.has(permission)

/** What a handler gets: everything is checked, nothing is raw. */
export interface RouteContext<Who, Params, Query, Body> {
  caller: Who
  params: Params
  query: Query
  body: Body
  /** The bytes as they came, for signatures and files. */
  rawBody: Buffer
  header(name: string): string | undefined
  requestId: string
  ip: string
}

/** What a handler gives back. */
export interface Answer {
  status: number
  /** An object leaves as JSON, a text or bytes as they are, a stream as it comes. */
  body?: unknown
  headers?: Record<string, string | string[]>
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (location: string, body: unknown): Answer => ({
  status: 201,
  body,
  headers: { location: `/api/v1${location}` },
})
export const accepted = (body: unknown): Answer => ({ status: 202, body })
export const noContent = (): Answer => ({ status: 204 })
export const redirect = (to: string): Answer => ({ status: 302, headers: { location: to } })

/** One status an operation answers with, and an example of it for the documentation. */
export interface DocumentedAnswer {
  description: string
  schema?: z.ZodType
  example?: unknown
}

/** One operation of the API. Checked, documented and served from this single description. */
export interface Route {
  operationId: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below /api/v1, parameters as `{id}`. Routes of the browser or of providers say `outside: true` and give a full path. */
  path: string
  outside?: boolean
  tag: string
  summary: string
  description?: string
  /** `public` needs no credential; `anyone` a valid one of any kind, and the handler looks at the caller itself. */
  permission: Permission | 'public'
  /** Most routes belong to a tenant, and the operator's key answers 403 there. */
  caller: 'tenant' | 'any'
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  bodyExample?: unknown
  /** For files and provider webhooks: the handler reads `rawBody` itself. */
  rawBody?: boolean
  bodyLimitBytes?: number
  /** Secrets, keys and members: a person must have typed the password within the last ten minutes (reliability 39), and
   *  whoever calls is looked up at this very moment, not remembered. */
  sensitive?: boolean
  /** Refused when the rate limiter is broken, instead of falling back to a limit of this process (reliability 22). */
  failClosed?: boolean
  /** Fields of the answer that hold a new secret: a replay by idempotency key leaves them out. */
  secretFields?: string[]
  /** A page for people in a browser: no interface, so the API document leaves it out. */
  page?: boolean
  /** The list also answers `Accept: text/csv`, with all rows that match (`listAnswer`). */
  csv?: boolean
  /** The answer is a stream of events (`text/event-stream`) that goes on while the caller listens (`createLiveStream`). */
  live?: boolean
  /** Run again from its beginning it adds only what is missing: done so when a try with an idempotency key ended between its
   *  changes. All other routes make their effect in one change. */
  resumable?: boolean
  /** The operation still works and will go: since when (day), until when (day, at least six months on), what replaces it. */
  deprecated?: { since: string; sunset: string; instead: string }
  answers: Record<number, DocumentedAnswer>
  /** Throws `notFound()` when an id in the path does not exist: asked before the body is read or judged. */
  find?(context: RouteContext<unknown, unknown, unknown, unknown>): Promise<void>
  handle(context: RouteContext<unknown, unknown, unknown, unknown>): Promise<Answer>
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined

/** Describes a route of a tenant; the handler's types follow from the shapes named. */
export function tenantRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: Omit<Route, 'handle' | 'find' | 'caller' | 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    find?(context: RouteContext<TenantCaller, Out<P>, undefined, undefined>): Promise<void>
    handle(context: RouteContext<TenantCaller, Out<P>, Out<Q>, Out<B>>): Promise<Answer>
  },
): Route {
  return { ...route, caller: 'tenant' } as unknown as Route
}

/** As `tenantRoute`, for routes that the operator may call as well. */
export function anyCallerRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: Omit<Route, 'handle' | 'find' | 'caller' | 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    find?(context: RouteContext<Caller, Out<P>, undefined, undefined>): Promise<void>
    handle(context: RouteContext<Caller, Out<P>, Out<Q>, Out<B>>): Promise<Answer>
  },
): Route {
  return { ...route, caller: 'any' } as unknown as Route
}

/** A route without a credential, outside /api/v1: callbacks, provider webhooks, health, sign-in, pages. */
export function publicRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: Omit<Route, 'handle' | 'caller' | 'permission' | 'outside' | 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    handle(context: RouteContext<null, Out<P>, Out<Q>, Out<B>>): Promise<Answer>
  },
): Route {
  return { ...route, caller: 'any', permission: 'public', outside: true } as unknown as Route
}
