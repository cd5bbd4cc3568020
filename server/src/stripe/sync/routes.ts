import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import { accepted, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { connectionExample, connectionSchema, getConnection, presentConnection } from '../connections/index.ts'
import type { StripeDeps } from '../deps.ts'
import { requestSync } from './request-sync.ts'

export function syncRoutes(deps: StripeDeps): Route[] {
  return [
    tenantRoute({
      operationId: 'syncStripeConnection',
      method: 'POST',
      path: '/stripe-connections/{id}/sync',
      tag: 'Stripe connections',
      summary: 'Read a Stripe account now',
      description:
        'Its ledger, charges, payouts and events. `last_sync_at` tells when it was read to the end; otherwise that happens every hour, and every six hours where Stripe sends events or nothing moves.',
      permission: 'stripe_connections:write',
      params: pathId,
      answers: {
        202: { description: 'The reading starts within seconds', schema: connectionSchema, example: connectionExample },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('strc', id) || !(await deps.store.read(caller.tenantId, (tx) => getConnection(tx, id))))
          throw notFound()
      },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('strc', id)) throw notFound()
        return accepted(presentConnection(deps, await requestSync(deps, caller.tenantId, caller.actor, id)))
      },
    }),
  ]
}
