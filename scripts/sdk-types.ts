import { type ApiDocument, nameOf, pascal, type Schema, type SdkOperation } from './sdk-document.ts'

/** Shapes whose names would hide a word of JavaScript. */
const RENAMED: Record<string, string> = { Error: 'ErrorAnswer' }

const typeName = (name: string): string => RENAMED[name] ?? name

/** The types of every shape, of every query, and of the events. */
export function typesFile(document: ApiDocument, operations: SdkOperation[]): string {
  const shapes = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}${declaration(typeName(name), schema)}`,
  )
  const queries = operations.filter((one) => one.query.length > 0).map(queryType)
  const events = [
    ...new Set(
      Object.values(document.webhooks).map(({ post }) => typeOf(post.requestBody!.content['application/json']!.schema)),
    ),
  ]
  return `${HEADER}
/** An amount of money: a decimal in major units, digit for digit as the API wrote it (\`"1250.00"\`). Never a float: do sums with
 *  a decimal library or in minor units. \`Intl.NumberFormat\` prints it exactly as it is. */
export type Amount = string

${[...shapes, ...queries].join('\n\n')}

/** Whatever a webhook may deliver; \`event_type\` tells which. */
export type PayymoEvent =
${events.map((name) => `  | ${name}`).join('\n')}

export type EventTypeName = PayymoEvent['event_type']

export type ErrorCode = ErrorAnswer['error']['code']

/** Fields that are amounts: their digits are kept when an answer is read. */
export const AMOUNT_FIELDS: ReadonlySet<string> = new Set(${JSON.stringify(amountFields(document))})
`
}

export const HEADER = '// Made by `npm run generate` from openapi.json. Do not edit.\n'

const declaration = (name: string, schema: Schema): string =>
  isPlainObject(schema) ? `export interface ${name} ${objectType(schema)}` : `export type ${name} = ${typeOf(schema)}`

const isPlainObject = (schema: Schema): boolean => schema.type === 'object' && schema.properties !== undefined

export const queryTypeName = (operation: SdkOperation): string => `${pascal(operation.operation.operationId)}Query`

function queryType(operation: SdkOperation): string {
  const fields = operation.query.map(
    ({ name, required, schema, description }) =>
      `${comment(description)}${field(name, required ?? false)}: ${typeOf(schema)}`,
  )
  return `export interface ${queryTypeName(operation)} {\n${fields.join('\n')}\n}`
}

/** A field that is left out and one that is undefined are the same to us. */
const field = (name: string, required: boolean): string => (required ? name : `${name}?`)

/** The type of a schema, as TypeScript writes it. */
export function typeOf(schema: Schema, prefix = ''): string {
  if (schema.$ref !== undefined) return prefix + typeName(nameOf(schema.$ref))
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return [...new Set(alternatives.map((one) => typeOf(one, prefix)))].join(' | ')
  if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one, prefix)})`).join(' & ')
  const types = [schema.type ?? []].flat()
  if (types.length === 0) return 'unknown'
  return [...new Set(types.map((type) => namedType(type, schema, prefix)))].join(' | ')
}

function namedType(type: string, schema: Schema, prefix: string): string {
  const isAmount = schema.format === 'decimal'
  switch (type) {
    case 'string':
      return isAmount ? `${prefix}Amount` : 'string'
    case 'integer':
      return 'number'
    case 'number':
      // Where both are taken, a plain number may be sent; what comes back is always the text.
      return isAmount && ![schema.type].flat().includes('string') ? `${prefix}Amount` : 'number'
    case 'array':
      return `(${typeOf(schema.items ?? {}, prefix)})[]`
    case 'object':
      return objectType(schema, prefix)
    default:
      return type
  }
}

function objectType(schema: Schema, prefix = ''): string {
  const { properties, additionalProperties } = schema
  if (!properties) {
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties, prefix) : 'unknown'}>`
  }
  const fields = Object.entries(properties).map(
    ([name, part]) =>
      `${comment(part.description)}${field(name, schema.required?.includes(name) ?? false)}: ${typeOf(part, prefix)}`,
  )
  return `{\n${fields.join('\n')}\n}`
}

const comment = (text: string | undefined): string =>
  text === undefined ? '' : `/** ${text.replaceAll('*/', '* /').replaceAll('\n', '\n * ')} */\n`

/** Names of fields that hold amounts, anywhere. A name that is an amount here and a plain number there would be read wrongly. */
function amountFields(document: ApiDocument): string[] {
  const amounts = new Set<string>()
  const numbers = new Set<string>()
  const visit = (schema: Schema): void => {
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      const numeric = [part.type].flat().some((type) => type === 'number' || type === 'integer')
      if (numeric) (part.format === 'decimal' ? amounts : numbers).add(name)
      visit(part)
    }
    for (const part of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
      if (part) visit(part)
    }
  }
  for (const schema of Object.values(document.components.schemas)) visit(schema)
  const both = [...amounts].filter((name) => numbers.has(name))
  if (both.length > 0) throw new Error(`an amount in one shape, a plain number in another: ${both.join(', ')}`)
  return [...amounts].sort()
}
