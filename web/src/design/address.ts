/** What may stand in an address, read one by one; what is no such thing is left out. The router reads `100` as a number. */

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined

export function readText(value: unknown, lengthMax = 200): string | undefined {
  const text = textIn(value)?.slice(0, lengthMax)
  return text === '' ? undefined : text
}

/** `2025-04-10`. */
export function readDay(value: unknown): string | undefined {
  const text = textIn(value)
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

/** An amount as the API takes it: `1250.00`. */
export function readAmount(value: unknown): string | undefined {
  const text = textIn(value)
  return text !== undefined && /^\d{1,12}(?:\.\d{1,4})?$/.test(text) ? text : undefined
}

/** An id that begins with one of these. */
export function readId(value: unknown, ...prefixes: string[]): string | undefined {
  const text = textIn(value)
  return prefixes.some((prefix) => text !== undefined && new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(text))
    ? text
    : undefined
}

export const readOneOf = <T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === value)

/** Without what is undefined or empty, so that an address holds only what was chosen. */
export const compact = <T extends object>(filters: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
