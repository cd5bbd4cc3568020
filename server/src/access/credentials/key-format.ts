import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** `pk_live_` + 12 characters of key id + `_` + 43 of Base62 (256 bits) + 6 of CRC32 (reliability 29). */
const PATTERN = /^pk_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export interface FreshKey {
  /** The key itself, shown once. */
  text: string
  keyId: string
  /** What lists show: enough to recognise it, nothing to use. */
  prefix: string
}

/** A new key of chance. `live` for tenants in the live environment, `test` for the sandbox one. */
export function makeKey(environment: 'live' | 'sandbox'): FreshKey {
  const prefix = environment === 'live' ? 'pk_live_' : 'pk_test_'
  const keyId = base62(randomBytes(9)).padStart(13, '0').slice(-12)
  const unsigned = `${prefix}${keyId}_${base62(randomBytes(32)).padStart(43, '0')}`
  return { text: unsigned + checksum(unsigned), keyId, prefix: `${prefix}${keyId}` }
}

/** The public part of a well-formed key, or undefined: mistyped keys are told apart without asking the database. */
export function readKey(text: string): { keyId: string } | undefined {
  const parts = PATTERN.exec(text)
  if (!parts || checksum(text.slice(0, -6)) !== parts[4]) return undefined
  return { keyId: parts[2]! }
}

/** A fast hash is right for 256 bits of chance; the pepper keeps a stolen table useless. */
export const keyDigest = (pepper: string, key: string): Buffer => createHmac('sha256', pepper).update(key).digest()

/** Takes the same time for every wrong key. */
export function sameDigest(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Stripe's keys begin alike (`pk_live_51…`, `sk_live_…`, `rk_test_…`, organisations `sk_org_live_…`): pasted here they get a
 *  sentence of their own. Source: Stripe, API keys. */
export const looksLikeStripeKey = (text: string): boolean =>
  /^(sk|rk|pk)_(org_)?(live|test)_[0-9A-Za-z]{16,}$/.test(text) && !PATTERN.test(text)

/** Signing secrets of Stripe's webhooks and of ours begin alike, and neither is a key. */
export const looksLikeWebhookSecret = (text: string): boolean => /^whsec_[0-9A-Za-z+/=_-]{16,}$/.test(text)

const checksum = (text: string): string =>
  base62(Buffer.from(crc32(text).toString(16).padStart(8, '0'), 'hex')).padStart(6, '0')

function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (value > 0n) {
    text = BASE62[Number(value % 62n)] + text
    value /= 62n
  }
  return text
}
