type Schema = Record<string, unknown>

/** Where a value differs from its JSON Schema (2020-12, the words our OpenAPI document uses), as `path: fault`; empty when it
 *  fits. A word nobody here knows is a fault as well, so that nothing is passed by. `document` is what `$ref` points into. */
export function schemaFaults(document: unknown, schema: unknown, value: unknown, at = '$'): string[] {
  if (schema === true || schema === undefined) return []
  const rules = schema as Schema
  return Object.entries(rules).flatMap(([word, rule]) => {
    const check = WORDS[word]
    if (!check) return NOTES.has(word) || word.startsWith('x-') ? [] : [`${at}: unknown word ${word}`]
    return check({ document, rule, rules, value, at })
  })
}

const NOTES = new Set(['description', 'title', 'examples', 'example', 'default', 'deprecated', 'readOnly', 'writeOnly'])

interface Case {
  document: unknown
  rule: unknown
  rules: Schema
  value: unknown
  at: string
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

const FORMATS: Record<string, RegExp | undefined> = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
}

const fault = ({ at }: Case, holds: boolean, words: string): string[] => (holds ? [] : [`${at}: ${words}`])
const isObject = (value: unknown): value is Record<string, unknown> => TYPES.object!(value)

const WORDS: Record<string, (one: Case) => string[]> = {
  $ref: ({ document, rule, value, at }) => {
    const steps = String(rule).replace(/^#\//, '').split('/')
    const target = steps.reduce<unknown>((part, step) => (part as Schema | undefined)?.[step], document)
    return target === undefined ? [`${at}: ${String(rule)} leads nowhere`] : schemaFaults(document, target, value, at)
  },
  type: (one) => {
    const types = [one.rule].flat() as string[]
    return fault(
      one,
      types.some((type) => TYPES[type]?.(one.value)),
      `is no ${types.join(' or ')}`,
    )
  },
  enum: (one) => fault(one, (one.rule as unknown[]).includes(one.value), `is none of ${JSON.stringify(one.rule)}`),
  const: (one) => fault(one, one.rule === one.value, `is not ${JSON.stringify(one.rule)}`),
  pattern: (one) =>
    fault(one, typeof one.value !== 'string' || new RegExp(one.rule as string, 'u').test(one.value), 'pattern'),
  format: (one) => {
    const format = FORMATS[one.rule as string]
    return fault(one, !format || typeof one.value !== 'string' || format.test(one.value), `is no ${String(one.rule)}`)
  },
  minLength: (one) =>
    fault(one, typeof one.value !== 'string' || one.value.length >= (one.rule as number), 'too short'),
  maxLength: (one) => fault(one, typeof one.value !== 'string' || one.value.length <= (one.rule as number), 'too long'),
  minimum: (one) => fault(one, typeof one.value !== 'number' || one.value >= (one.rule as number), 'too small'),
  maximum: (one) => fault(one, typeof one.value !== 'number' || one.value <= (one.rule as number), 'too large'),
  exclusiveMinimum: (one) => fault(one, typeof one.value !== 'number' || one.value > (one.rule as number), 'too small'),
  minItems: (one) => fault(one, !Array.isArray(one.value) || one.value.length >= (one.rule as number), 'too few'),
  maxItems: (one) => fault(one, !Array.isArray(one.value) || one.value.length <= (one.rule as number), 'too many'),
  items: ({ document, rule, value, at }) =>
    Array.isArray(value) ? value.flatMap((part, index) => schemaFaults(document, rule, part, `${at}[${index}]`)) : [],
  required: ({ rule, value, at }) =>
    isObject(value)
      ? (rule as string[]).filter((name) => !(name in value)).map((name) => `${at}.${name}: missing`)
      : [],
  properties: ({ document, rule, value, at }) =>
    isObject(value)
      ? Object.entries(rule as Schema).flatMap(([name, part]) =>
          name in value ? schemaFaults(document, part, value[name], `${at}.${name}`) : [],
        )
      : [],
  propertyNames: ({ document, rule, value, at }) =>
    isObject(value) ? Object.keys(value).flatMap((name) => schemaFaults(document, rule, name, `${at}.${name}`)) : [],
  additionalProperties: ({ document, rule, rules, value, at }) => {
    if (!isObject(value)) return []
    const known = (rules.properties ?? {}) as Schema
    const others = Object.keys(value).filter((name) => !(name in known))
    if (rule === false) return others.map((name) => `${at}.${name}: not known`)
    return others.flatMap((name) => schemaFaults(document, rule, value[name], `${at}.${name}`))
  },
  anyOf: (one) => alternatives(one, (fitting) => fitting >= 1),
  oneOf: (one) => alternatives(one, (fitting) => fitting === 1),
  allOf: ({ document, rule, value, at }) =>
    (rule as unknown[]).flatMap((part) => schemaFaults(document, part, value, at)),
}

function alternatives(one: Case, holds: (fitting: number) => boolean): string[] {
  const faults = (one.rule as unknown[]).map((part) => schemaFaults(one.document, part, one.value, one.at))
  const fitting = faults.filter((found) => found.length === 0).length
  return holds(fitting) ? [] : [`${one.at}: ${fitting} alternatives fit`, ...faults.flat()]
}
