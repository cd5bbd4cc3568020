import type { TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { JobKind } from '../../jobs/queue.ts'
import { getTenant } from './queries.ts'

/** The same jobs, which do nothing for a tenant that is suspended or deleted by the time they come up: what was queued before
 *  does not go on. What a resumed tenant needs is found again by the sweeps, and asked for by `onResumed`. */
export function forActiveTenants(store: Store, jobs: JobKind[]): JobKind[] {
  return jobs.map((kind) => ({
    ...kind,
    handle: async (data) => {
      if (await isActive(store, data.tenantId)) await kind.handle(data)
    },
  }))
}

async function isActive(store: Store, tenantId: TenantId): Promise<boolean> {
  const tenant = await store.read(tenantId, getTenant)
  return tenant?.status === 'active'
}
