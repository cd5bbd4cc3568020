import type { MatchReason } from '@payymo/sdk'

/** Evidence in the shape it is drawn in. */
export interface Evidence {
  bars: { code: string; text: string; weight: number }[]
  /** What is said without weighing. */
  notes: { code: string; text: string }[]
  sum: number
  /** The longest bar, which the others are measured by; never 0. */
  longest: number
  /** `odds`: weights are log-odds and the sum is that of the confidence; `points`: they are points of the plain rules. */
  unit: 'odds' | 'points'
}

/** Orders what speaks for a match before what speaks against it, and adds up. */
export function toEvidence(reasons: readonly MatchReason[]): Evidence {
  const weighed = reasons.filter(({ weight }) => weight !== 0)
  const sum = weighed.reduce((total, { weight }) => total + weight, 0)
  return {
    bars: [...weighed].sort((left, right) => right.weight - left.weight),
    notes: reasons.filter(({ weight }) => weight === 0),
    sum,
    longest: Math.max(1e-6, Math.abs(sum), ...weighed.map(({ weight }) => Math.abs(weight))),
    unit: weighed.some(({ weight }) => Math.abs(weight) > 1) ? 'odds' : 'points',
  }
}
