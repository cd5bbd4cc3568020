/** One figure of the contract (section 9), measured beside its floor or peer in the same run. */
export interface Figure {
  /** `P5`; figures of one id are measured together. */
  id: string
  what: string
  measured: number
  /** The floor or peer of the same run; null where there is none. */
  floor: number | null
  goal: number
  unit: 's' | 'ms' | '/s' | '×' | 'GB' | '^' | ''
  /** Whether the goal is a most or a least. */
  better: 'lower' | 'higher'
}

/** Measures one id. `folder` is empty, readable by every user, and removed afterwards. */
export interface Measurement {
  ids: string[]
  /** What stands in the column `floor`. */
  floor: string
  run(folder: string): Promise<Figure[]>
}

export const met = ({ measured, goal, better }: Figure): boolean =>
  better === 'lower' ? measured <= goal : measured >= goal

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Times each of `count` things in several passes over all of them and keeps the quickest: a moment in which the machine had other
 *  things to do decides nothing, and nothing is still at hand from the pass before. Delays in ms. */
export function quickestOf(passes: number, count: number, timeOne: (at: number) => number): number[] {
  const quickest = Array.from({ length: count }, () => Infinity)
  for (let pass = 0; pass < passes; pass += 1)
    for (let at = 0; at < count; at += 1) quickest[at] = Math.min(quickest[at] ?? Infinity, timeOne(at))
  return quickest
}
