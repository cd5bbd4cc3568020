import { AppError, notFound } from '../../base/errors.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import type { Actor } from '../../events/audit.ts'
import type { Change } from '../../events/store.ts'
import { coversRole, type Role } from '../roles.ts'
import { lockTenant } from '../tenants/queries.ts'
import { type InviteDeps, newInvitation, productName, roleTooHigh, sendInvitation } from './invite-user.ts'
import { deleteTokensOf } from './session-queries.ts'
import { countActiveOwners, lockUser, markUserDeleted, updateUser, type UserRow } from './user-queries.ts'

export interface UserPatch {
  name?: string | undefined
  role?: Role | undefined
  /** `disabled` shuts out at once; `active` lets in again who had accepted; `invited` sends the invitation again. */
  status?: UserRow['status'] | undefined
}

/** Changes name, role or state. `held`: what the changer holds; it must cover the role as it is and as it will be (403).
 *  Throws `resource_not_found`, `resource_conflict` for a step the state does not allow and for the last active owner. */
export async function changeUser(
  deps: InviteDeps,
  tenantId: TenantId,
  actor: Actor,
  held: ReadonlySet<string>,
  id: Id<'usr'>,
  patch: UserPatch,
): Promise<UserRow> {
  const product = await productName(deps, tenantId)
  return deps.store.change(tenantId, actor, async (tx) => {
    const before = await takeUser(tx, held, id)
    if (patch.role !== undefined && !coversRole(held, patch.role)) throw roleTooHigh(patch.role)
    const wanted = {
      id,
      name: patch.name ?? before.name,
      role: patch.role ?? before.role,
      status: nextStatus(before, patch.status),
    }
    await refuseLastOwner(tx, before, wanted)
    const invitation = patch.status === 'invited' ? newInvitation(deps) : undefined
    const kept = wanted.status === 'invited' ? before : NO_INVITATION
    const after = await updateUser(tx, { ...wanted, ...pickInvitation(kept), ...invitation?.row })
    if (invitation) await sendInvitation(deps, tx, after, product, invitation.link)
    if (after.status !== 'active') await deleteTokensOf(tx, id)
    tx.audit({
      action: invitation ? 'user.invite' : 'user.change',
      resource: { type: 'user', id },
      changes: { before: shown(before), after: shown(after) },
    })
    return after
  })
}

/** Takes the user out of the tenant: its tokens die at once, its id stays with what it did. Throws as `changeUser`. */
export async function deleteUser(
  deps: InviteDeps,
  tenantId: TenantId,
  actor: Actor,
  held: ReadonlySet<string>,
  id: Id<'usr'>,
): Promise<void> {
  await deps.store.change(tenantId, actor, async (tx) => {
    const before = await takeUser(tx, held, id)
    await refuseLastOwner(tx, before, { role: before.role, status: 'disabled' })
    await markUserDeleted(tx, id)
    await deleteTokensOf(tx, id)
    tx.audit({ action: 'user.delete', resource: { type: 'user', id }, changes: { before: shown(before) } })
  })
}

/** The user to change, with the tenant's row held first: changes of a tenant's users happen one after the other, so that two
 *  owners never take each other out at the same moment. */
async function takeUser(tx: Change, held: ReadonlySet<string>, id: Id<'usr'>): Promise<UserRow> {
  await lockTenant(tx)
  const user = await lockUser(tx, id)
  if (!user) throw notFound()
  if (!coversRole(held, user.role)) throw roleTooHigh(user.role)
  return user
}

/** A tenant always has somebody who may do everything. Invited owners may never come, so they do not count. */
async function refuseLastOwner(tx: Change, before: UserRow, after: Pick<UserRow, 'role' | 'status'>): Promise<void> {
  const counts = (user: Pick<UserRow, 'role' | 'status'>) => user.role === 'owner' && user.status === 'active'
  if (!counts(before) || counts(after) || (await countActiveOwners(tx)) > 1) return
  throw new AppError(
    'resource_conflict',
    'This is the last active owner. Make somebody else an owner first, who has accepted the invitation.',
  )
}

function nextStatus(before: UserRow, wanted: UserRow['status'] | undefined): UserRow['status'] {
  if (wanted === undefined || (wanted === before.status && wanted !== 'invited')) return before.status
  const accepted = before.personUuid !== null
  if (wanted === 'disabled') return wanted
  if (wanted === 'active' && accepted) return wanted
  if (wanted === 'invited' && !accepted) return wanted
  throw new AppError(
    'resource_conflict',
    accepted
      ? 'This user has accepted the invitation. Set the status to active or disabled.'
      : 'This user becomes active by accepting the invitation. Set the status to invited to send it again.',
    { details: [{ field: 'status', issue: `Cannot become ${wanted} from ${before.status}` }] },
  )
}

const NO_INVITATION = { invitationDigest: null, invitationExpiresAt: null }
const pickInvitation = (user: Pick<UserRow, 'invitationDigest' | 'invitationExpiresAt'>) => ({
  invitationDigest: user.invitationDigest,
  invitationExpiresAt: user.invitationExpiresAt,
})

const shown = ({ email, name, role, status }: UserRow) => ({ email, name, role, status })
