import type { TenantTx } from '../../database/transaction.ts'
import { getTenant, type TenantRow } from '../tenants/queries.ts'
import { permissionsOf } from '../roles.ts'
import { getUser, type UserRow } from '../people/user-queries.ts'
import type { ApplicationRow } from './application-queries.ts'
import { mayActIn } from './find-application.ts'
import type { GrantRow } from './grant-queries.ts'
import { intersect } from './scope.ts'

/** Who stands behind a grant, and what it may do at this moment. */
export interface Standing {
  tenant: TenantRow
  /** Undefined: the application acts as itself. */
  user: UserRow | undefined
  /** What is asked, as far as the grant, the application and the role allow it now. */
  permissions: string[]
}

/** Whether a grant holds now, and how far: `wanted` within the grant, the application and the person's role, each as it is at
 *  this moment. */
export async function standingOf(
  tx: TenantTx,
  grant: GrantRow,
  application: ApplicationRow,
  wanted: readonly string[],
): Promise<Standing | 'revoked' | 'tenant_not_active'> {
  if (grant.revokedAt) return 'revoked'
  const [tenant, user] = [await getTenant(tx), grant.userId ? await getUser(tx, grant.userId) : undefined]
  if (!tenant || !mayActIn(grant.ownerId, tenant)) return 'revoked'
  if (tenant.status !== 'active') return 'tenant_not_active'
  if (grant.userId && user?.status !== 'active') return 'revoked'
  const allowed = intersect(intersect(wanted, grant.permissions), application.permissions)
  return { tenant, user, permissions: user ? intersect(allowed, permissionsOf(user.role)) : allowed }
}
