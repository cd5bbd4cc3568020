import { PERMISSIONS } from '../../http/route.ts'

/** Scopes are the permissions of API keys (contract 3.6). */
export const SCOPES: readonly string[] = ['*', ...PERMISSIONS]
const KNOWN: ReadonlySet<string> = new Set(SCOPES)

/** The permissions of a `scope` parameter, each once; undefined when one of them is none of ours (RFC 6749, 3.3). */
export function readScope(text: string): string[] | undefined {
  const names = text.split(' ')
  return names.every((name) => KNOWN.has(name)) ? [...new Set(names)] : undefined
}

/** Whether everything wanted is held. */
export const covers = (held: ReadonlySet<string> | readonly string[], wanted: readonly string[]): boolean => {
  const all = new Set(held)
  return all.has('*') || wanted.every((permission) => all.has(permission))
}

/** What both sides allow. `*` allows whatever the other side names. */
export function intersect(one: Iterable<string>, other: Iterable<string>): string[] {
  const [left, right] = [new Set(one), new Set(other)]
  if (left.has('*')) return [...right]
  return right.has('*') ? [...left] : [...left].filter((permission) => right.has(permission))
}
