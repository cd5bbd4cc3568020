/** What a row of the audit trail changed, field by field, readable by people. */
export interface ChangedField {
  /** `settings.matching.mode`; parts of things joined by dots. */
  path: string
  before?: string
  after?: string
}

/** Before and after, of all that differs; the facts of rows that have no before and after stand as `after`. */
export function readChanges(changes: object | null, say: { yes: string; no: string; nothing: string }): ChangedField[] {
  const given = (changes ?? {}) as Record<string, unknown>
  const twoSided = 'before' in given || 'after' in given
  const before = flatten(twoSided ? given.before : undefined)
  // Facts that stand beside before and after, such as a note, belong to what there is now.
  const beside = twoSided
    ? Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'before' && key !== 'after'))
    : given
  const after = new Map([...flatten(twoSided ? given.after : undefined), ...flatten(beside)])
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)]
    if (before.has(path) && after.has(path) && JSON.stringify(was) === JSON.stringify(is)) return []
    return [
      {
        path,
        ...(before.has(path) ? { before: textOf(was, say) } : {}),
        ...(after.has(path) ? { after: textOf(is, say) } : {}),
      },
    ]
  })
}

function flatten(value: unknown, path = ''): Map<string, unknown> {
  if (value === undefined) return new Map()
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    return new Map(path === '' ? [] : [[path, value]])
  }
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [...flatten(part, path === '' ? key : `${path}.${key}`)]),
  )
}

function textOf(value: unknown, say: { yes: string; no: string; nothing: string }): string {
  if (value === null || value === undefined || value === '') return say.nothing
  if (typeof value === 'boolean') return value ? say.yes : say.no
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object'))
    return value.length === 0 ? say.nothing : value.join(', ')
  return JSON.stringify(value)
}
