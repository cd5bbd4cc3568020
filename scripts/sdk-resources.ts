import { pascal, type SdkOperation } from './sdk-document.ts'
import { HEADER, queryTypeName, typeOf } from './sdk-types.ts'

/** One class for each group of addresses, with a method for each operation, and the class that holds them all. */
export function resourcesFile(operations: SdkOperation[]): string {
  const groups = new Map<string, SdkOperation[]>()
  for (const one of operations) groups.set(one.resource, [...(groups.get(one.resource) ?? []), one])
  const names = [...groups.keys()].sort()
  return `${HEADER}
import { type Call, type CallOptions, type Core, type FileBody, segment } from '../core.ts'
import { eachItem } from '../paging.ts'
import type * as t from './types.ts'

${names.map((name) => resourceClass(name, groups.get(name)!)).join('\n\n')}

/** Everything the API offers, by the first word of its address. */
export class Resources {
${names.map((name) => `  readonly ${name}: ${pascal(name)}`).join('\n')}

  constructor(core: Core) {
${names.map((name) => `    this.${name} = new ${pascal(name)}(core)`).join('\n')}
  }
}
`
}

const resourceClass = (name: string, operations: SdkOperation[]): string => `export class ${pascal(name)} {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

${operations.flatMap((one) => [method(one), ...(one.item ? [allMethod(one)] : []), ...(one.csv ? [csvMethod(one)] : [])]).join('\n\n')}
}`

function method(one: SdkOperation): string {
  const body = one.body ? [one.body.type === 'file' ? 'file' : 'body'] : []
  const query = one.query.length > 0 ? ['query'] : []
  return `${words(one)}
  ${one.method}(${parameters(one)}): Call<${answerType(one)}> {
    return this.#core.call({ ${['method: ' + JSON.stringify(one.verb), `path: ${address(one)}`, ...body, ...query, 'options'].join(', ')} })
  }`
}

/** \`listAll\` beside \`list\`, \`listAllDeliveries\` beside \`listDeliveries\`. */
function allMethod(one: SdkOperation): string {
  const own = [...one.pathParameters, 'page', 'options'].join(', ')
  return `  /** Every row of \`${one.method}\`, page after page. */
  ${one.method.replace(/^list/, 'listAll')}(${parameters(one)}): AsyncGenerator<${typeOf(one.item!, 't.')}> {
    return eachItem((page: t.${queryTypeName(one)}) => this.${one.method}(${own}), query)
  }`
}

function csvMethod(one: SdkOperation): string {
  return `  /** The rows of \`${one.method}\` as CSV. */
  ${one.method.replace(/^list/, 'export')}Csv(${parameters(one)}): Call<string> {
    return this.#core.call({ method: 'GET', path: ${address(one)}, query, options, accept: 'text/csv' })
  }`
}

function parameters(one: SdkOperation): string {
  const needed = (schema: { required?: boolean }): boolean => schema.required === true
  return [
    ...one.pathParameters.map((name) => `${name}: string`),
    ...(one.body?.type === 'file' ? ['file: FileBody'] : []),
    ...(one.body?.type === 'json' ? [`body: ${typeOf(one.body.schema, 't.')}${one.body.required ? '' : ' = {}'}`] : []),
    ...(one.query.length > 0 ? [`query: t.${queryTypeName(one)}${one.query.some(needed) ? '' : ' = {}'}`] : []),
    'options?: CallOptions',
  ].join(', ')
}

/** A template in which every id is escaped. */
const address = (one: SdkOperation): string =>
  one.pathParameters.length === 0
    ? JSON.stringify(one.path)
    : `\`${one.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => `\${segment(${name})}`)}\``

const answerType = (one: SdkOperation): string =>
  [...one.answers.map((schema) => typeOf(schema, 't.')), ...(one.silent ? ['void'] : [])].join(' | ')

function words({ operation }: SdkOperation): string {
  const text = [`${operation.summary}.`, ...(operation.description ?? '').split('\n').filter(Boolean)]
  const lines = operation.deprecated ? [...text, '@deprecated'] : text
  return `  /** ${lines.join('\n   *  ').replaceAll('*/', '* /')} */`
}
