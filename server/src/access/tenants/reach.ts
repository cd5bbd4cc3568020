import { AppError, notFound } from '../../base/errors.ts'
import { isId, type TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { Caller } from '../../http/route.ts'
import { findTenant } from './directory.ts'

/** As whom a caller reaches a tenant: the operator, its partner, or the tenant itself. */
export type Standing = 'operator' | 'partner' | 'self'

/** The tenant named in the path, when this caller may reach it: the operator every one, a partner itself and its children,
 *  others themselves. Another one's id answers like one that never was. */
export async function reach(
  store: Store,
  caller: Caller,
  id: string,
): Promise<{ tenantId: TenantId; standing: Standing }> {
  if (!isId('ten', id)) throw notFound()
  if (caller.kind === 'tenant' && caller.tenantId === id) return { tenantId: id, standing: 'self' }
  if (caller.kind === 'tenant' && !caller.partner) throw notFound()
  const tenant = await store.directory((tx) => findTenant(tx, id))
  if (!tenant) throw notFound()
  if (caller.kind === 'operator') return { tenantId: id, standing: 'operator' }
  if (tenant.parentId !== caller.tenantId) throw notFound()
  return { tenantId: id, standing: 'partner' }
}

/** For what only the operator and partners do. Asked before anything else, so that nobody learns from it what exists. */
export function refuseCustomers(caller: Caller): void {
  if (caller.kind === 'operator' || caller.partner) return
  throw new AppError('permission_denied', 'Only the operator and partners make and delete tenants')
}
