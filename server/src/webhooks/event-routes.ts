import { notFound } from '../base/errors.ts'
import { isId, uuidOf } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import {
  EVENT_LIST,
  eventExample,
  eventListQuery,
  eventSchema,
  eventTypeSchema,
  presentEvent,
} from './event-schemas.ts'
import { eventTypeListQuery, eventTypePage, presentEventType } from './event-types.ts'

/** What happened, and what kinds of things may happen. */
export function eventRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listEvents',
      method: 'GET',
      path: '/events',
      tag: 'Events',
      summary: 'List events',
      description: 'What happened, newest first, whether or not a webhook wanted to know.',
      permission: 'webhooks:read',
      query: eventListQuery,
      answers: {
        200: { description: 'A page of events', schema: listSchema(eventSchema), example: listExample(eventExample) },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) =>
          listPage<{ id: string; body: string }>(tx, EVENT_LIST, query),
        )
        return ok(listBody(page, presentEvent, requestId))
      },
    }),
    tenantRoute({
      operationId: 'getEvent',
      method: 'GET',
      path: '/events/{id}',
      tag: 'Events',
      summary: 'Read an event',
      permission: 'webhooks:read',
      params: pathId,
      answers: { 200: { description: 'The event as webhooks get it', schema: eventSchema, example: eventExample } },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('evt', id)) throw notFound()
        const row = await store.read(caller.tenantId, (tx) =>
          tx.first<{ body: string }>('select body from events where tenant_id = $1 and id = $2', [
            tx.tenantUuid,
            uuidOf(id),
          ]),
        )
        if (!row) throw notFound()
        return ok(presentEvent(row))
      },
    }),
    tenantRoute({
      operationId: 'listEventTypes',
      method: 'GET',
      path: '/event-types',
      tag: 'Events',
      summary: 'List the types of events',
      description: 'What a webhook may subscribe to, also in groups such as `match.*` or altogether as `*`.',
      permission: 'webhooks:read',
      query: eventTypeListQuery,
      answers: {
        200: {
          description: 'A page of types',
          schema: listSchema(eventTypeSchema),
          example: listExample(presentEventType('match.applied')),
        },
      },
      handle: async ({ query, requestId }) => ok(listBody(eventTypePage(query), presentEventType, requestId)),
    }),
  ]
}
