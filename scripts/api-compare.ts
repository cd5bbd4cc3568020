/** What the comparison looks at of an OpenAPI document; everything else of it is words. */
export interface Document {
  paths: Record<string, Record<string, Operation>>
  webhooks?: Record<string, Record<string, Operation>>
  components: Components
}
interface Components {
  schemas?: Record<string, Schema>
  parameters?: Record<string, Parameter>
  responses?: Record<string, Response>
}
interface Operation {
  operationId: string
  deprecated?: boolean
  'x-sunset'?: string
  security?: Record<string, string[]>[]
  parameters?: (Parameter | Reference)[]
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> }
  responses: Record<string, Response | Reference>
}
interface Parameter {
  name: string
  in: string
  required?: boolean
  schema?: Schema
}
interface Response {
  content?: Record<string, { schema?: Schema }>
}
interface Reference {
  $ref: string
}
export type Schema = Record<string, unknown>

/** The document without words: what a caller's program depends on. This is what is kept of a release. */
export function shapeOnly(document: Document): Document {
  const words = new Set(['description', 'summary', 'example', 'examples', 'headers', 'tags', 'title'])
  const bare = (value: unknown, named: boolean): unknown => {
    if (Array.isArray(value)) return value.map((part) => bare(part, false))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        // Beneath `properties` stand names of fields, and one of them may well be `description`.
        .filter(([name]) => named || !words.has(name))
        .map(([name, part]) => [name, bare(part, name === 'properties' || name === 'schemas' || name === 'responses')]),
    )
  }
  const { paths, webhooks, components } = document
  const { schemas, parameters, responses } = components
  return bare({ paths, webhooks, components: { schemas, parameters, responses } }, false) as Document
}

/** Sentences about what a program written for `before` can no longer rely on. `today` is a day, YYYY-MM-DD: an operation that was
 *  deprecated in the release may go once its sunset has passed. */
export function breakingChanges(before: Document, after: Document, today: string): string[] {
  const faults: string[] = []
  for (const [path, methods] of Object.entries(before.paths)) {
    for (const [method, old] of Object.entries(methods)) {
      if (old.deprecated && old['x-sunset'] !== undefined && old['x-sunset'] < today) continue
      const at = `${method.toUpperCase()} ${path}`
      const now = after.paths[path]?.[method]
      if (!now) faults.push(`${at}: the operation is gone`)
      else faults.push(...compareOperations(before, after, old, now).map((fault) => `${at}: ${fault}`))
    }
  }
  for (const [type, item] of Object.entries(before.webhooks ?? {})) {
    const now = after.webhooks?.[type]?.post
    if (!now) faults.push(`event ${type}: is sent no more`)
    else {
      // What we send is an answer to those who receive it.
      const faultsOfBody = compareContents(
        before,
        after,
        item.post!.requestBody?.content,
        now.requestBody?.content,
        'out',
      )
      faults.push(...faultsOfBody.map((fault) => `event ${type}: ${fault}`))
    }
  }
  return faults
}

function compareOperations(before: Document, after: Document, old: Operation, now: Operation): string[] {
  return [
    ...(old.operationId === now.operationId ? [] : [`operationId is ${now.operationId} instead of ${old.operationId}`]),
    ...compareSecurity(old, now),
    ...compareParameters(before, after, old, now),
    ...compareBodies(before, after, old, now),
    ...compareResponses(before, after, old, now),
  ]
}

/** Each way in must stay open with the permission it asked for. */
function compareSecurity(old: Operation, now: Operation): string[] {
  const ways = (operation: Operation) => (operation.security ?? []).map((way) => JSON.stringify(way))
  const open = ways(now)
  if (ways(old).length === 0) return open.length === 0 ? [] : ['needs a credential now']
  return open.length === 0
    ? []
    : ways(old)
        .filter((way) => !open.includes(way))
        .map((way) => `cannot be called with ${way} any more`)
}

function compareParameters(before: Document, after: Document, old: Operation, now: Operation): string[] {
  const known = new Map(parametersOf(before, old).map((one) => [`${one.in} ${one.name}`, one]))
  const present = new Map(parametersOf(after, now).map((one) => [`${one.in} ${one.name}`, one]))
  return [
    ...[...known].flatMap(([name, one]) => {
      const other = present.get(name)
      if (!other) return [`the parameter ${name} is gone`]
      return [
        ...(other.required && !one.required ? [`the parameter ${name} is required now`] : []),
        ...compareSchemas(before, after, one.schema, other.schema, 'in', `parameter ${name}`),
      ]
    }),
    ...[...present]
      .filter(([name, one]) => one.required && !known.has(name))
      .map(([name]) => `the new parameter ${name} is required`),
  ]
}

const parametersOf = (document: Document, operation: Operation): Parameter[] =>
  (operation.parameters ?? []).map((one) => resolve<Parameter>(document, one))

function compareBodies(before: Document, after: Document, old: Operation, now: Operation): string[] {
  const [was, is] = [old.requestBody, now.requestBody]
  if (!was) return is?.required ? ['a body is required now'] : []
  if (!is) return ['takes no body any more']
  return [
    ...(is.required && !was.required ? ['the body is required now'] : []),
    ...compareContents(before, after, was.content, is.content, 'in'),
  ]
}

function compareResponses(before: Document, after: Document, old: Operation, now: Operation): string[] {
  return Object.entries(old.responses).flatMap(([status, response]) => {
    const other = now.responses[status]
    if (!other) return [`the status ${status} is gone`]
    const [was, is] = [resolve<Response>(before, response), resolve<Response>(after, other)]
    return compareContents(before, after, was.content, is.content, 'out').map((fault) => `${status}: ${fault}`)
  })
}

type Contents = Record<string, { schema?: Schema }> | undefined

/** `in`: what callers send; it may be allowed more. `out`: what they get; more of it may come. */
type Way = 'in' | 'out'

function compareContents(before: Document, after: Document, old: Contents, now: Contents, way: Way): string[] {
  return Object.entries(old ?? {}).flatMap(([type, { schema }]) => {
    const other = now?.[type]
    return other ? compareSchemas(before, after, schema, other.schema, way, 'body') : [`${type} is gone`]
  })
}

function compareSchemas(
  before: Document,
  after: Document,
  old: Schema | undefined,
  now: Schema | undefined,
  way: Way,
  at: string,
  seen: ReadonlySet<string> = new Set(),
): string[] {
  if (!old || !now) return []
  const pair = `${String(old.$ref)}→${String(now.$ref)}`
  if (old.$ref !== undefined && seen.has(pair)) return []
  const within = new Set([...seen, pair])
  const [was, is] = [resolve<Schema>(before, old), resolve<Schema>(after, now)]
  const deeper = (one: unknown, other: unknown, name: string) =>
    compareSchemas(before, after, one as Schema | undefined, other as Schema | undefined, way, name, within)
  return [
    ...compareTypes(was, is, way, at),
    ...compareValues(was, is, way, at),
    ...compareBounds(was, is, way, at),
    ...compareFields(was, is, way, at, deeper),
    ...deeper(was.items, is.items, `${at}[]`),
    ...compareAlternatives(was, is, way, at, deeper),
  ]
}

/** Types a caller may send must stay; types a caller gets must not grow in number. */
function compareTypes(was: Schema, is: Schema, way: Way, at: string): string[] {
  const [old, now] = [typesOf(was), typesOf(is)]
  if (!old && !now) return []
  if (!old) return way === 'in' ? [`${at} takes ${now!.join(' or ')} only`] : []
  if (!now) return way === 'out' ? [`${at} may be anything now`] : []
  const [narrow, wide] = way === 'in' ? [old, now] : [now, old]
  const wrong = narrow.filter((type) => !wide.includes(type) && !(type === 'integer' && wide.includes('number')))
  return wrong.map((type) => (way === 'in' ? `${at} takes no ${type} any more` : `${at} may be ${type} now`))
}

const typesOf = (schema: Schema): string[] | undefined =>
  schema.type === undefined ? undefined : ([schema.type].flat() as string[])

/** A value that could be sent stays; to what comes back, values may be added (contract: unknown ones are to be expected), but
 *  none is taken away, since a program may wait for it. */
function compareValues(was: Schema, is: Schema, way: Way, at: string): string[] {
  const [old, now] = [valuesOf(was), valuesOf(is)]
  if (old && now) {
    const gone = old.filter((value) => !now.includes(value))
    return gone.map((value) => `${at}: the value ${JSON.stringify(value)} is gone`)
  }
  return now && way === 'in' ? [`${at} takes only ${JSON.stringify(now)}`] : []
}

const valuesOf = (schema: Schema): unknown[] | undefined =>
  schema.const === undefined ? (schema.enum as unknown[] | undefined) : [schema.const]

/** What may be sent must not become less; a format of what comes back is a promise. */
function compareBounds(was: Schema, is: Schema, way: Way, at: string): string[] {
  if (way === 'out') {
    const { format } = was
    return format !== undefined && format !== is.format ? [`${at} is no ${JSON.stringify(format)} any more`] : []
  }
  const lower = ['maximum', 'maxLength', 'maxItems'].filter((word) => smaller(is[word], was[word]))
  const higher = ['minimum', 'minLength', 'minItems'].filter((word) => smaller(was[word] ?? 0, is[word] ?? 0))
  const pattern = is.pattern !== undefined && is.pattern !== was.pattern ? ['pattern'] : []
  return [...lower, ...higher, ...pattern].map((word) => `${at}: ${word} takes less than before`)
}

const smaller = (one: unknown, other: unknown): boolean =>
  typeof one === 'number' && (typeof other !== 'number' || one < other)

function compareFields(
  was: Schema,
  is: Schema,
  way: Way,
  at: string,
  deeper: (one: unknown, other: unknown, name: string) => string[],
): string[] {
  const [old, now] = [(was.properties ?? {}) as Schema, (is.properties ?? {}) as Schema]
  const [needed, needs] = [(was.required ?? []) as string[], (is.required ?? []) as string[]]
  return [
    ...Object.entries(old).flatMap(([name, schema]) =>
      name in now ? deeper(schema, now[name], `${at}.${name}`) : [`${at}.${name} is gone`],
    ),
    ...(way === 'in'
      ? needs.filter((name) => !needed.includes(name)).map((name) => `${at}.${name} is required now`)
      : []),
    ...(way === 'out'
      ? needed.filter((name) => !needs.includes(name) && name in now).map((name) => `${at}.${name} may be missing now`)
      : []),
    ...(way === 'in' && is.additionalProperties === false && was.additionalProperties !== false && was.type === 'object'
      ? [`${at} takes no other fields any more`]
      : []),
  ]
}

/** Alternatives are compared in order: ours are few, and new ones join at the end. */
function compareAlternatives(
  was: Schema,
  is: Schema,
  way: Way,
  at: string,
  deeper: (one: unknown, other: unknown, name: string) => string[],
): string[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((word) => {
    const [old, now] = [(was[word] ?? []) as unknown[], (is[word] ?? []) as unknown[]]
    if (old.length === 0 && now.length === 0) return []
    const count = way === 'in' ? now.length < old.length : now.length > old.length && old.length > 0
    return [
      ...(count ? [`${at}: ${old.length} alternatives have become ${now.length}`] : []),
      ...old.flatMap((one, index) => deeper(one, now[index], at)),
    ]
  })
}

function resolve<T>(document: Document, part: T | Reference): T {
  if (typeof part !== 'object' || part === null || !('$ref' in part) || typeof part.$ref !== 'string') return part as T
  const steps = part.$ref.replace(/^#\//, '').split('/')
  const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document)
  if (target === undefined) throw new Error(`${part.$ref} leads nowhere`)
  return resolve(document, target as T | Reference)
}

/** Deprecated operations that the changelog does not name together with their sunset (contract 3.8). */
export function deprecatedOutsideChangelog(document: Document, changelog: string): string[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.deprecated)
      .map(([method, operation]) => ({
        address: `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
        sunset: operation['x-sunset'] ?? 'a sunset',
      }))
      .filter(
        ({ address, sunset }) =>
          !changelog.split('\n').some((line) => line.includes(`\`${address}\``) && line.includes(sunset)),
      )
      .map(({ address, sunset }) => `CHANGELOG.md does not say in one line that \`${address}\` goes on ${sunset}`),
  )
}
