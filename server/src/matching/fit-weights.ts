import type { Signal, Weights } from './weights.ts'

/** A line whose readings exclude each other, and which of them is right. */
export interface Example {
  readings: readonly (readonly { signal: string; value: number }[])[]
  /** -1 for none of them. */
  right: number
}

export interface Fit {
  /** How many lines' worth of belief hold a weight at its start. */
  holdLines: number
  rounds: number
  /** What is agreed or comes from elsewhere, and stays as it is. */
  fixed: ReadonlySet<Signal>
}

/** The weights under which the right readings are likeliest (conditional logit with "none of them" worth one), held near their
 *  start (a ridge). What speaks for a reading never comes to speak against it, nor the other way round. Linear in the findings;
 *  the same examples in one order give the same weights. */
export function fitWeights(examples: readonly Example[], start: Weights, { holdLines, rounds, fixed }: Fit): Weights {
  const names = Object.keys(start) as Signal[]
  const numberOf = new Map<string, number>(names.map((name, at) => [name, at]))
  const indexed = examples.map(({ readings, right }) => ({
    right,
    readings: readings.map((signals) =>
      signals.map(({ signal, value }) => [numberOf.get(signal) ?? 0, value] as const),
    ),
  }))
  const from = names.map((name) => start[name])
  const weights = [...from]
  const speed = weights.map(() => 0)
  const scale = weights.map(() => 0)
  for (let round = 1; round <= rounds; round += 1) {
    const slope = weights.map((weight, at) => holdLines * (weight - (from[at] ?? 0)))
    for (const { readings, right } of indexed) {
      const odds = readings.map((signals) =>
        Math.exp(signals.reduce((sum, [signal, value]) => sum + (weights[signal] ?? 0) * value, 0)),
      )
      const total = odds.reduce((sum, one) => sum + one, 1)
      readings.forEach((signals, at) => {
        const error = (odds[at] ?? 0) / total - (at === right ? 1 : 0)
        for (const [signal, value] of signals) slope[signal] = (slope[signal] ?? 0) + error * value
      })
    }
    // Adam: every weight at its own pace.
    weights.forEach((weight, at) => {
      if (fixed.has(names[at] as Signal)) return
      const gradient = slope[at] ?? 0
      speed[at] = 0.9 * (speed[at] ?? 0) + 0.1 * gradient
      scale[at] = 0.999 * (scale[at] ?? 0) + 0.001 * gradient * gradient
      const mean = (speed[at] ?? 0) / (1 - 0.9 ** round)
      const spread = Math.sqrt((scale[at] ?? 0) / (1 - 0.999 ** round)) + 1e-8
      const moved = weight - (0.05 * (1 - round / (rounds + 1)) * mean) / spread
      const origin = from[at] ?? 0
      weights[at] = origin > 0 ? Math.max(0, moved) : origin < 0 ? Math.min(0, moved) : moved
    })
  }
  return Object.fromEntries(names.map((name, at) => [name, Math.round((weights[at] ?? 0) * 100) / 100])) as Weights
}
