import { EVENT_TYPES } from '../events/catalogue.ts'

const PATTERNS: ReadonlySet<string> = new Set([
  '*',
  ...EVENT_TYPES,
  ...EVENT_TYPES.map((type) => `${type.slice(0, type.indexOf('.'))}.*`),
])

/** Whether the text may stand in a webhook's `events`: a type of the catalogue, `noun.*` of one, or `*`. */
export const isPattern = (text: string): boolean => PATTERNS.has(text)

/** Whether a webhook with these patterns wants events of this type. */
export const wants = (patterns: readonly string[], type: string): boolean =>
  patterns.some((pattern) => pattern === '*' || pattern === type || pattern === `${type.slice(0, type.indexOf('.'))}.*`)
