import { AppError, notFound } from '../../base/errors.ts'
import { isId, type TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { Caller } from '../../http/route.ts'
import { findTenant } from './directory.ts'
import { lockTenant } from './queries.ts'

/** As whom a caller reaches a tenant: the operator, its partner, or the tenant itself. */
export type Standing = 'operator' | 'partner' | 'self'

export interface Reached {
  tenantId: TenantId
  standing: Standing
  /** Changes the tenant only while the caller still reaches it: between the look and the change it may have been moved. */
  store: Store
}

/** The tenant named in the path, when this caller may reach it: the operator every one, a partner itself and its children,
 *  others themselves. Another one's id answers like one that never was. */
export async function reach(store: Store, caller: Caller, id: string): Promise<Reached> {
  if (!isId('ten', id)) throw notFound()
  if (caller.kind === 'tenant' && caller.tenantId === id) return { tenantId: id, standing: 'self', store }
  if (caller.kind === 'tenant' && !caller.partner) throw notFound()
  const tenant = await store.directory((tx) => findTenant(tx, id))
  if (!tenant) throw notFound()
  if (caller.kind === 'operator') return { tenantId: id, standing: 'operator', store }
  if (tenant.parentId !== caller.tenantId) throw notFound()
  return { tenantId: id, standing: 'partner', store: whileChildOf(store, caller.tenantId) }
}

/** The same store, whose changes first make sure that the tenant belongs to this partner: under the lock of its row, which whoever
 *  moves it waits for. */
const whileChildOf = (store: Store, partnerId: TenantId): Store => ({
  ...store,
  change: (tenantId, actor, work) =>
    store.change(tenantId, actor, async (tx) => {
      if ((await lockTenant(tx))?.parentId !== partnerId) throw notFound()
      return work(tx)
    }),
})

/** For what only the operator and partners do. Asked before anything else, so that nobody learns from it what exists. */
export function refuseCustomers(caller: Caller): void {
  if (caller.kind === 'operator' || caller.partner) return
  throw new AppError('permission_denied', 'Only the operator and partners make and delete tenants')
}
