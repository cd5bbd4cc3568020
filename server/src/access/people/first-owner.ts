import type { TenantId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import { type InviteDeps, inviteUser } from './invite-user.ts'

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
