import { createHash } from 'node:crypto'

/** Where a chain begins: the hash before its first row. */
export const GENESIS = Buffer.alloc(32)

/** The hash of a row: SHA-256 over the hash before it, its number and its text. */
export const auditHash = (before: Uint8Array, sequence: bigint, text: string): Buffer =>
  createHash('sha256').update(before).update(`${sequence}:`).update(text).digest()
