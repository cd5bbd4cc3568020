/** Chance that a seed repeats (mulberry32). */
export interface Dice {
  /** 0 inclusive to 1 exclusive. */
  roll(): number
  /** A whole number of the range, both ends included. */
  between(low: number, high: number): number
}

export function dice(seed: number): Dice {
  let state = seed >>> 0
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { roll, between: (low, high) => low + Math.floor(roll() * (high - low + 1)) }
}
