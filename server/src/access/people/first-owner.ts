import type { TenantId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import { lockTenant } from '../tenants/queries.ts'
import { emailKey } from './address.ts'
import { type InviteDeps, inviteUser, newInvitation } from './invite-user.ts'
import { listUsers, updateUser } from './user-queries.ts'

/** Gives a tenant that never had a user its first owner, by a link to hand over: how the operator, and a sandbox, come to
 *  somebody who can sign in. Undefined when there was a user before, removed ones included. */
export async function inviteFirstOwner(
  deps: InviteDeps,
  tenantId: TenantId,
  owner: { email: string; name: string },
): Promise<{ link: string } | undefined> {
  const unpeopled = await deps.store.read(
    tenantId,
    async (tx) => !(await tx.first('select 1 from users where tenant_id = $1 limit 1', [tx.tenantUuid])),
  )
  if (!unpeopled) return undefined
  // Two processes that start at once: the address is unique, so the second gets a conflict and nothing is doubled.
  const wanted = { ...owner, role: 'owner' as const }
  const { link } = await inviteUser(deps, tenantId, systemActor('first start'), new Set(['*']), wanted)
  return { link }
}

/** A fresh link for a first owner who has not come yet; the former one no longer holds. Undefined once anybody has accepted an
 *  invitation into the tenant, and where this address has no open one. */
export async function renewFirstOwner(
  deps: InviteDeps,
  tenantId: TenantId,
  email: string,
): Promise<{ link: string } | undefined> {
  const { link, row } = newInvitation(deps)
  return deps.store.change(tenantId, systemActor('first start'), async (tx) => {
    await lockTenant(tx)
    const users = await listUsers(tx)
    const owner = users.find((user) => user.emailKey === emailKey(email) && user.status === 'invited')
    if (!owner || users.some(({ personUuid }) => personUuid !== null)) return undefined
    await updateUser(tx, { ...owner, ...row })
    tx.audit({ action: 'user.invite', resource: { type: 'user', id: owner.id }, changes: {} })
    return { link }
  })
}
