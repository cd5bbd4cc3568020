/** Figures over counts: the bound of a share, and how far confidences are from what happened. */

/** The chance of at most `hits` in `trials`, each with chance `share`. Summed in logarithms. */
function atMost(hits: number, trials: number, share: number): number {
  let logChoose = 0
  let sum = 0
  for (let k = 0; k <= hits; k += 1) {
    if (k > 0) logChoose += Math.log((trials - k + 1) / k)
    sum += Math.exp(logChoose + k * Math.log(share) + (trials - k) * Math.log1p(-share))
  }
  return sum
}

/** The lower one-sided 95 % bound of a share of successes (exact binomial, Clopper and Pearson). 0 where nothing was tried. */
export function lowerBound(successes: number, trials: number): number {
  if (trials === 0) return 0
  const failures = trials - successes
  let low = 0
  let high = 1
  // The largest share of failures that would still show so few in one run of twenty.
  for (let step = 0; step < 60; step += 1) {
    const share = (low + high) / 2
    if (atMost(failures, trials, share) > 0.05) low = share
    else high = share
  }
  return 1 - high
}

export interface Forecast {
  confidence: number
  right: boolean
}

/** Forecasts in bins of equal count, lowest first, with the mean confidence and the share that was right. */
export function calibrationBins(forecasts: readonly Forecast[], count: number) {
  const sorted = [...forecasts].sort((left, right) => left.confidence - right.confidence)
  return Array.from({ length: count }, (_, bin) => {
    const part = sorted.slice(
      Math.floor((bin * sorted.length) / count),
      Math.floor(((bin + 1) * sorted.length) / count),
    )
    const mean = part.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, part.length)
    const right = part.filter((one) => one.right).length / Math.max(1, part.length)
    return { size: part.length, mean, right }
  })
}

/** The expected calibration error: the mean distance of confidence and share over the bins, weighed by their size. */
export function calibrationError(forecasts: readonly Forecast[], count: number): number {
  if (forecasts.length === 0) return 0
  const bins = calibrationBins(forecasts, count)
  return bins.reduce((sum, bin) => sum + bin.size * Math.abs(bin.mean - bin.right), 0) / forecasts.length
}
