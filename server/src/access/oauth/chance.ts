import { randomInt } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const chance = (prefix: string): string =>
  `${prefix}_${Array.from({ length: 43 }, () => BASE62[randomInt(BASE62.length)]).join('')}`

/** 256 bits of chance each; what they are shows in front, so that a scanner of leaked secrets can tell. */
export const newAccessToken = (): string => chance('po')
export const newRefreshToken = (): string => chance('pr')
export const newCode = (): string => chance('pc')
export const newClientSecret = (): string => chance('ps')

export const isOAuthAccessToken = (text: string): boolean => /^po_[0-9A-Za-z]{43}$/.test(text)
