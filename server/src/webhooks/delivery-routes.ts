import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import { type Id, isId } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { accepted, ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { deliveryOf, getDelivery, getRequestBody } from './delivery-queries.ts'
import { redeliver } from './redeliver.ts'
import { replayEvents } from './replay-events.ts'
import { existingWebhook, hookId } from './routes.ts'
import {
  DELIVERY_LIST,
  deliveryExample,
  deliveryListQuery,
  deliverySchema,
  deliveryWithRequestExample,
  deliveryWithRequestSchema,
  presentDelivery,
  presentDeliveryWithRequest,
  replaySchema,
} from './schemas.ts'
import { testWebhook } from './test-webhook.ts'

const deliveryParams = z.object({ id: z.string(), dlv: z.string() })
const waitingExample = { ...deliveryExample, status: 'pending', attempts: [], next_attempt_at: '2025-04-10T14:35:22Z' }

/** What went to a webhook, and how to send it again. */
export function deliveryRoutes({ store }: { store: Store }): Route[] {
  const find = existingWebhook(store)
  return [
    tenantRoute({
      operationId: 'testWebhook',
      method: 'POST',
      path: '/webhooks/{id}/test',
      tag: 'Webhooks',
      summary: 'Send a test event',
      description:
        'Sends `webhook.test` to this webhook, whatever it subscribes to. Read the delivery to see the answer.',
      permission: 'webhooks:write',
      params: pathId,
      failClosed: true,
      answers: {
        202: {
          description: 'The delivery, on its way',
          schema: deliverySchema,
          example: { ...waitingExample, event_type: 'webhook.test' },
        },
      },
      find,
      handle: async ({ caller, params }) =>
        accepted(presentDelivery(await testWebhook(store, caller.tenantId, caller.actor, hookId(params.id)))),
    }),
    tenantRoute({
      operationId: 'listDeliveries',
      method: 'GET',
      path: '/webhooks/{id}/deliveries',
      tag: 'Webhooks',
      summary: 'List the deliveries of a webhook',
      description: 'Kept for 30 days after they are settled.',
      permission: 'webhooks:read',
      params: pathId,
      query: deliveryListQuery,
      answers: {
        200: {
          description: 'A page of deliveries with their attempts',
          schema: listSchema(deliverySchema),
          example: listExample(deliveryExample),
        },
      },
      find,
      handle: async ({ caller, params, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) =>
          listPage<{ id: string }>(tx, DELIVERY_LIST, { ...query, webhook_id: params.id }),
        )
        return ok(listBody(page, (row) => presentDelivery(deliveryOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getDelivery',
      method: 'GET',
      path: '/webhooks/{id}/deliveries/{dlv}',
      tag: 'Webhooks',
      summary: 'Read a delivery',
      description: 'With what was sent: the body byte for byte, and the headers without the signatures.',
      permission: 'webhooks:read',
      params: deliveryParams,
      answers: {
        200: {
          description: 'The delivery with its attempts and its request',
          schema: deliveryWithRequestSchema,
          example: deliveryWithRequestExample,
        },
      },
      find,
      handle: ({ caller, params }) =>
        store.read(caller.tenantId, async (tx) => {
          const row = await getDelivery(tx, hookId(params.id), deliveryId(params.dlv))
          if (!row) throw notFound()
          return ok(presentDeliveryWithRequest(row, await getRequestBody(tx, row.eventId)))
        }),
    }),
    tenantRoute({
      operationId: 'redeliver',
      method: 'POST',
      path: '/webhooks/{id}/deliveries/{dlv}/redeliver',
      tag: 'Webhooks',
      summary: 'Send a delivery again',
      description:
        'The same event with the same bytes, now. A settled delivery gets all its tries again; one that waits skips the wait.',
      permission: 'webhooks:write',
      params: deliveryParams,
      answers: { 202: { description: 'The delivery, on its way', schema: deliverySchema, example: waitingExample } },
      find: async ({ caller, params }) => {
        const row = await store.read(caller.tenantId, (tx) =>
          getDelivery(tx, hookId(params.id), deliveryId(params.dlv)),
        )
        if (!row) throw notFound()
      },
      handle: async ({ caller, params }) =>
        accepted(
          presentDelivery(
            await redeliver(store, caller.tenantId, caller.actor, hookId(params.id), deliveryId(params.dlv)),
          ),
        ),
    }),
    tenantRoute({
      operationId: 'replayEvents',
      method: 'POST',
      path: '/webhooks/{id}/replay',
      tag: 'Webhooks',
      summary: 'Send the events of a time range again',
      description:
        'One new delivery for each event that the webhook subscribes to, with the same event id. `only_failed`: those whose latest delivery here failed. `dry_run`: only count.',
      permission: 'webhooks:write',
      params: pathId,
      body: replaySchema,
      bodyExample: { from: '2025-04-10T12:00:00Z', to: '2025-04-10T18:00:00Z', only_failed: true },
      answers: {
        202: {
          description: 'How many events',
          schema: z.object({ events: z.int() }).meta({ id: 'Replay' }),
          example: { events: 3 },
        },
      },
      find,
      handle: async ({ caller, params, body }) =>
        accepted({
          events: await replayEvents(store, caller.tenantId, caller.actor, hookId(params.id), {
            from: body.from,
            to: body.to ?? null,
            onlyFailed: body.only_failed ?? false,
            dryRun: body.dry_run ?? false,
          }),
        }),
    }),
  ]
}

function deliveryId(text: string): Id<'dlv'> {
  if (!isId('dlv', text)) throw notFound()
  return text
}
