import { refuse, unknownParameters } from './refusal.ts'

/** A parameter of one name: its plain value, its list (`name[]`, `name[0]`), or its parts (`name[gte]`). */
export interface Parameter {
  value?: string
  list: string[]
  parts: Record<string, string>
}

export type Parameters = Map<string, Parameter>

/** Reads the bracket style of query and form. Throws 400 for a name that is neither plain nor has one bracket. */
export function readParameters(text: string): Parameters {
  const read: Parameters = new Map()
  for (const [name, value] of new URLSearchParams(text)) {
    const found = /^([^[\]]+)(?:\[([^[\]]*)\])?$/.exec(name)
    if (!found) throw unknownParameters([name])
    const [, noun, key] = found as unknown as [string, string, string | undefined]
    const parameter = read.get(noun) ?? { list: [], parts: {} }
    read.set(noun, parameter)
    if (key === undefined) parameter.value = value
    else if (key === '' || /^\d+$/.test(key)) parameter.list.push(value)
    else Object.defineProperty(parameter.parts, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return read
}

/** Throws `parameter_unknown` for every name that the route does not know. */
export function onlyKnown(given: Parameters, known: readonly string[]): void {
  const stray = [...given.keys()].filter((name) => !known.includes(name))
  if (stray.length > 0) throw unknownParameters(stray)
}

export function plain(given: Parameters, name: string): string | undefined {
  const parameter = given.get(name)
  if (parameter === undefined) return undefined
  if (parameter.value === undefined) {
    throw refuse(400, `Invalid string: ${JSON.stringify(parameter.parts)}`, { param: name })
  }
  if (parameter.value === '') {
    throw refuse(400, `You passed an empty string for '${name}'. Leave it out instead.`, {
      code: 'parameter_invalid_empty',
      param: name,
    })
  }
  return parameter.value
}

/** 1 to 100, 10 when absent. */
export function limitOf(given: Parameters): number {
  const text = plain(given, 'limit')
  if (text === undefined) return 10
  const wrong = (message: string) => refuse(400, message, { code: 'parameter_invalid_integer', param: 'limit' })
  if (!/^-?\d{1,9}$/.test(text)) throw wrong(`Invalid integer: ${text}`)
  const limit = Number(text)
  if (limit < 1) throw wrong('This value must be greater than or equal to 1.')
  if (limit > 100) throw wrong(`This value must be less than or equal to 100 (you passed: ${text}).`)
  return limit
}

/** A time or a range of times, as inclusive bounds in Unix seconds. */
export function rangeOf(given: Parameters, name: string): { from?: number; to?: number } {
  const parameter = given.get(name)
  if (parameter === undefined) return {}
  const stray = Object.keys(parameter.parts).filter((part) => !['gt', 'gte', 'lt', 'lte'].includes(part))
  if (stray.length > 0 || parameter.list.length > 0) throw unknownParameters(stray.map((part) => `${name}[${part}]`))
  if (parameter.value !== undefined) {
    const at = timeOf(parameter.value, name)
    return { from: at, to: at }
  }
  const range: { from?: number; to?: number } = {}
  for (const [part, text] of Object.entries(parameter.parts)) {
    const at = timeOf(text, `${name}[${part}]`)
    if (part === 'gt') range.from = Math.max(range.from ?? 0, at + 1)
    if (part === 'gte') range.from = Math.max(range.from ?? 0, at)
    if (part === 'lt') range.to = Math.min(range.to ?? Infinity, at - 1)
    if (part === 'lte') range.to = Math.min(range.to ?? Infinity, at)
  }
  return range
}

function timeOf(text: string, param: string): number {
  if (!/^\d{1,12}$/.test(text)) {
    throw refuse(400, `Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param })
  }
  return Number(text)
}
