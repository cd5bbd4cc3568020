import { notFound } from '../../base/errors.ts'
import { type Id, isId, type TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { getKey, type KeyRow } from './queries.ts'

/** The id in the path; what is none does not exist. */
export function keyId(text: string): Id<'key'> {
  if (!isId('key', text)) throw notFound()
  return text
}

/** The key in the path, unless it is unknown or revoked. */
export async function keyNamed(store: Store, tenantId: TenantId, text: string): Promise<KeyRow> {
  const id = keyId(text)
  const key = await store.read(tenantId, (tx) => getKey(tx, id))
  if (!key || key.revokedAt) throw notFound()
  return key
}
