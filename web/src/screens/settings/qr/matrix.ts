import { codewordsFor, versionFor } from './codewords.ts'

/** What masks are: where they hold, light and dark change places. Source: ISO/IEC 18004, table 10. */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** The rows of a QR code of the text, true where it is dark: bytes of UTF-8, error correction M. Undefined for a text of more than
 *  600 bytes or so. Source: ISO/IEC 18004. */
export function qrOf(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text)
  const version = versionFor(bytes.length)
  if (version === undefined) return undefined
  const codewords = codewordsFor(bytes, version)
  const drawn = MASKS.map((_, mask) => draw(version, codewords, mask))
  return drawn.reduce((best, one) => (unrest(one) < unrest(best) ? one : best))
}

function draw(version: number, codewords: Uint8Array, mask: number): boolean[][] {
  const size = version * 4 + 17
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const fixed = dark.map((row) => row.map(() => false))
  const set = (x: number, y: number, value: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    dark[y]![x] = value
    fixed[y]![x] = true
  }
  const square = (x: number, y: number, radius: number, isDark: (ring: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy += 1)
      for (let dx = -radius; dx <= radius; dx += 1) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, (ring) => ring !== 2 && ring !== 4)
  const places = alignments(version, size)
  const last = places.length - 1
  for (const [i, x] of places.entries())
    for (const [j, y] of places.entries())
      if (!((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)))
        square(x, y, 2, (ring) => ring !== 1)
  drawFormat(size, mask, set)
  if (version >= 7) drawVersion(version, size, set)
  fill(size, codewords, (x, y, bit) => {
    if (fixed[y]![x]) return false
    dark[y]![x] = bit !== MASKS[mask]!(x, y)
    return true
  })
  return dark
}

/** Where the small squares stand, in either direction. */
function alignments(version: number, size: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  const after = Array.from({ length: count - 1 }, (_, at) => size - 7 - at * step).reverse()
  return [6, ...after]
}

type Set = (x: number, y: number, value: boolean) => void

/** Level M and the mask, twice, with a BCH code. */
function drawFormat(size: number, mask: number, set: Set): void {
  let rest = mask
  for (let at = 0; at < 10; at += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  const bit = (at: number) => ((bits >> at) & 1) === 1
  for (let at = 0; at < 15; at += 1) {
    // Around the first corner the timing lines are left out.
    if (at < 8) set(8, at < 6 ? at : at + 1, bit(at))
    else set(at === 8 ? 7 : 14 - at, 8, bit(at))
    if (at < 8) set(size - 1 - at, 8, bit(at))
    else set(8, size - 15 + at, bit(at))
  }
  set(8, size - 8, true)
}

function drawVersion(version: number, size: number, set: Set): void {
  let rest = version
  for (let at = 0; at < 12; at += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let at = 0; at < 18; at += 1) {
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)]
    set(far, near, ((bits >> at) & 1) === 1)
    set(near, far, ((bits >> at) & 1) === 1)
  }
}

/** Walks up and down in pairs of columns from the right; `put` says whether the place was free. What is left over is light. */
function fill(size: number, codewords: Uint8Array, put: (x: number, y: number, bit: boolean) => boolean): void {
  let at = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    const up = ((right + 1) & 2) === 0
    for (let step = 0; step < size; step += 1) {
      for (const x of [right, right - 1]) {
        const bit = at < codewords.length * 8 && ((codewords[at >> 3]! >> (7 - (at & 7))) & 1) === 1
        if (put(x, up ? size - 1 - step : step, bit)) at += 1
      }
    }
  }
}

/** How hard a pattern is to read: long runs, squares of one colour, more of one than of the other. */
function unrest(dark: boolean[][]): number {
  const size = dark.length
  let points = 0
  let count = 0
  for (const line of [...dark, ...dark[0]!.map((_, x) => dark.map((row) => row[x]!))]) {
    let run = 0
    for (const [at, value] of line.entries()) {
      run = value === line[at - 1] ? run + 1 : 1
      if (run === 5) points += 3
      else if (run > 5) points += 1
    }
  }
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const value = dark[y]![x]!
      if (value) count += 1
      if (value === dark[y]![x + 1] && value === dark[y + 1]?.[x] && value === dark[y + 1]?.[x + 1]) points += 3
    }
  }
  return points + Math.floor(Math.abs((count * 20) / (size * size) - 10)) * 10
}
