import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { UsageError } from './errors.ts'

/** Key-encryption keys from outside the database: `id:base64(32 bytes)`, comma-separated, the first is primary. */
export interface KeyRing {
  primary: string
  keys: Map<string, Buffer>
}

/** Reads PAYYMO_ENCRYPTION_KEYS. Throws UsageError that names what is wrong, never the key. */
export function readKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const part of text.split(',')) {
    const [id = '', encoded = ''] = part.trim().split(':')
    const key = Buffer.from(encoded, 'base64')
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== 32) {
      throw new UsageError(
        'PAYYMO_ENCRYPTION_KEYS must hold id:base64 of 32 bytes, comma-separated; at least one entry is not.',
      )
    }
    if (keys.has(id)) throw new UsageError(`PAYYMO_ENCRYPTION_KEYS holds the id "${id}" twice.`)
    keys.set(id, key)
  }
  return { primary: keys.keys().next().value!, keys }
}

/** Bytes of version 1: version, nonce (12), tag (16), ciphertext. `context` is bound to it and must be the same to open. */
export function encrypt(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), sealed])
}

/** The plain bytes. Throws when key, context or a single bit differs. */
export function decrypt(key: Buffer, record: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(record)
  if (bytes[0] !== 1 || bytes.length < 29) throw new Error('sealed record of an unknown version')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(13, 29))
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()])
}
