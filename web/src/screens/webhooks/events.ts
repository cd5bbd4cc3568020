/** What a webhook subscribes to, as its API writes it: types such as `match.approved`, groups such as `match.*`, or `*`. */
export type Patterns = readonly string[]

/** Types by their groups, in their own order. A test event goes to a webhook whatever it subscribes to, so it is no choice. */
export function groupTypes<T extends { event_type: string }>(types: readonly T[]): [group: string, types: T[]][] {
  const groups = new Map<string, T[]>()
  for (const type of types) {
    if (type.event_type === 'webhook.test') continue
    const group = groupOf(type.event_type)
    groups.set(group, [...(groups.get(group) ?? []), type])
  }
  return [...groups]
}

export const groupOf = (type: string): string => type.slice(0, type.indexOf('.'))

export const wants = (patterns: Patterns, type: string): boolean =>
  patterns.includes('*') || patterns.includes(`${groupOf(type)}.*`) || patterns.includes(type)

/** Ticks a whole group, or takes all of it away. */
export const setGroup = (patterns: Patterns, group: string, wanted: boolean): string[] => [
  ...patterns.filter((pattern) => groupOf(pattern) !== group),
  ...(wanted ? [`${group}.*`] : []),
]

/** Ticks one type, or takes it away: then the others of its group stay, named one by one. */
export function setType(patterns: Patterns, type: string, wanted: boolean, ofGroup: readonly string[]): string[] {
  if (wanted) return patterns.includes(type) ? [...patterns] : [...patterns, type]
  const whole = `${groupOf(type)}.*`
  const named = patterns.includes(whole) ? [...patterns.filter((one) => one !== whole), ...ofGroup] : patterns
  return [...new Set(named)].filter((one) => one !== type)
}
