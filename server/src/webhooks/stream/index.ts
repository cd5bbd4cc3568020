/** Events as they happen, for people who look and programs that listen. */
import type { Store } from '../../events/store.ts'
import type { Slice } from '../../http/slice.ts'
import type { Wakeups } from '../../jobs/wake.ts'
import { streamRoutes } from './routes.ts'
import { createEventTails } from './tail-events.ts'
import { wakeStreams } from './watchers.ts'

export function eventStreams(deps: {
  store: Store
  wakeups: Pick<Wakeups, 'on'>
  report(error: unknown): void
}): Required<Pick<Slice, 'routes' | 'subscribers'>> {
  return { routes: streamRoutes({ store: deps.store, tails: createEventTails(deps) }), subscribers: [wakeStreams] }
}
