// What the generator of the TypeScript SDK reads of openapi.json.

export interface ApiDocument {
  paths: Record<string, Record<string, ApiOperation>>
  webhooks: Record<string, { post: ApiOperation }>
  components: { schemas: Record<string, Schema>; parameters: Record<string, ApiParameter> }
}
export interface ApiOperation {
  operationId: string
  summary: string
  description?: string
  deprecated?: boolean
  parameters?: (ApiParameter | { $ref: string })[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
export interface ApiParameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Schema
}
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

/** One operation under /api/v1, with what its method of the SDK is called and takes. */
export interface SdkOperation {
  /** The member of `Payymo` it belongs to: `transactions`. */
  resource: string
  /** `list`, `get`, `rotateSecret`. */
  method: string
  verb: string
  /** Below /api/v1, parameters as `{id}`. */
  path: string
  pathParameters: string[]
  query: ApiParameter[]
  body: { type: 'json' | 'file'; schema: Schema; required: boolean } | undefined
  /** Undefined where nothing comes back. */
  answers: Schema[]
  silent: boolean
  csv: boolean
  /** What a list is made of. */
  item: Schema | undefined
  operation: ApiOperation
}

const PREFIX = '/api/v1/'

/** An answer that goes on is no value that a method could return. */
const isStream = ({ responses }: ApiOperation): boolean =>
  Object.values(responses).some(({ content }) => content?.['text/event-stream'] !== undefined)

/** The operations in the order of the document, but for streams of events. Throws where two would bear one name. */
export function sdkOperations(document: ApiDocument): SdkOperation[] {
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => !isStream(operation))
        .map(([verb, operation]) => describe(document, path.slice(PREFIX.length), verb.toUpperCase(), operation)),
    )
  const names = operations.map(({ resource, method }) => `${resource}.${method}`)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) throw new Error(`two operations would be called ${twice.join(', ')}`)
  return operations
}

function describe(document: ApiDocument, path: string, verb: string, operation: ApiOperation): SdkOperation {
  const parameters = (operation.parameters ?? []).map((one) =>
    '$ref' in one ? document.components.parameters[nameOf(one.$ref)]! : one,
  )
  const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
  const answers = successes.flatMap(([, { content }]) => content?.['application/json']?.schema ?? [])
  const [resource, ...rest] = path.split('/') as [string, ...string[]]
  const item = itemOf(document, answers[0])
  return {
    resource: camel(resource),
    method: methodName(verb, rest, item !== undefined),
    verb,
    path: `/${path}`,
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
    query: parameters.filter((one) => one.in === 'query'),
    body: bodyOf(operation),
    answers: unique(answers),
    silent: successes.some(([, { content }]) => content === undefined),
    csv: successes.some(([, { content }]) => content?.['text/csv'] !== undefined),
    item,
    operation,
  }
}

const unique = (schemas: Schema[]): Schema[] =>
  schemas.filter((one, index) => schemas.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index)

function bodyOf({ requestBody }: ApiOperation): SdkOperation['body'] {
  if (!requestBody) return undefined
  const json = requestBody.content['application/json']
  const required = requestBody.required ?? false
  return json ? { type: 'json', schema: json.schema, required } : { type: 'file', schema: {}, required }
}

function itemOf(document: ApiDocument, answer: Schema | undefined): Schema | undefined {
  const schema = answer?.$ref === undefined ? answer : document.components.schemas[nameOf(answer.$ref)]
  return schema?.properties?.pagination ? schema.properties.data?.items : undefined
}

export const nameOf = (reference: string): string => reference.split('/').at(-1)!

export const camel = (words: string): string =>
  words.replaceAll(/[-_](\w)/g, (_all, letter: string) => letter.toUpperCase())
export const pascal = (words: string): string => camel(words).replace(/^\w/, (letter) => letter.toUpperCase())
const singular = (words: string): string => words.replace(/ies$/, 'y').replace(/s$/, '')

const isParameter = (segment: string): boolean => segment.startsWith('{')

const ON_COLLECTION: Record<string, string> = {
  GET: 'list',
  POST: 'create',
  PUT: 'replace',
  PATCH: 'update',
  DELETE: 'delete',
}
const ON_ONE: Record<string, string> = { GET: 'get', POST: 'create', PUT: 'replace', PATCH: 'update', DELETE: 'delete' }

/** The name by the address, so that it can be guessed: `GET /transactions/{id}` is `transactions.get(id)`, its
 *  `/candidates` are `transactions.getCandidates(id)`, `POST /webhooks/{id}/rotate-secret` is `webhooks.rotateSecret(id)`.
 *  `rest`: what follows the first word of the path. */
function methodName(verb: string, rest: string[], isList: boolean): string {
  const [last] = rest.slice(-1)
  if (last === undefined) return verb === 'GET' && !isList ? 'get' : ON_COLLECTION[verb]!
  const noun = rest.filter((segment) => !isParameter(segment)).at(-1)
  if (isParameter(last)) return noun === undefined ? ON_ONE[verb]! : ON_ONE[verb]! + pascal(singular(noun))
  if (verb === 'GET') {
    // `/audit-events/verify` and `/reports/reconciliation` are questions of their own; what hangs on an id is a part of it.
    const ofOne = rest.some(isParameter)
    return isList ? `list${pascal(last)}` : ofOne ? `get${pascal(last)}` : camel(last)
  }
  if (verb === 'POST') return CREATES.has(last) ? `create${pascal(singular(last))}` : (ACTIONS[last] ?? camel(last))
  return ON_ONE[verb]! + pascal(last)
}

/** Collections beneath something else. */
const CREATES = new Set(['api-keys', 'payers'])
/** Where the address is no verb. */
const ACTIONS: Record<string, string> = { statements: 'importStatement', batch: 'createBatch' }
