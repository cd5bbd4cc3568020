import { z } from 'zod'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { anyCallerRoute, ok, type Route } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { reach } from '../tenants/reach.ts'
import { createKey, type KeyDeps } from './create-key.ts'
import { keyNamed } from './find-key.ts'
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
      find: async ({ caller, params }) => void (await reach(store, caller, params.id)),
      handle: async ({ caller, params, query, requestId }) => {
        const { tenantId } = await reach(store, caller, params.id)
        const page = await store.read(tenantId, (tx) => listPage<{ id: string }>(tx, KEY_LIST, query))
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
      find: async ({ caller, params }) => void (await reach(store, caller, params.id)),
      handle: async ({ caller, params, body }) => {
        const { tenantId, store: held } = await reach(store, caller, params.id)
        const made = await createKey(
          { ...deps, store: held },
          tenantId,
          caller.actor,
          caller.permissions,
          wantedKey(body),
        )
        return createdKey(made, `/tenants/${tenantId}/api-keys`)
      },
    }),
    anyCallerRoute({
      operationId: 'getTenantApiKey',
      method: 'GET',
      path: '/tenants/{id}/api-keys/{key}',
      tag: 'Tenants',
      summary: 'Read an API key of a tenant',
      permission: 'tenants:read',
      params: pathId.extend({ key: z.string() }),
      answers: { 200: { description: 'The key, without its secret part', schema: keySchema, example: keyExample } },
      handle: async ({ caller, params }) => {
        const { tenantId } = await reach(store, caller, params.id)
        return ok(presentKey(await keyNamed(store, tenantId, params.key)))
      },
    }),
  ]
}
