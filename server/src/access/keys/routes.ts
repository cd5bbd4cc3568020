import type { z } from 'zod'
import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Store } from '../../events/store.ts'
import { type ListSource, listBody, listExample, listPage, listQuery, listSchema } from '../../http/list.ts'
import { anyCallerRoute, created, noContent, ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { reachable } from '../tenants/reachable.ts'
import { createKey } from './create-key.ts'
import { getKey, KEY_COLUMNS, keyOf } from './queries.ts'
import { revokeKey } from './revoke-key.ts'
import { createdKeySchema, createKeySchema, keyExample, keySchema, presentKey } from './schemas.ts'

const KEY_LIST: ListSource = {
  select: KEY_COLUMNS,
  from: '(select * from api_keys where revoked_at is null) k',
  alias: 'k',
  filters: { name: { sql: 'k.name', kind: 'text' } },
  sortable: { created_at: { sql: 'k.created_at', kind: 'time' }, name: { sql: 'k.name', kind: 'text' } },
}
const keyListQuery = listQuery(KEY_LIST)
const createdKeyExample = { ...keyExample, key: 'pk_live_3FJq8VhT2Xc9_<43 characters and a checksum>' }

export function keyRoutes(deps: { store: Store; pepper: Secret }): Route[] {
  const { store } = deps
  return [
    tenantRoute({
      operationId: 'listApiKeys',
      method: 'GET',
      path: '/api-keys',
      tag: 'API keys',
      summary: 'List the API keys of the tenant',
      permission: 'api_keys:read',
      query: keyListQuery,
      answers: {
        200: { description: 'A page of keys', schema: listSchema(keySchema), example: listExample(keyExample) },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, KEY_LIST, query))
        return ok(listBody(page, (row) => presentKey(keyOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'createApiKey',
      method: 'POST',
      path: '/api-keys',
      tag: 'API keys',
      summary: 'Create an API key',
      description: 'The key itself is in this answer only. A key never grants more than the key that makes it.',
      permission: 'api_keys:write',
      body: createKeySchema,
      bodyExample: { name: 'bookkeeping export', permissions: ['transactions:read', 'invoices:read'] },
      sensitive: true,
      failClosed: true,
      secretFields: ['key'],
      answers: { 201: { description: 'The new key', schema: createdKeySchema, example: createdKeyExample } },
      handle: async ({ caller, body }) => {
        const { key, text } = await createKey(deps, caller.tenantId, caller.actor, caller.permissions, wantedKey(body))
        return created(`/api-keys/${key.id}`, { ...presentKey(key), key: text })
      },
    }),
    tenantRoute({
      operationId: 'getApiKey',
      method: 'GET',
      path: '/api-keys/{id}',
      tag: 'API keys',
      summary: 'Read an API key',
      permission: 'api_keys:read',
      params: pathId,
      answers: { 200: { description: 'The key, without its secret part', schema: keySchema, example: keyExample } },
      handle: async ({ caller, params }) => {
        const { id } = params
        const key = isId('key', id) ? await store.read(caller.tenantId, (tx) => getKey(tx, id)) : undefined
        if (!key || key.revokedAt) throw notFound()
        return ok(presentKey(key))
      },
    }),
    tenantRoute({
      operationId: 'revokeApiKey',
      method: 'DELETE',
      path: '/api-keys/{id}',
      tag: 'API keys',
      summary: 'Revoke an API key',
      description: 'The key is refused everywhere within five seconds.',
      permission: 'api_keys:write',
      params: pathId,
      sensitive: true,
      answers: { 204: { description: 'Revoked' } },
      handle: async ({ caller, params }) => {
        if (!isId('key', params.id)) throw notFound()
        await revokeKey(store, caller.tenantId, caller.actor, params.id)
        return noContent()
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
      handle: async ({ caller, params, body }) => {
        const tenantId = reachable(caller, params.id)
        const { key, text } = await createKey(deps, tenantId, caller.actor, caller.permissions, wantedKey(body))
        return created(`/api-keys/${key.id}`, { ...presentKey(key), key: text })
      },
    }),
  ]
}

const wantedKey = (body: z.output<typeof createKeySchema>) => ({
  name: body.name,
  permissions: body.permissions,
  expiresAt: body.expires_at ? new Date(body.expires_at) : null,
})
