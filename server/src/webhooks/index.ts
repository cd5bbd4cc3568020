/** Tenants' webhooks: who wants which events, signed and delivered, with the log of what was answered. */
import { eachApart } from '../base/each-apart.ts'
import { idOf } from '../base/ids.ts'
import type { Slice } from '../http/slice.ts'
import type { Wakeups } from '../jobs/wake.ts'
import { deleteOldDeliveries, listTenants } from './delivery-queries.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { webhookRoutes } from './routes.ts'
import { eventStreams } from './stream/index.ts'
import { subscribeWebhooks } from './subscribe.ts'
import { type DeliveryDeps, runDeliveries } from './worker.ts'

export { type ClaimDue, createClaim, type DeliveryDeps } from './worker.ts'

const KEPT_DAYS = 30
const SWEEP_MS = 3_600_000

export interface WebhooksDeps extends DeliveryDeps {
  wakeups: Wakeups
  /** Hears of what broke unexpectedly while delivering. */
  report(queue: string, error: unknown): void
}

export function webhooksSlice(deps: WebhooksDeps): Slice {
  const { store } = deps
  const streams = eventStreams({ ...deps, report: (error) => deps.report('event-streams', error) })
  return {
    routes: [...webhookRoutes(deps), ...deliveryRoutes(deps), ...streams.routes, ...eventRoutes(deps)],
    subscribers: [subscribeWebhooks, ...streams.subscribers],
    workers: [() => runDeliveries({ ...deps, report: (error) => deps.report('deliveries', error) })],
    sweeps: [
      {
        name: 'forget-deliveries',
        everyMs: deps.scaled(SWEEP_MS),
        run: async () => {
          await eachApart(await store.directory(listTenants), (tenant) =>
            store.read(idOf('ten', tenant), (tx) => deleteOldDeliveries(tx, KEPT_DAYS)),
          )
        },
      },
    ],
  }
}
