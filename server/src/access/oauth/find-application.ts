import { type Id, newId, type TenantId } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { Store } from '../../events/store.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { getTenant, type TenantRow } from '../tenants/queries.ts'
import { type ApplicationRow, findApplicationOwner, getApplication } from './application-queries.ts'

/** An application and the tenant it belongs to. */
export interface Registered {
  application: ApplicationRow
  owner: TenantRow
}

/** The application of a `client_id`, whatever its state. One that does not exist takes the same steps: how long an answer takes
 *  says nothing. */
export async function findApplication(store: Store, id: Id<'app'> | undefined): Promise<Registered | undefined> {
  const asked = id ?? newId('app')
  const ownerId = await store.directory((tx) => findApplicationOwner(tx, asked))
  const found = await store.read(ownerId ?? OPERATOR_TENANT, (tx) => registered(tx, asked))
  return ownerId && found
}

/** The same, when its tenant is known and is the transaction's. */
export async function registered(tx: TenantTx, id: Id<'app'>): Promise<Registered | undefined> {
  const [application, owner] = [await getApplication(tx, id), await getTenant(tx)]
  return application && owner && { application, owner }
}

/** Whether it may be used now: switched on, in a tenant at work. */
export const isUsable = ({ application, owner }: Registered): boolean =>
  application.status === 'active' && owner.status === 'active'

/** Where an application may act: in its own tenant, and a partner's in the tenants of that partner. */
export const mayActIn = (ownerId: TenantId, tenant: Pick<TenantRow, 'id' | 'parentId'>): boolean =>
  tenant.id === ownerId || tenant.parentId === ownerId
