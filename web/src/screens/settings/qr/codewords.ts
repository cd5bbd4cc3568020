/** Of error correction level M by version: codewords of correction in each block, and blocks. Source: ISO/IEC 18004, table 9. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]
export const VERSION_MAX = CORRECTION.length

/** Modules that are free for codewords, as whole codewords. */
function codewordsOf(version: number): number {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2
  const patterns = aligned === 0 ? 0 : (25 * aligned - 10) * aligned - 55
  return Math.floor(((16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0)) / 8)
}

const lengthBits = (version: number): number => (version < 10 ? 8 : 16)
const dataOf = (version: number): number => codewordsOf(version) - CORRECTION[version - 1]! * BLOCKS[version - 1]!

/** The smallest version that holds so many bytes; undefined when none of ours does. */
export function versionFor(bytes: number): number | undefined {
  for (let version = 1; version <= VERSION_MAX; version += 1) {
    if (4 + lengthBits(version) + bytes * 8 <= dataOf(version) * 8) return version
  }
  return undefined
}

/** The codewords of the bytes with those that correct them, in the order they are drawn. */
export function codewordsFor(bytes: Uint8Array, version: number): Uint8Array {
  const blocks = BLOCKS[version - 1]!
  const correction = CORRECTION[version - 1]!
  const total = codewordsOf(version)
  const data = dataCodewords(bytes, version)
  // The last blocks hold one codeword more where they do not come out even.
  const short = blocks - (total % blocks)
  const size = Math.floor(total / blocks) - correction
  const parts = Array.from({ length: blocks }, (_, at) => {
    const from = at * size + Math.max(0, at - short)
    return data.subarray(from, from + size + (at < short ? 0 : 1))
  })
  const corrected = parts.map((part) => correctionOf(part, correction))
  const woven: number[] = []
  for (let at = 0; at <= size; at += 1) for (const part of parts) if (at < part.length) woven.push(part[at]!)
  for (let at = 0; at < correction; at += 1) for (const part of corrected) woven.push(part[at]!)
  return Uint8Array.from(woven)
}

/** Mode, length, bytes, end, and padding up to the capacity. */
function dataCodewords(bytes: Uint8Array, version: number): Uint8Array {
  const capacity = dataOf(version)
  const bits: number[] = []
  const push = (value: number, count: number) => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1)
  }
  push(0b0100, 4)
  push(bytes.length, lengthBits(version))
  for (const byte of bytes) push(byte, 8)
  push(0, Math.min(4, capacity * 8 - bits.length))
  push(0, (8 - (bits.length % 8)) % 8)
  const data = new Uint8Array(capacity)
  for (const [at, bit] of bits.entries()) data[at >> 3]! |= bit << (7 - (at & 7))
  for (let at = bits.length / 8, pad = 0; at < capacity; at += 1, pad += 1) data[at] = pad % 2 === 0 ? 0xec : 0x11
  return data
}

/** Reed-Solomon over GF(256) with x^8 + x^4 + x^3 + x^2 + 1. */
function correctionOf(data: Uint8Array, count: number): Uint8Array {
  const divisor = divisorOf(count)
  const rest = new Uint8Array(count)
  for (const byte of data) {
    const factor = byte ^ rest[0]!
    rest.copyWithin(0, 1)
    rest[count - 1] = 0
    for (let at = 0; at < count; at += 1) rest[at]! ^= times(divisor[at]!, factor)
  }
  return rest
}

/** (x - 1)(x - 2)(x - 4)…, without its leading 1. */
function divisorOf(count: number): Uint8Array {
  const divisor = new Uint8Array(count)
  divisor[count - 1] = 1
  for (let step = 0, root = 1; step < count; step += 1, root = times(root, 2)) {
    for (let at = 0; at < count; at += 1) divisor[at] = times(divisor[at]!, root) ^ (divisor[at + 1] ?? 0)
  }
  return divisor
}

function times(one: number, other: number): number {
  let product = 0
  for (let at = 7; at >= 0; at -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((other >> at) & 1) * one
  }
  return product
}
