/** One worth and how many things have it. */
export interface Worth {
  /** Above zero, in minor units. */
  worth: number
  count: number
}

/** What the search may cost. A step is a look-up of some two nanoseconds. */
const stepsMax = 4_000_000
/** Sums stay exact in a double far below 2^53. */
const worthMax = 2 ** 49

/** Ways to take `partsMin` to `partsMax` (at most six) things that are worth `target` together: up to `enough` of them. A way is
 *  a list of places in `worths`, a worth taken twice standing twice. Null when the search would take too long, so that nobody
 *  knows. Exact: whole numbers only, and every way is found. `worths` differ from each other.
 *
 *  "Meet in the middle": the parts of a way, smallest first, have one first half and one second half of at most three parts. Sums
 *  of pairs are kept in a table, those of triples in a filter that may say yes wrongly and never no, and each first half asks for
 *  what is missing. Few parts come first: among many things a second way turns up there and ends the search. */
export function waysToSum(
  worths: readonly Worth[],
  target: number,
  partsMin: number,
  partsMax: number,
  enough: number,
): number[][] | null {
  if (target > worthMax) return null
  const places = [...worths.keys()]
    .filter((at) => (worths[at]?.worth ?? 0) <= target)
    .sort((left, right) => (worths[left]?.worth ?? 0) - (worths[right]?.worth ?? 0))
  const w = Float64Array.from(places, (at) => worths[at]?.worth ?? 0)
  const n = w.length
  const top = w[n - 1] ?? 0
  const found: number[][] = []
  const take = (parts: readonly number[]): void => {
    if (found.length >= enough) return
    for (let at = 0, same = 0; at < parts.length; at += 1) {
      same = at > 0 && parts[at] === parts[at - 1] ? same + 1 : 1
      if (same > (worths[places[parts[at] ?? 0] ?? 0]?.count ?? 0)) return
    }
    found.push(parts.map((part) => places[part] ?? 0))
  }
  let steps = 0
  const isOver = (): boolean => found.length >= enough || steps > stepsMax
  const result = (): number[][] | null => (found.length < enough && steps > stepsMax ? null : found)

  if (partsMin <= 1) for (let a = 0; a < n; a += 1) if (w[a] === target) take([a])
  if (isOver() || partsMax < 2 || n === 0 || partsMax * top < target) return result()
  const pairs = pairTable(w)
  if (partsMin <= 2) pairs.each(target, 0, (b, c) => take([b, c]))
  if (partsMax < 3) return result()
  for (let a = 0; a < n && !isOver(); a += 1) pairs.each(target - (w[a] ?? 0), a, (b, c) => take([a, b, c]))

  /** Calls `take` for each first half of two parts, of ways of `parts`, that leaves what the others may make. */
  const firstPairs = (parts: number, then: (a: number, b: number, rest: number) => void): void => {
    for (let a = 0; a < n && parts * (w[a] ?? 0) <= target && !isOver(); a += 1) {
      for (let b = a; b < n; b += 1) {
        const rest = target - (w[a] ?? 0) - (w[b] ?? 0)
        if (rest < (parts - 2) * (w[b] ?? 0)) break
        if (rest <= (parts - 2) * top) then(a, b, rest)
      }
    }
  }
  if (partsMax >= 4) {
    firstPairs(4, (a, b, rest) => {
      steps += 1
      if (pairs.may(rest)) pairs.each(rest, b, (c, d) => take([a, b, c, d]))
    })
  }
  if (isOver() || partsMax < 5) return result()
  // From here on the number of first halves grows with the third power.
  firstPairs(5, (a, b, rest) => {
    const last = lastUpTo(w, b, rest / 3)
    steps += last - b + 1
    if (isOver()) return
    for (let c = firstFrom(w, b, rest - 2 * top); c <= last; c += 1) {
      const missing = rest - (w[c] ?? 0)
      if (pairs.may(missing)) pairs.each(missing, c, (d, e) => take([a, b, c, d, e]))
    }
  })
  if (isOver() || partsMax < 6) return result()
  steps += n ** 3 / 6
  if (isOver()) return result()
  const triples = tripleFilter(w)
  firstPairs(6, (a, b, rest) => {
    const last = lastUpTo(w, b, rest / 4)
    steps += last - b + 1
    if (isOver()) return
    for (let c = firstFrom(w, b, rest - 3 * top); c <= last; c += 1) {
      const missing = rest - (w[c] ?? 0)
      if (!triples.may(missing)) continue
      steps += n - c
      for (let d = c; d < n && 3 * (w[d] ?? 0) <= missing; d += 1) {
        const pair = missing - (w[d] ?? 0)
        if (pairs.may(pair)) pairs.each(pair, d, (e, f) => take([a, b, c, d, e, f]))
      }
    }
  })
  return result()
}

/** The first place from `from` on whose worth is at least `least`. Ascending worths. */
function firstFrom(w: Float64Array, from: number, least: number): number {
  let low = from
  let high = w.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((w[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}

/** The last place from `from` on whose worth is at most `most`; the one before `from` where there is none. */
const lastUpTo = (w: Float64Array, from: number, most: number): number => firstFrom(w, from, Math.floor(most) + 1) - 1

// Multiplying by odd numbers spreads neighbours. Only the low 32 bits of a sum count here, so what is found is compared again.
const spread = 0x9e3779b1
const spreadOtherwise = 0x85ebca6b

/** All pairs of worths (also of one with itself), under their sum. */
function pairTable(w: Float64Array) {
  const n = w.length
  const size = (n * (n + 1)) / 2
  const bits = Math.max(4, Math.ceil(Math.log2(size + 1)))
  const heads = new Int32Array(2 ** bits).fill(-1)
  const next = new Int32Array(size)
  const pairs = new Int32Array(size)
  // A small filter in front, which stays near the processor: most questions have the answer no.
  const filterBits = bits + 4
  const filter = new Uint8Array(2 ** (filterBits - 3))
  for (let a = 0, at = 0; a < n; a += 1) {
    for (let b = a; b < n; b += 1, at += 1) {
      const sum = (w[a] ?? 0) + (w[b] ?? 0)
      const place = Math.imul(sum | 0, spread) >>> (32 - bits)
      pairs[at] = a * n + b
      next[at] = heads[place] ?? -1
      heads[place] = at
      const bit = Math.imul(sum | 0, spread) >>> (32 - filterBits)
      filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7))
    }
  }
  return {
    /** False only where no pair has the sum. */
    may(sum: number): boolean {
      const bit = Math.imul(sum | 0, spread) >>> (32 - filterBits)
      return ((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0
    },
    /** Tells the pairs with the sum whose first place is `from` or later. */
    each(sum: number, from: number, tell: (first: number, second: number) => void): void {
      if (sum <= 0) return
      for (let at = heads[Math.imul(sum | 0, spread) >>> (32 - bits)] ?? -1; at >= 0; at = next[at] ?? -1) {
        const a = Math.floor((pairs[at] ?? 0) / n)
        // Later places stand in front, so the first that is too early ends the search.
        if (a < from) return
        const b = (pairs[at] ?? 0) % n
        if ((w[a] ?? 0) + (w[b] ?? 0) === sum) tell(a, b)
      }
    },
  }
}

/** The sums of all triples, as two bits each of a filter of 16 bits for each: it says yes wrongly about once in a hundred times. */
function tripleFilter(w: Float64Array) {
  const n = w.length
  const bits = Math.min(24, Math.max(8, Math.ceil(Math.log2(n ** 3 / 6 + 1)) + 4))
  const shift = 32 - bits
  const filter = new Uint8Array(2 ** (bits - 3))
  for (let a = 0; a < n; a += 1) {
    for (let b = a; b < n; b += 1) {
      const pair = (w[a] ?? 0) + (w[b] ?? 0)
      for (let c = b; c < n; c += 1) {
        const sum = (pair + (w[c] ?? 0)) | 0
        const one = Math.imul(sum, spread) >>> shift
        const other = Math.imul(sum, spreadOtherwise) >>> shift
        filter[one >>> 3] = (filter[one >>> 3] ?? 0) | (1 << (one & 7))
        filter[other >>> 3] = (filter[other >>> 3] ?? 0) | (1 << (other & 7))
      }
    }
  }
  return {
    may(sum: number): boolean {
      const one = Math.imul(sum | 0, spread) >>> shift
      if (((filter[one >>> 3] ?? 0) & (1 << (one & 7))) === 0) return false
      const other = Math.imul(sum | 0, spreadOtherwise) >>> shift
      return ((filter[other >>> 3] ?? 0) & (1 << (other & 7))) !== 0
    },
  }
}
