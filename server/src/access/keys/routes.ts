import type { TenantId } from '../../base/ids.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { noContent, ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { createKey, type KeyDeps } from './create-key.ts'
import { keyId, keyNamed } from './find-key.ts'
import { KEY_LIST, keyListQuery } from './list.ts'
import { keyOf } from './queries.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import {
  createdKey,
  createdKeyExample,
  createdKeySchema,
  createKeySchema,
  keyExample,
  keySchema,
  OVERLAP_SECONDS,
  presentKey,
  rotateKeySchema,
  wantedKey,
} from './schemas.ts'
import { tenantKeyRoutes } from './tenant-key-routes.ts'

/** `onKeysChanged` is told once a key of the tenant no longer holds as it did. */
export interface KeyRoutesDeps extends KeyDeps {
  onKeysChanged?(tenantId: TenantId): void
}

export function keyRoutes(deps: KeyRoutesDeps): Route[] {
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
      handle: async ({ caller, body }) =>
        createdKey(await createKey(deps, caller.tenantId, caller.actor, caller.permissions, wantedKey(body))),
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
      handle: async ({ caller, params }) => ok(presentKey(await keyNamed(store, caller.tenantId, params.id))),
    }),
    tenantRoute({
      operationId: 'revokeApiKey',
      method: 'DELETE',
      path: '/api-keys/{id}',
      tag: 'API keys',
      summary: 'Revoke an API key',
      description: 'The key is refused everywhere within five seconds, the one that makes this call included.',
      permission: 'api_keys:write',
      params: pathId,
      sensitive: true,
      answers: { 204: { description: 'Revoked' } },
      handle: async ({ caller, params }) => {
        await revokeKey(store, caller.tenantId, caller.actor, keyId(params.id))
        deps.onKeysChanged?.(caller.tenantId)
        return noContent()
      },
    }),
    tenantRoute({
      operationId: 'rotateApiKey',
      method: 'POST',
      path: '/api-keys/{id}/rotate',
      tag: 'API keys',
      summary: 'Put a new key in the place of an API key',
      description:
        'Answers a new key with the same name, permissions and expiry; the key itself is in this answer only. The old one still holds for `overlap_seconds` (a day unless given), never longer than it would have.',
      permission: 'api_keys:write',
      params: pathId,
      body: rotateKeySchema,
      bodyExample: { overlap_seconds: 3600 },
      sensitive: true,
      failClosed: true,
      secretFields: ['key'],
      answers: { 201: { description: 'The new key', schema: createdKeySchema, example: createdKeyExample } },
      find: async ({ caller, params }) => void (await keyNamed(store, caller.tenantId, params.id)),
      handle: async ({ caller, params, body }) => {
        const made = await rotateKey(deps, caller.tenantId, caller.actor, caller.permissions, {
          id: keyId(params.id),
          overlapSeconds: body.overlap_seconds ?? OVERLAP_SECONDS,
        })
        deps.onKeysChanged?.(caller.tenantId)
        return createdKey(made)
      },
    }),
    ...tenantKeyRoutes(deps),
  ]
}
