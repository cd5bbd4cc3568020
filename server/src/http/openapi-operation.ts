import { z } from 'zod'
import { assert } from '../base/errors.ts'
import { exampleJson } from './openapi-amounts.ts'
import { deprecationFields, deprecationSentence } from './openapi-deprecation.ts'
import { errorResponses } from './openapi-errors.ts'
import { CALLER_HEADERS, headers } from './openapi-headers.ts'
import { parametersOf } from './openapi-parameters.ts'
import type { Json, Shapes } from './openapi-schemas.ts'
import { needsSession } from './openapi-sign-in.ts'
import type { DocumentedAnswer, Route } from './route.ts'

/** One operation as the document tells it: everything a caller may send and everything that may come back. */
export function operation(route: Route, shapes: Shapes): Json {
  const body = requestBody(route, shapes)
  const parameters = parametersOf(route, shapes)
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: descriptionOf(route),
    ...deprecationFields(route.deprecated),
    security:
      route.permission !== 'public'
        ? [{ apiKey: [route.permission] }, { accessToken: [route.permission] }]
        : needsSession(route)
          ? [{ session: [] }]
          : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: { ...ownAnswers(route, shapes), ...errorResponses(route, shapes) },
  }
}

/** What the slice says, and what the conventions add to it. */
function descriptionOf(route: Route): string {
  return [
    ...(route.deprecated ? [deprecationSentence(route.deprecated)] : []),
    ...(route.description === undefined ? [] : [route.description]),
    credential(route),
    ...(route.sensitive ? ['People must have typed their password within the last ten minutes.'] : []),
    ...(route.secretFields?.length
      ? [
          `\`${route.secretFields.join('`, `')}\` is shown in this answer only; a replay by Idempotency-Key leaves it out.`,
        ]
      : []),
  ].join('\n\n')
}

const credential = (route: Route): string =>
  route.permission !== 'public'
    ? `Needs the permission \`${route.permission}\`.`
    : needsSession(route)
      ? 'Needs the session of a person who signed in.'
      : 'Needs no credential.'

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

function requestBody(route: Route, shapes: Shapes): Json | undefined {
  if (route.body) {
    const example = route.bodyExample === undefined ? {} : { example: exampleJson(route.bodyExample) }
    const schema = shapes.refer(route.body, 'input', `${pascal(route.operationId)}Request`)
    // Where nothing must be said, nothing need be sent.
    const required = !route.body.safeParse({}).success
    return { required, content: { 'application/json': { schema, ...example } } }
  }
  if (!route.rawBody) return undefined
  return {
    required: true,
    content: route.outside ? outsideContent(route) : FILE_CONTENT,
  }
}

/** What providers and OAuth clients send: their formats, of which the bytes matter. */
function outsideContent(route: Route): Json {
  const form = FORMS[route.path]
  const example = route.bodyExample ?? form ?? {}
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'
  return { [type]: { schema: { type: 'object' }, example } }
}

const FORMS: Record<string, Json> = {
  '/oauth/token': {
    grant_type: 'client_credentials',
    client_id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab',
    client_secret: 'the secret of the application',
  },
  '/oauth/revoke': {
    token: 'po_<43 characters>',
    client_id: 'app_01jrfzq4v8m2k9d7t5x3w1c0ab',
    client_secret: 'the secret of the application',
  },
}

/** A file as it is, or as the field `file` of a form. */
const FILE_CONTENT: Json = {
  'application/octet-stream': {
    schema: { type: 'string', format: 'binary' },
    example: 'Date,Amount,Description\n2025-04-10,1250.00,Invoice payment INV-2025-001\n',
  },
  'multipart/form-data': {
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        mapping: { type: 'string', description: 'JSON that names the columns of a CSV.' },
      },
    },
    example: { file: 'Date,Amount,Description\n2025-04-10,1250.00,Invoice payment INV-2025-001\n' },
  },
}

/** The answers of the slice itself: what comes back when all is well. */
export function ownAnswers(route: Route, shapes: Shapes): Json {
  const successes = Object.entries(route.answers).filter(([status]) => Number(status) < 400)
  return Object.fromEntries(
    successes.map(([status, answer]) => [
      status,
      {
        description: answer.description,
        headers: answerHeaders(route, Number(status)),
        ...content(route, answer, shapes),
      },
    ]),
  )
}

function answerHeaders(route: Route, status: number): Json {
  const api = !route.outside
  return headers([
    ...(api ? CALLER_HEADERS : []),
    ...((api && status === 201) || (status >= 300 && status < 400) ? ['Location'] : []),
    ...(api && (route.method === 'POST' || route.method === 'PATCH') ? ['Idempotency-Replayed'] : []),
    ...(route.deprecated ? ['Deprecation', 'Sunset'] : []),
  ])
}

function content(route: Route, answer: DocumentedAnswer, shapes: Shapes): Json {
  if (route.live)
    return { content: { 'text/event-stream': { schema: { type: 'string' }, example: answer.example as Json } } }
  if (!answer.schema) return {}
  const schema = shapes.refer(replayable(route, answer.schema), 'output', answerName(route, answer.schema))
  const example = answer.example === undefined ? {} : { example: exampleJson(answer.example) }
  const { csv } = route as Route & { csv?: unknown }
  return {
    content: {
      'application/json': { schema, ...example },
      ...(csv
        ? { 'text/csv': { schema: { type: 'string', description: 'One row per line, all pages at once (RFC 4180).' } } }
        : {}),
    },
  }
}

/** `TransactionList` where the answer is a page of `Transaction`; else a name made of the operation. */
function answerName(route: Route, schema: z.ZodType): string {
  const shape = (schema as z.ZodType & { shape?: { data?: { element?: z.ZodType }; pagination?: unknown } }).shape
  const item = shape?.pagination === undefined ? undefined : shape.data?.element?.meta()?.id
  return typeof item === 'string' ? `${item}List` : `${pascal(route.operationId)}Response`
}

const LEFT_OUT = 'Left out when an idempotent request is replayed.'

/** The shape of an answer that may come again without its secrets (reliability 19): they are not promised. */
function replayable({ operationId, secretFields = [] }: Route, schema: z.ZodType): z.ZodType {
  if (secretFields.length === 0) return schema
  assert(schema instanceof z.ZodObject, `${operationId} answers an object with its secrets`)
  const secrets = secretFields.map((name) => {
    const field = schema.shape[name] as z.ZodType | undefined
    assert(field !== undefined, `${operationId} answers with ${name}`)
    return [name, field.optional().describe([field.description, LEFT_OUT].filter(Boolean).join(' '))] as const
  })
  return schema.extend(Object.fromEntries(secrets)).meta(schema.meta() ?? {})
}
