import { AppError, notFound } from '../../base/errors.ts'
import { newId, type TenantId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change, Store } from '../../events/store.ts'
import { keyDigest, makeKey } from '../credentials/key-format.ts'
import { getTenant } from '../tenants/queries.ts'
import { getKey, insertKey, type KeyRow } from './queries.ts'

/** What a key needs: the store, and the pepper its digest is made with. */
export interface KeyDeps {
  store: Store
  pepper: Secret
}

/** What a key is for, what it may do, and until when. */
export interface WantedKey {
  name: string
  permissions: string[]
  expiresAt: Date | null
}

/** A key and its text: the only time that it is seen, since the database keeps a digest. */
export interface FreshlyMade {
  key: KeyRow
  text: string
}

/** Makes a key of the tenant. `granter`: what the maker holds; a key never grants more (403). Throws `validation_failed` for
 *  an expiry that has passed, `resource_not_found` for an unknown or deleted tenant. */
export async function createKey(
  deps: KeyDeps,
  tenantId: TenantId,
  actor: Actor,
  granter: ReadonlySet<string>,
  wanted: WantedKey,
): Promise<FreshlyMade> {
  refuseBeyond(granter, wanted.permissions, 'A key cannot grant more than the key that makes it')
  return deps.store.change(tenantId, actor, async (tx) => {
    if (wanted.expiresAt && wanted.expiresAt <= tx.now) {
      throw new AppError('validation_failed', 'The key would have expired already', {
        details: [{ field: 'expires_at', issue: 'Must be in the future' }],
      })
    }
    const made = await makeKeyOf(tx, deps.pepper, wanted)
    tx.audit({
      action: 'api_key.create',
      resource: { type: 'api_key', id: made.key.id },
      changes: { after: { name: wanted.name, permissions: wanted.permissions, expires_at: wanted.expiresAt } },
    })
    return made
  })
}

/** The row and the text of a new key, in the caller's change. */
export async function makeKeyOf(tx: Change, pepper: Secret, wanted: WantedKey): Promise<FreshlyMade> {
  const tenant = await getTenant(tx)
  if (!tenant || tenant.status === 'deleted' || tenant.kind === 'operator') throw notFound()
  const fresh = makeKey(tenant.environment)
  const id = newId('key')
  await insertKey(tx, {
    id,
    keyId: fresh.keyId,
    digest: keyDigest(pepper.reveal(), fresh.text),
    name: wanted.name,
    permissions: wanted.permissions,
    expiresAt: wanted.expiresAt,
    createdBy: tx.actor.id,
  })
  return { key: (await getKey(tx, id))!, text: fresh.text }
}

/** Refuses to hand out what the maker does not hold itself: a key's permissions, or those of a person's role. */
export function refuseBeyond(granter: ReadonlySet<string>, permissions: readonly string[], message: string): void {
  const beyond = granter.has('*') ? [] : permissions.filter((permission) => !granter.has(permission))
  if (beyond.length === 0) return
  throw new AppError('permission_denied', message, {
    details: beyond.map((permission) => ({ field: 'permissions', issue: permission })),
  })
}
