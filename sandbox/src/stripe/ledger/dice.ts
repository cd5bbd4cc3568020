import { createHash } from 'node:crypto'

/** Chance that repeats: the same words give the same throws on every machine. Never for secrets. */
export interface Dice {
  /** 0 to `max`, both included. */
  upTo(max: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Letters and digits. */
  letters(count: number): string
}

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** xorshift128, seeded by a hash of the words. */
export function makeDice(words: string): Dice {
  const hash = createHash('sha256').update(words).digest()
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => hash.readUInt32LE(at)) as [number, number, number, number]
  const next = (): number => {
    const mixed = a ^ (a << 11)
    a = b
    b = c
    c = d
    d = (d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0
    return d / 4_294_967_296
  }
  const upTo = (max: number): number => Math.floor(next() * (max + 1))
  return {
    upTo,
    chance: (share) => next() < share,
    pick: (list) => list[upTo(list.length - 1)]!,
    letters: (count) => {
      let text = ''
      while (text.length < count) text += SIGNS[upTo(SIGNS.length - 1)]!
      return text
    },
  }
}

/** The same eight letters for the same words. */
export const fingerprint = (words: string): string => makeDice(words).letters(8)
