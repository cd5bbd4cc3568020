import { decrypt, encrypt, type KeyRing } from '../base/envelope.ts'
import { UsageError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'

/** Keys as the database keeps them: encrypted under a key-encryption key from outside, whose id stands before them. */

/** What a wrapped key is bound to: it opens in its own row only. */
export const dataKeyContext = (tenantId: TenantId, id: string): string => `data-key:${tenantId}:${id}`
export const secretContext = (name: string): string => `installation:${name}`

/** key id length (1), key id, sealed */
export function wrap(ring: KeyRing, key: Uint8Array, bound: string): Buffer {
  const id = Buffer.from(ring.primary)
  return Buffer.concat([Buffer.of(id.length), id, encrypt(ring.keys.get(ring.primary)!, key, bound)])
}

/** The id of the key-encryption key that opens it. */
export const keyIdOf = (wrapped: Uint8Array): string => Buffer.from(wrapped.subarray(1, 1 + wrapped[0]!)).toString()

/** Throws UsageError that says which key is missing or wrong, never the key. */
export function unwrap(ring: KeyRing, wrapped: Uint8Array, bound: string): Buffer {
  const id = keyIdOf(wrapped)
  const key = ring.keys.get(id)
  if (!key)
    throw new UsageError(
      `Encryption key "${id}" is needed and not in PAYYMO_ENCRYPTION_KEYS. Add it behind the primary key.`,
    )
  try {
    return decrypt(key, wrapped.subarray(1 + wrapped[0]!), bound)
  } catch (cause) {
    throw new UsageError(
      `Encryption key "${id}" in PAYYMO_ENCRYPTION_KEYS is not the one this database was made with. Set the right key: without it stored secrets cannot be read.`,
      { cause },
    )
  }
}
