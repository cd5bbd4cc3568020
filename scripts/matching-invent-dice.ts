/** Chance that is the same for the same seed. */
export interface Dice {
  /** A whole number from 0 up to and without `below`. */
  int: (below: number) => number
  chance: (percent: number) => boolean
  pick: <T>(items: readonly T[]) => T
  digits: (count: number) => string
  /** Each `#` becomes a digit, each `@` a capital letter. */
  fill: (pattern: string) => string
}

/** Mulberry32 (Tommy Ettinger, public domain). */
export function diceOf(seed: number): Dice {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  for (let at = 0; at < 8; at += 1) next()
  const int = (below: number): number => Math.floor(next() * below)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(items.length)]
    if (item === undefined) throw new Error('Nothing to pick from')
    return item
  }
  const digits = (count: number): string => Array.from({ length: count }, () => String(int(10))).join('')
  return {
    int,
    pick,
    digits,
    chance: (percent) => next() * 100 < percent,
    fill: (pattern) =>
      pattern.replaceAll(/[#@]/g, (sign) => (sign === '#' ? String(int(10)) : pick([...'ABCDEFGHJKLMNPRSTUVWXYZ']))),
  }
}

/** Picks by weight. */
export function weighted<T>(dice: Dice, items: readonly (readonly [number, T])[]): T {
  let left = dice.int(items.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, item] of items) {
    left -= weight
    if (left < 0) return item
  }
  throw new Error('Nothing to pick from')
}

const dayMs = 86_400_000

/** YYYY-MM-DD, so many days later. */
export const later = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

export const daysBetween = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs

/** Minor units as a bank or a file prints them. */
export function printed(minor: number, point = '.', group = ''): string {
  const whole = String(Math.floor(minor / 100)).replaceAll(/\B(?=(\d{3})+$)/g, group)
  return `${whole}${point}${String(minor % 100).padStart(2, '0')}`
}
