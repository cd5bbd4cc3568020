import type { Scaled } from '../../base/clock.ts'
import type { Slice } from '../../http/slice.ts'
import { type EndTenantsDeps, giveBack, purgeDeleted } from './end-tenants.ts'
import { type TenantRoutesDeps, tenantRoutes } from './routes.ts'

const GIVE_BACK_MS = 60_000
const PURGE_MS = 3_600_000

/** Tenants: their routes, and what follows when one was deleted. */
export function tenantsSlice(deps: TenantRoutesDeps & EndTenantsDeps & { scaled: Scaled }): Slice {
  return {
    routes: tenantRoutes(deps),
    sweeps: [
      { name: 'give back for deleted tenants', everyMs: deps.scaled(GIVE_BACK_MS), run: () => giveBack(deps) },
      { name: 'purge deleted tenants', everyMs: deps.scaled(PURGE_MS), run: () => purgeDeleted(deps) },
    ],
  }
}
