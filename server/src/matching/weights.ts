import { learned } from './parameters.ts'

/** The names of what is weighed. */
export type Signal = keyof typeof learned.weights

export type Weights = Readonly<Record<Signal, number>>

/** Weights in log-odds (natural logarithm) of each signal. `prior` is the chance of any one open invoice of the tenant. */
export const weights: Weights = learned.weights

/** Four decimals, never 0 or 1. */
export function toConfidence(logOdds: number): number {
  const probability = 1 / (1 + Math.exp(-logOdds))
  return Math.min(0.9999, Math.max(0.0001, Math.round(probability * 10_000) / 10_000))
}

const beyondSlope = 0.05

/** The log-odds that were right as often as they say, on the books that were learned from. Rises with its input, so that the
 *  order of readings never changes. `held`: something forbids applying the line without a person. */
export function calibrated(logOdds: number, held: boolean): number {
  const points: readonly (readonly [number, number])[] = held ? learned.calibration.held : learned.calibration.free
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return logOdds
  if (logOdds <= first[0]) return first[1] + logOdds - first[0]
  for (let at = 1; at < points.length; at += 1) {
    const left = points[at - 1] ?? first
    const right = points[at] ?? last
    if (logOdds <= right[0]) return left[1] + ((logOdds - left[0]) / (right[0] - left[0])) * (right[1] - left[1])
  }
  // Beyond what was seen more findings change next to nothing.
  return last[1] + (logOdds - last[0]) * beyondSlope
}
