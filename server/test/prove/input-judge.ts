import { schemaFaults } from '../setup/json-schema.ts'

/** What one answer was given to, in words that repeat it. */
export interface Judged {
  operation: DocumentedOperation
  request: string
  status: number
  headers: Record<string, unknown>
  body: string
  /** The path led elsewhere: then nothing is there, or something that takes another method. */
  bent: boolean
}

export interface DocumentedOperation {
  operationId: string
  method: string
  path: string
  parameters: { name: string; in: string; required?: boolean; schema?: unknown }[]
  bodySchema: unknown
  bodyExample: unknown
  /** Whether the body is a file. */
  upload: boolean
  responses: Record<string, DocumentedResponse>
}

interface DocumentedResponse {
  content?: Record<string, { schema?: unknown }>
}

export interface ApiDocument {
  paths: Record<string, Record<string, Record<string, unknown>>>
  components: { responses?: Record<string, DocumentedResponse>; parameters?: Record<string, unknown> }
}

/** The operations below /api/v1 as the document describes them, references resolved. */
export function documentedOperations(document: ApiDocument): DocumentedOperation[] {
  const resolved = (part: unknown): unknown => {
    const reference = (part as { $ref?: string }).$ref
    if (reference === undefined) return part
    return reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document)
  }
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const content = (operation.requestBody as { content: Record<string, Media> } | undefined)?.content
        const json = content?.['application/json']
        return {
          operationId: operation.operationId as string,
          method: method.toUpperCase(),
          path,
          parameters: ((operation.parameters ?? []) as unknown[]).map((one) => resolved(one) as Parameter),
          bodySchema: json?.schema,
          bodyExample: json?.example ?? Object.values(json?.examples ?? {})[0]?.value,
          upload: content !== undefined && json === undefined,
          responses: Object.fromEntries(
            Object.entries(operation.responses as Record<string, unknown>).map(([status, response]) => [
              status,
              resolved(response) as DocumentedResponse,
            ]),
          ),
        }
      }),
    )
}

interface Media {
  schema?: unknown
  example?: unknown
  examples?: Record<string, { value?: unknown }>
}
type Parameter = DocumentedOperation['parameters'][number]

/** What must never be in an answer: statements, stacks, files, hosts, and the words of what we are built with. */
export const LEAKS: [string, RegExp][] = [
  ['SQL', /\b(select|insert into|update|delete from)\b[^"]{1,200}\b(from|values|set|where)\b/i],
  [
    'a database error',
    /duplicate key value|violates|syntax error at|relation \\?"|invalid byte sequence|\b22P0\d\b|deadlock/i,
  ],
  ['a role or setting', /payymo_(app|directory|ops_read|test)|app\.tenant|pgboss/],
  ['a stack', /\bat [\w.<>]+ \(|node:internal|node_modules|file:\/\/|\.ts:\d+/],
  ['a library', /\bFST_ERR|\bzod\b|undici|fastify|PostgreSQL|pg-boss/i],
  ['a network error', /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT/],
  ['a type error', /\b(TypeError|RangeError|ReferenceError|SyntaxError)\b|undefined \(reading|is not a function/],
]

/** Where an answer is not what the document promises. */
export function faultsOf(document: ApiDocument, { operation, request, status, headers, body, bent }: Judged): string[] {
  const faults: string[] = []
  const say = (fault: string) => faults.push(`${request}\n      → ${status} ${body.slice(0, 300)}\n      ${fault}`)
  const documented = operation.responses[String(status)]
  // A provider that is away is the provider's fault, and said so.
  if (status >= 500 && !(status === 502 && documented)) say('5xx')
  else if (!documented && !(bent && (status === 404 || status === 405)))
    say(`${status} is not documented for ${operation.operationId}`)
  if (!/^req_[0-9a-hjkmnp-tv-z]{26}$/.test(String(headers['x-request-id']))) say('no X-Request-Id')
  for (const [what, pattern] of LEAKS)
    if (pattern.test(body)) say(`leaks ${what}: ${pattern.exec(body)![0].slice(0, 80)}`)
  const json = (headers['content-type'] as string | undefined)?.startsWith('application/json') ?? false
  if (status >= 400 && !json) say('a refusal that is not JSON')
  if (status === 201 && !String(headers.location).startsWith('/api/v1/')) say('201 without Location')
  if (status === 204 && body !== '') say('204 with a body')
  if (!json || body === '') return faults
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    say('not JSON')
    return faults
  }
  const schema = documented?.content?.['application/json']?.schema
  if (schema !== undefined)
    for (const fault of schemaFaults(document, schema, value).slice(0, 3)) say(`schema: ${fault}`)
  const error = (value as { error?: { request_id?: unknown } } | null)?.error
  if (status >= 400 && error?.request_id !== headers['x-request-id']) say('the envelope names another request')
  return faults
}
