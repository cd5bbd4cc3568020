import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import { type FreshlyMade, type KeyDeps, makeKeyOf, refuseBeyond } from './create-key.ts'
import { lockKey, replaceKey } from './queries.ts'

/** Makes a key with the same name, permissions and expiry in place of this one, which holds for `overlapSeconds` more and
 *  never longer than it would have. `granter`: what the caller holds; nobody gets a key that may more (403). Throws
 *  `resource_not_found` for an unknown or revoked key, `resource_conflict` for one that expired or was rotated before: its
 *  secret is out of use, and the key in its place is the one to rotate. */
export async function rotateKey(
  deps: KeyDeps,
  tenantId: TenantId,
  actor: Actor,
  granter: ReadonlySet<string>,
  rotation: { id: Id<'key'>; overlapSeconds: number },
): Promise<FreshlyMade> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const old = await lockKey(tx, rotation.id)
    if (!old || old.revokedAt) throw notFound()
    refuseBeyond(granter, old.permissions, 'This key may do more than you may. Rotate it with one that holds as much.')
    if (old.replacedBy) {
      throw new AppError(
        'resource_conflict',
        `This key was rotated already. Rotate ${old.replacedBy}, which took its place.`,
      )
    }
    if (old.expiresAt && old.expiresAt <= tx.now) {
      throw new AppError('resource_conflict', 'This key has expired. Create a new one instead.')
    }
    const made = await makeKeyOf(tx, deps.pepper, old)
    const overlapEnds = new Date(tx.now.getTime() + rotation.overlapSeconds * 1000)
    const expiresAt = old.expiresAt && old.expiresAt < overlapEnds ? old.expiresAt : overlapEnds
    await replaceKey(tx, old.id, { replacedBy: made.key.id, expiresAt })
    tx.audit({
      action: 'api_key.rotate',
      resource: { type: 'api_key', id: old.id },
      changes: {
        before: { expires_at: old.expiresAt },
        after: { expires_at: expiresAt, replaced_by: made.key.id, permissions: old.permissions },
      },
    })
    return made
  })
}
