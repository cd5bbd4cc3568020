import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import type { Secret } from '../../base/secret.ts'

/** 256 bits of chance for links and cookies, as 43 characters that need no escaping. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token: 256 bits need no slow hash, and the digest opens nothing. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest()

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ACCESS_TOKEN = /^pu_[0-9A-Za-z]{43}$/

/** A bearer token of a person: `pu_` + 43 Base62 characters. */
export const newAccessToken = (): string =>
  `pu_${Array.from({ length: 43 }, () => BASE62[randomInt(BASE62.length)]).join('')}`

export const isAccessToken = (text: string): boolean => ACCESS_TOKEN.test(text)

/** Without 0, o, 1, l and i: read aloud and copied by hand without doubt. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'
const RECOVERY_CODE = /^[2-9a-hjkmnp-z]{16}$/

/** A code for the day the phone is lost: 79 bits in four groups. */
export const newRecoveryCode = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join(
    '-',
  )

/** What is kept of a recovery code, however it was typed; undefined when the text is none. Keyed, because people's codes are
 *  shorter than machines'. */
export function recoveryDigest(pepper: Secret, text: string): Buffer | undefined {
  const code = text.toLowerCase().replaceAll(/[\s-]/g, '')
  if (!RECOVERY_CODE.test(code)) return undefined
  return createHmac('sha256', pepper.reveal()).update(`recovery code:${code}`).digest()
}
