/** Installations of WHMCS that are reached by their module, which calls us from inside (docs/whmcs-module-protocol.md). */
import type { Slice } from '../../http/slice.ts'
import { archiveRoute } from './archive-route.ts'
import type { ModuleDeps } from './deps.ts'
import { hintJob } from './follow-hint.ts'
import { proveJob } from './prove-module.ts'
import { moduleRoutes } from './routes.ts'
import { moduleSweep } from './watch-modules.ts'

export type { ModuleDeps } from './deps.ts'

export const moduleSlice = (deps: ModuleDeps): Required<Pick<Slice, 'routes' | 'jobs' | 'sweeps'>> => ({
  routes: [...moduleRoutes(deps), archiveRoute()],
  jobs: [proveJob(deps), hintJob(deps)],
  sweeps: [moduleSweep(deps)],
})
