import type { Store } from '../../events/store.ts'
import { listBody, listExample, listSchema, listScoped } from '../../http/list.ts'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { keyNamed } from '../keys/find-key.ts'
import { CALL_LIST, callExample, callListQuery, callSchema, presentCall } from './schemas.ts'

export function usageRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listApiKeyUsage',
      method: 'GET',
      path: '/api-keys/{id}/usage',
      tag: 'API keys',
      summary: 'List the calls made with an API key',
      description:
        'Every call of the last 30 days, newest first, refused ones included. Calls show here within about a second. A revoked key answers 404.',
      permission: 'api_keys:read',
      params: pathId,
      query: callListQuery,
      answers: {
        200: { description: 'A page of calls', schema: listSchema(callSchema), example: listExample(callExample) },
      },
      find: async ({ caller, params }) => void (await keyNamed(store, caller.tenantId, params.id)),
      handle: async ({ caller, params, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) =>
          listScoped<{ id: string }>(tx, CALL_LIST, query, {
            sql: 'c.tenant_id = $1 and c.actor_id = $2',
            values: [tx.tenantUuid, params.id],
          }),
        )
        return ok(listBody(page, presentCall, requestId))
      },
    }),
  ]
}
