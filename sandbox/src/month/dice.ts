/** Chance that repeats: the same seed gives the same throws on every machine. */
export interface Dice {
  /** 0 to `max`, both included. */
  upTo(max: number): number
  chance(share: number): boolean
  /** One of the list; `at` forces which. */
  pick<T>(list: readonly T[], at?: number): T
  digits(count: number): string
}

/** The mulberry32 generator: 32 bits of state, good enough for texts and amounts, never for secrets. */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const upTo = (max: number): number => Math.floor(next() * (max + 1))
  return {
    upTo,
    chance: (share) => next() < share,
    pick: (list, at) => list[at ?? upTo(list.length - 1)]!,
    digits: (count) => Array.from({ length: count }, () => String(upTo(9))).join(''),
  }
}
