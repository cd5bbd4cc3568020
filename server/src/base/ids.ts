import { randomFillSync } from 'node:crypto'

/** What an id names, by its prefix (contract 3.1). */
export type IdPrefix =
  | 'ten'
  | 'usr'
  | 'key'
  | 'bank'
  | 'acc'
  | 'txn'
  | 'strc'
  | 'pout'
  | 'whm'
  | 'cli'
  | 'inv'
  | 'match'
  | 'pay'
  | 'hook'
  | 'dlv'
  | 'evt'
  | 'imp'
  | 'sync'
  | 'aud'
  | 'app'
  | 'alr'
  | 'req'

/** `txn_` + 26 lower-case Crockford base32 characters; sortable by the time it was made. */
export type Id<P extends IdPrefix> = `${P}_${string}`
export type TenantId = Id<'ten'>

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const VALUE = new Map([...ALPHABET].map((letter, value) => [letter, BigInt(value)]))
const PATTERN = /^([a-z]{3,5})_([0-7][0-9a-hjkmnp-tv-z]{25})$/

let lastMs = 0
let lastRandom = 0n

/** A new id. Ids of one process rise strictly, also within a millisecond (the ULID scheme: 48 bits of time, 80 of chance). */
export function newId<P extends IdPrefix>(prefix: P, nowMs: number = Date.now()): Id<P> {
  if (nowMs > lastMs) {
    lastMs = nowMs
    // The top bit stays free, so that counting up within the millisecond never overflows.
    lastRandom = BigInt(`0x${randomFillSync(Buffer.alloc(10)).toString('hex')}`) >> 1n
  } else {
    lastRandom += 1n
  }
  return `${prefix}_${base32(((BigInt(lastMs) << 80n) | lastRandom).toString(16).padStart(32, '0'))}`
}

/** The database keeps ids as uuid: 16 bytes, the same order. Throws on anything that is not an id. */
export function uuidOf(id: string): string {
  const parts = PATTERN.exec(id)
  if (!parts) throw new TypeError(`not an id: ${id.slice(0, 40)}`)
  let value = 0n
  for (const letter of parts[2]!) value = (value << 5n) | VALUE.get(letter)!
  const hex = value.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The id as callers see it, from the uuid the database keeps. */
export function idOf<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  return `${prefix}_${base32(uuid)}`
}

/** As `idOf`, for columns that may be empty. */
export function idOrNull<P extends IdPrefix>(prefix: P, uuid: string | null): Id<P> | null {
  return uuid === null ? null : idOf(prefix, uuid)
}

/** Whether the text is an id of this kind. Says nothing about whether it exists. */
export function isId<P extends IdPrefix>(prefix: P, text: unknown): text is Id<P> {
  return typeof text === 'string' && PATTERN.exec(text)?.[1] === prefix
}

/** 32 hex digits, hyphens between them or not, behind two bits of zero. Lists write dozens of ids for each answer: small numbers
 *  are seven times as fast here as one bigint. */
function base32(hex: string): string {
  let text = ''
  let bits = 0
  let count = 2
  for (let at = 0; at < hex.length; at++) {
    const code = hex.charCodeAt(at)
    if (code === HYPHEN) continue
    bits = (bits << 4) | (code < 58 ? code - 48 : (code | 32) - 87)
    count += 4
    if (count >= 5) {
      count -= 5
      text += ALPHABET[bits >> count]
      bits &= (1 << count) - 1
    }
  }
  return text
}

const HYPHEN = 45
