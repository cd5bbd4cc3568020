import type { Clock, Scaled } from '../../base/clock.ts'
import type { Store } from '../../events/store.ts'
import type { Slice } from '../../http/slice.ts'
import { forgetCalls } from './forget-calls.ts'
import { usageRoutes } from './routes.ts'

const HOUR_MS = 3_600_000

/** The log of calls as an API, and its end after 30 days. */
export function usageSlice(deps: { store: Store; clock: Clock; scaled: Scaled }): Slice {
  return {
    routes: usageRoutes(deps),
    sweeps: [{ name: 'forget-calls', everyMs: deps.scaled(HOUR_MS), run: () => forgetCalls(deps) }],
  }
}
