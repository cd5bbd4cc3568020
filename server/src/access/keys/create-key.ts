import { AppError } from '../../base/errors.ts'
import { newId, type TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Actor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { keyDigest, makeKey } from '../credentials/key-format.ts'
import { getTenant } from '../tenants/queries.ts'
import { getKey, insertKey, type KeyRow } from './queries.ts'

/** Makes a key of the tenant. The returned `text` is the only time the key itself is seen; the database keeps a digest.
 *  `granter`: what the maker holds; a key never grants more (403). Throws `resource_not_found` for an unknown tenant. */
export async function createKey(
  deps: { store: Store; pepper: Secret },
  tenantId: TenantId,
  actor: Actor,
  granter: ReadonlySet<string>,
  wanted: { name: string; permissions: string[]; expiresAt: Date | null },
): Promise<{ key: KeyRow; text: string }> {
  const beyond = granter.has('*') ? [] : wanted.permissions.filter((permission) => !granter.has(permission))
  if (beyond.length > 0) {
    throw new AppError('permission_denied', 'A key cannot grant more than the key that makes it', {
      details: beyond.map((permission) => ({ field: 'permissions', issue: permission })),
    })
  }
  return deps.store.change(tenantId, actor, async (tx) => {
    const tenant = await getTenant(tx)
    if (!tenant || tenant.status === 'deleted')
      throw new AppError('resource_not_found', "The requested resource doesn't exist")
    const fresh = makeKey(tenant.environment)
    const id = newId('key')
    await insertKey(tx, {
      id,
      keyId: fresh.keyId,
      digest: keyDigest(deps.pepper.reveal(), fresh.text),
      name: wanted.name,
      permissions: wanted.permissions,
      expiresAt: wanted.expiresAt,
      createdBy: actor.id,
    })
    tx.audit({
      action: 'api_key.create',
      resource: { type: 'api_key', id },
      changes: { after: { name: wanted.name, permissions: wanted.permissions, expires_at: wanted.expiresAt } },
    })
    return { key: (await getKey(tx, id))!, text: fresh.text }
  })
}
