import { z } from 'zod'
import { assert } from '../base/errors.ts'
import { STATUS } from './errors.ts'
import { PERMISSIONS, type Route } from './route.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document, made from the routes alone: what is served is what is described. */
export function openApiDocument(routes: Route[], version: string): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  for (const route of routes.filter((route) => !route.outside)) {
    const path = `/api/v1${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Payymo API',
      version,
      description: 'Finds the WHMCS invoices that bank and Stripe payments pay, and books them exactly once.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(routes),
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => (one < other ? -1 : 1))),
    components: {
      schemas: Object.fromEntries(
        Object.entries({ ...schemas, Error: ERROR }).sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
      headers: { RequestId: { description: 'Names this call in logs and to support', schema: { type: 'string' } } },
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'pk_live_…',
          description: `An API key. Permissions: ${PERMISSIONS.join(', ')}, or * for all.`,
        },
      },
    },
  }
}

/** What each group of operations is about. */
const TAGS: Record<string, string> = {
  'API keys': 'Keys of the tenant: what they may do, when they were used, and their end.',
  'Bank connections': 'Consents at banks, their accounts and readings, and statement files.',
  Clients: 'The clients of the tenant, as WHMCS knows them.',
  Events: 'What happened, in order, with the bodies that webhooks deliver.',
  Invoices: 'What clients owe, mirrored from WHMCS.',
  Matches: 'Which invoices a transaction pays: proposals, decisions, and why.',
  Payments: 'What approved matches book into WHMCS, exactly once.',
  Tenants: 'Customers of Payymo and their settings.',
  Transactions: 'Money in and out, each line once, whatever brought it.',
  WHMCS: 'Installations of WHMCS: connection, proof of ownership, mirror.',
  Webhooks: 'Subscriptions to events, and every delivery with its attempts.',
}

function tagsOf(routes: Route[]): Json[] {
  const names = [...new Set(routes.filter((route) => !route.outside).map((route) => route.tag))].sort()
  return names.map((name) => {
    assert(TAGS[name], `the tag "${name}" is described`)
    return { name, description: TAGS[name] }
  })
}

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details', 'request_id', 'retryable'],
      properties: {
        code: { type: 'string', enum: Object.keys(STATUS) },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'issue'],
            properties: { field: { type: 'string' }, issue: { type: 'string' } },
          },
        },
        request_id: { type: 'string' },
        retryable: { type: 'boolean' },
      },
    },
  },
}

/** A file as it is, or as the field `file` of a form. */
const FILE_CONTENT: Json = {
  'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
  'multipart/form-data': {
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        mapping: { type: 'string', description: 'JSON, for CSV' },
      },
    },
  },
}

/** What any operation may answer besides its own answers, by what it takes. */
function errorStatuses(route: Route): number[] {
  const always = [400, 401, 403, 429, 500, 503]
  const path = route.path.includes('{') ? [404] : []
  const body = route.body || route.rawBody ? [409, 413, 415, 422] : []
  return [...always, ...path, ...body]
}

function operation(route: Route, schemas: Json): Json {
  const answers: Json = {}
  for (const [status, answer] of Object.entries(route.answers)) {
    answers[status] = {
      description: answer.description,
      headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
      ...(answer.schema
        ? {
            content: {
              'application/json': { schema: jsonSchema(answer.schema, schemas, 'output'), example: answer.example },
            },
          }
        : {}),
    }
  }
  for (const status of errorStatuses(route)) {
    const code = Object.entries(STATUS).find(([, of]) => of === status)![0]
    answers[status] ??= {
      description: code,
      headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    }
  }
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: route.permission === 'public' ? [] : [{ apiKey: [route.permission] }],
    parameters: [...pathParameters(route), ...queryParameters(route, schemas)],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: jsonSchema(route.body, schemas, 'input'), example: route.bodyExample },
            },
          },
        }
      : {}),
    ...(route.rawBody ? { requestBody: { required: true, content: FILE_CONTENT } } : {}),
    responses: answers,
  }
}

const pathParameters = (route: Route): Json[] =>
  [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

function queryParameters(route: Route, schemas: Json): Json[] {
  if (!route.query) return []
  const shape = jsonSchema(route.query, schemas, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(shape.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: shape.required?.includes(name) ?? false,
    schema,
  }))
}

/** JSON Schema of a shape. Shapes with an `id` become components and are referred to. */
function jsonSchema(schema: z.ZodType, schemas: Json, io: 'input' | 'output'): Json {
  const {
    $schema: _,
    $defs,
    ...shape
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as Json & { $defs?: Record<string, Json> }
  for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = rewritten(definition)
  const { id, ...own } = rewritten(shape) as Json & { id?: string }
  if (id === undefined) return own
  schemas[id] = own
  return { $ref: `#/components/schemas/${id}` }
}

/** `#/$defs/X` is `#/components/schemas/X` in OpenAPI, and a schema's own id is its name there. */
function rewritten(value: Json): Json {
  const text = JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')
  return JSON.parse(text, function (this: Json, key, part: unknown) {
    return key === 'id' && typeof part === 'string' && 'type' in this && this !== value && 'properties' in this
      ? undefined
      : part
  }) as Json
}
