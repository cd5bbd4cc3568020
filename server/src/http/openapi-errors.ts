import { AppError, type ErrorCode, type FaultyField } from '../base/errors.ts'
import { z } from 'zod'
import { envelope, STATUS } from './errors.ts'
import { CALLER_HEADERS, headers, RETRY_HEADERS } from './openapi-headers.ts'
import { refusalOf } from './openapi-refusals.ts'
import { type Json, reference, type Shapes } from './openapi-schemas.ts'
import { SIGN_IN_REFUSALS, signInStatuses } from './openapi-sign-in.ts'
import type { Route } from './route.ts'
import { check } from './validate.ts'

export const EXAMPLE_REQUEST_ID = 'req_01jrfzq4v8m2k9d7t5x3w1c0ab'

/** The shape of every error answer (contract 3.4). */
export const ERROR_SCHEMA: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details', 'request_id', 'retryable'],
      properties: {
        code: { type: 'string', enum: Object.keys(STATUS), description: 'Stable: branch on this.' },
        message: { type: 'string', description: 'For people: what happened, and what to do next.' },
        details: {
          type: 'array',
          description: 'Every fault of the request at once, or a stable reason.',
          items: {
            type: 'object',
            required: ['field', 'issue'],
            properties: { field: { type: 'string' }, issue: { type: 'string' } },
          },
        },
        request_id: { type: 'string', description: 'The same as in X-Request-Id.' },
        retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
      },
    },
  },
}

const body = (code: ErrorCode, message: string, details: FaultyField[] = []): unknown =>
  envelope(new AppError(code, message, { details }), EXAMPLE_REQUEST_ID)

/** One refusal as a response: one example, or several by name. */
function response(
  description: string,
  examples: Record<string, unknown>,
  names: string[],
  schema: Json = reference('Error'),
): Json {
  const all = Object.entries(examples)
  return {
    description,
    headers: headers(names),
    content: {
      'application/json': {
        schema,
        ...(all.length === 1
          ? { example: all[0]![1] }
          : { examples: Object.fromEntries(all.map(([name, value]) => [name, { value }])) }),
      },
    },
  }
}

const one = (description: string, example: unknown, names: string[], schema?: Json): Json =>
  response(description, { example }, names, schema)

/** Refusals that read the same wherever they happen, by status. */
const SHARED: Record<number, { name: string; response: Json }> = {
  401: {
    name: 'AuthenticationRequired',
    response: response(
      'No valid credential',
      {
        missing: body('authentication_required', 'API key is required'),
        invalid: body('authentication_required', 'Invalid or expired API key'),
      },
      ['WWW-Authenticate'],
    ),
  },
  404: {
    name: 'NotFound',
    response: one(
      'Unknown here. An id of another tenant gets the very same answer',
      body('resource_not_found', "The requested resource doesn't exist"),
      CALLER_HEADERS,
    ),
  },
  405: {
    name: 'MethodNotAllowed',
    response: one(
      'Answered to the other methods at this address',
      body('method_not_allowed', 'This address takes GET, POST'),
      ['Allow', ...CALLER_HEADERS],
    ),
  },
  408: {
    name: 'RequestTimeout',
    response: one('The request came too slowly', body('request_timeout', 'The request took too long to arrive'), []),
  },
  413: {
    name: 'PayloadTooLarge',
    response: one(
      'Too much: JSON up to 1 MiB, a batch 4 MiB, a statement 64 MiB',
      body('payload_too_large', 'The body is larger than the 1 MiB this operation accepts'),
      CALLER_HEADERS,
    ),
  },
  414: {
    name: 'UriTooLong',
    response: one('The address is too long', body('uri_too_long', 'The address is longer than 8 kB'), []),
  },
  415: {
    name: 'UnsupportedMediaType',
    response: one(
      'Another kind of body than this operation takes',
      body('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json'),
      CALLER_HEADERS,
    ),
  },
  417: {
    name: 'ExpectationFailed',
    response: one(
      'An Expect header other than 100-continue',
      body('expectation_failed', 'The Expect header asks for something this server does not do'),
      [],
    ),
  },
  429: {
    name: 'RateLimitExceeded',
    response: one(
      'Too many calls in this minute. Retry-After says when to come back',
      body('rate_limit_exceeded', 'This tenant may make 1000 calls a minute; try again in 12 seconds'),
      ['Retry-After', ...CALLER_HEADERS],
    ),
  },
  431: {
    name: 'HeadersTooLarge',
    response: one('Headers above 16 kB', body('headers_too_large', 'The headers are larger than 16 kB'), []),
  },
  500: {
    name: 'ServerError',
    response: one(
      'Our fault. The request id finds it in the log',
      body('server_error', 'An unexpected server error occurred'),
      CALLER_HEADERS,
    ),
  },
  503: {
    name: 'ServiceUnavailable',
    response: one(
      'Database not reachable, or shutting down',
      body('service_unavailable', 'The database is busy or not reachable. Try again in a few seconds.'),
      ['Retry-After', ...CALLER_HEADERS],
    ),
  },
}

/** Faults of a connection, before there is a route. */
const TRANSPORT = [408, 414, 417, 431]

/** The shared refusals as components. */
export const sharedResponses = (): Record<string, Json> =>
  Object.fromEntries(Object.values(SHARED).map(({ name, response }) => [name, response]))

/** Every refusal an operation may answer with, by status; what the route itself says of a status comes first. */
export function errorResponses(route: Route, shapes: Shapes): Record<string, Json> {
  const writes = route.method !== 'GET'
  const outside = route.outside === true
  const statuses = [
    400,
    500,
    503,
    ...TRANSPORT,
    ...(outside ? [] : [405]),
    ...(route.permission === 'public' ? [] : [401, 403, 429]),
    ...(route.path.includes('{') ? [404] : []),
    ...(writes ? [413, 415] : []),
    ...(writes && !outside ? [409] : []),
    ...(writes && !outside && route.method !== 'DELETE' ? [422] : []),
    ...(refusalOf(route, 502) ? [502] : []),
    ...signInStatuses(route),
  ]
  const declared = Object.entries(route.answers).filter(([status]) => Number(status) >= 400)
  return Object.fromEntries([
    ...statuses.map((status) => [status, ownResponse(route, status) ?? sharedReference(status)] as const),
    ...declared.map(([status, answer]) => {
      const ours = ownResponse(route, Number(status)) ?? SHARED[Number(status)]?.response
      const example = answer.example ?? exampleOf(ours) ?? body('invalid_request', 'The request is malformed')
      // OAuth has a shape of its own for what it refuses.
      const schema = answer.schema ? shapes.refer(answer.schema, 'output') : undefined
      return [status, one(answer.description, example, outside ? [] : CALLER_HEADERS, schema)] as const
    }),
  ])
}

const sharedReference = (status: number): Json => ({ $ref: `#/components/responses/${SHARED[status]!.name}` })

const exampleOf = (response: Json | undefined): unknown => {
  const content = (response?.content as { 'application/json': Json } | undefined)?.['application/json']
  if (!content) return undefined
  return content.example ?? Object.values(content.examples as Record<string, { value: unknown }>)[0]?.value
}

/** What is particular to the operation: its faults, its permission, its rules, its provider. */
function ownResponse(route: Route, status: number): Json | undefined {
  const names = route.permission === 'public' ? [] : CALLER_HEADERS
  if (status === 400)
    return response('Malformed or missing parameters; details names all of them', faults(route), names)
  const signIn = signInStatuses(route).includes(status) ? SIGN_IN_REFUSALS[status] : undefined
  if (signIn) {
    const details = signIn.details.map(([field, issue]) => ({ field, issue }))
    return one(signIn.description, body(codeOf(status), signIn.message, details), status === 429 ? RETRY_HEADERS : [])
  }
  if (status === 403) return one('The credential is not allowed this', forbidden(route), names)
  const refusal = refusalOf(route, status)
  if (!refusal) return undefined
  const example = body(refusal.code, refusal.message, refusal.details)
  return one(refusal.description, example, [...(status === 409 || status === 502 ? RETRY_HEADERS : []), ...names])
}

const codeOf = (status: number): ErrorCode => Object.entries(STATUS).find(([, of]) => of === status)![0] as ErrorCode

const forbidden = (route: Route): unknown =>
  body('permission_denied', `This key does not have the permission ${route.permission}`, [
    { field: 'permission', issue: route.permission },
  ])

/** What the checks themselves say to an empty body, and to a parameter nobody knows. */
function faults(route: Route): Record<string, unknown> {
  const examples: Record<string, unknown> = {}
  const add = (name: string, schema: z.ZodType, value: unknown) => {
    try {
      check(schema, value)
    } catch (error) {
      if (error instanceof AppError) examples[name] = envelope(error, EXAMPLE_REQUEST_ID)
    }
  }
  if (route.body) add('body', route.body, {})
  if (route.body && !examples.body) add('body', route.body, { colour: 'green' })
  if (!route.body || !examples.body) add('parameter', route.query ?? z.strictObject({}), { colour: 'green' })
  if (Object.keys(examples).length === 0) examples.malformed = body('invalid_request', 'The request is malformed')
  return examples
}
