import { z } from 'zod'
import { assert } from '../base/errors.ts'
import { isId } from '../base/ids.ts'
import { AMOUNT_FORMAT, isAmountField } from './openapi-amounts.ts'

export type Json = Record<string, unknown>

/** Shapes of requests are what may be sent, shapes of answers what will come: a default or a transform makes them differ. */
type Direction = 'input' | 'output'

/** The named shapes of a document while it is being written. */
export interface Shapes {
  /** The JSON Schema of a shape. One with an `id` of its own, or given a name here, becomes a component and is referred to.
   *  The two directions share a component when they agree; where they do not, what may be sent is called `…Input`. */
  refer(schema: z.ZodType, direction: Direction, name?: string): Json
  /** Adds a component that is written by hand. */
  add(name: string, schema: Json): Json
  has(name: string): boolean
  /** All components, by name. */
  all(): Record<string, Json>
}

export function createShapes(): Shapes {
  const components = new Map<string, Json>()

  /** The name under which this definition stands; a second definition of the same name must be the same, or be an input. */
  const keep = (name: string, definition: Json, direction: Direction): string => {
    const known = components.get(name)
    if (!known) components.set(name, definition)
    else if (JSON.stringify(known) !== JSON.stringify(definition)) {
      assert(direction === 'input' && !name.endsWith('Input'), `the shape "${name}" has one definition`)
      return keep(`${name}Input`, definition, direction)
    }
    return name
  }

  return {
    refer(schema, direction, name) {
      const {
        $schema: _,
        $defs,
        ...raw
      } = z.toJSONSchema(schema, {
        io: direction,
        unrepresentable: 'any',
        target: 'draft-2020-12',
      }) as Json & { $defs?: Record<string, Json> }
      const renamed = new Map<string, string>()
      const place = (value: Json) => refersTo(value, renamed)
      for (const [id, definition] of Object.entries($defs ?? {})) {
        const kept = keep(id, place(polished(definition, direction)), direction)
        if (kept !== id) renamed.set(id, kept)
      }
      const own = place(polished(raw, direction))
      // A shape with an id of its own is a definition already, and what is left here refers to it.
      return name === undefined || own.$ref !== undefined ? own : reference(keep(name, own, direction))
    },
    add(name, schema) {
      return reference(keep(name, schema, 'output'))
    },
    has: (name) => components.has(name),
    all: () => Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
  }
}

export const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** `#/$defs/X` is `#/components/schemas/X` in OpenAPI. */
function refersTo(value: Json, renamed: ReadonlyMap<string, string>): Json {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (key !== '$ref' || typeof part !== 'string') return part
    const name = part.replace(/^#\/\$defs\//, '')
    return `#/components/schemas/${renamed.get(name) ?? name}`
  }) as Json
}

/** The schema in the words of the contract: what is null says so in its type, ids have their pattern, times and days their
 *  format, amounts theirs. Fields may join an answer later, so answers do not promise to hold no others. */
function polished(schema: Json, direction: Direction, name = ''): Json {
  const own = { ...nullable(schema) }
  // A schema's own id is its name in the document.
  delete own.id
  delete own.$schema
  if (direction === 'output' && own.additionalProperties === false) delete own.additionalProperties
  if (own.minimum === Number.MIN_SAFE_INTEGER) delete own.minimum
  if (own.maximum === Number.MAX_SAFE_INTEGER) delete own.maximum
  for (const key of ['anyOf', 'oneOf', 'allOf', 'prefixItems']) {
    if (Array.isArray(own[key])) own[key] = (own[key] as Json[]).map((part) => polished(part, direction, name))
  }
  if (isSchema(own.items)) own.items = polished(own.items, direction)
  if (isSchema(own.additionalProperties)) own.additionalProperties = polished(own.additionalProperties, direction)
  if (isSchema(own.properties)) {
    own.properties = Object.fromEntries(
      Object.entries(own.properties).map(([field, part]) => [field, polished(part as Json, direction, field)]),
    )
  }
  if (isAmountField(name) && ofType(own, 'number')) return { ...own, ...AMOUNT_FORMAT }
  if (ofType(own, 'string')) return { ...own, ...textFormat(own, name, direction) }
  return own
}

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const ofType = (schema: Json, type: string): boolean => [schema.type].flat().includes(type)

/** `anyOf: [X, null]` is a type with `null` in it; a reference keeps the longer form. */
function nullable(schema: Json): Json {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema
  const [one, other] = anyOf as [Json, Json]
  if (other.type !== 'null' || typeof one.type !== 'string') return schema
  return {
    ...one,
    ...rest,
    type: [one.type, 'null'],
    ...(Array.isArray(one.enum) ? { enum: [...(one.enum as unknown[]), null] } : {}),
  }
}

export const ID_LETTERS = '[0-7][0-9a-hjkmnp-tv-z]{25}'
const DAY = '\\d{4}-\\d{2}-\\d{2}'

/** What a text is, by the example it carries or, in answers, by the contract's way of naming (3.1): `_at` are times, `_on`
 *  days. */
function textFormat(schema: Json, name: string, direction: Direction): Json {
  if (schema.pattern !== undefined || schema.format !== undefined || schema.enum !== undefined) return {}
  const example = Array.isArray(schema.examples) ? String(schema.examples[0]) : ''
  const prefix = /^([a-z]{3,5})_/.exec(example)?.[1]
  if (prefix !== undefined && isId(prefix as 'txn', example)) return { pattern: `^${prefix}_${ID_LETTERS}$` }
  if (example === 'EUR') return { pattern: '^[A-Z]{3}$', description: schema.description ?? 'ISO 4217, upper case.' }
  if (example === '2025-04-10T14:30:00Z') {
    return {
      pattern: `^${DAY}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?$`,
      description: schema.description ?? 'A day (`2025-04-10`) or a time (`2025-04-10T14:30:00Z`).',
    }
  }
  if (direction === 'input') return {}
  if (/(_at|^at|^timestamp|^transaction_date|^value_date)$/.test(name)) return { format: 'date-time' }
  if (name.endsWith('_on')) return { format: 'date' }
  return {}
}
