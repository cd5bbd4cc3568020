import { notFound } from '../../base/errors.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { anyCallerRoute, ok, type Route } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { getTenant } from '../tenants/queries.ts'
import { reachable } from '../tenants/reachable.ts'
import { createKey, type KeyDeps } from './create-key.ts'
import { KEY_LIST, keyListQuery } from './list.ts'
import { keyOf } from './queries.ts'
import {
  createdKey,
  createdKeyExample,
  createdKeySchema,
  createKeySchema,
  keyExample,
  keySchema,
  presentKey,
  wantedKey,
} from './schemas.ts'

/** The keys of a tenant for those above it: the operator, and a partner for its children. */
export function tenantKeyRoutes(deps: KeyDeps): Route[] {
  const { store } = deps
  return [
    anyCallerRoute({
      operationId: 'listTenantApiKeys',
      method: 'GET',
      path: '/tenants/{id}/api-keys',
      tag: 'Tenants',
      summary: 'List the API keys of a tenant',
      permission: 'tenants:read',
      params: pathId,
      query: keyListQuery,
      answers: {
        200: { description: 'A page of keys', schema: listSchema(keySchema), example: listExample(keyExample) },
      },
      find: async ({ caller, params }) => void reachable(caller, params.id),
      handle: async ({ caller, params, query, requestId }) => {
        const page = await store.read(reachable(caller, params.id), async (tx) => {
          if (!(await getTenant(tx))) throw notFound()
          return listPage<{ id: string }>(tx, KEY_LIST, query)
        })
        return ok(listBody(page, (row) => presentKey(keyOf(row)), requestId))
      },
    }),
    anyCallerRoute({
      operationId: 'createTenantApiKey',
      method: 'POST',
      path: '/tenants/{id}/api-keys',
      tag: 'Tenants',
      summary: 'Create an API key of a tenant',
      description: 'How a new tenant gets its first key.',
      permission: 'tenants:write',
      params: pathId,
      body: createKeySchema,
      bodyExample: { name: 'first key', permissions: ['*'] },
      sensitive: true,
      failClosed: true,
      secretFields: ['key'],
      answers: { 201: { description: 'The new key', schema: createdKeySchema, example: createdKeyExample } },
      find: async ({ caller, params }) => void reachable(caller, params.id),
      handle: async ({ caller, params, body }) =>
        createdKey(
          await createKey(deps, reachable(caller, params.id), caller.actor, caller.permissions, wantedKey(body)),
        ),
    }),
  ]
}
