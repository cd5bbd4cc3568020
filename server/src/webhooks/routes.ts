import { notFound } from '../base/errors.ts'
import { type Id, isId, type TenantId } from '../base/ids.ts'
import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import type { Outbound } from '../outbound/index.ts'
import { changeWebhook } from './change-webhook.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { getWebhook, type WebhookRow, webhookOf } from './queries.ts'
import { rotateSecret } from './rotate-secret.ts'
import {
  createWebhookSchema,
  patchWebhookSchema,
  presentWebhook,
  WEBHOOK_LIST,
  webhookExample,
  webhookListQuery,
  webhookSchema,
  webhookWithSecretExample,
  webhookWithSecretSchema,
} from './schemas.ts'

export function webhookRoutes(deps: { store: Store; vault: Vault; outbound: Outbound }): Route[] {
  const { store } = deps
  const find = existingWebhook(store)
  return [
    tenantRoute({
      operationId: 'listWebhooks',
      method: 'GET',
      path: '/webhooks',
      tag: 'Webhooks',
      summary: 'List webhooks',
      permission: 'webhooks:read',
      query: webhookListQuery,
      answers: {
        200: {
          description: 'A page of webhooks',
          schema: listSchema(webhookSchema),
          example: listExample(webhookExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, WEBHOOK_LIST, query))
        return ok(listBody(page, (row) => presentWebhook(webhookOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'createWebhook',
      method: 'POST',
      path: '/webhooks',
      tag: 'Webhooks',
      summary: 'Subscribe an address to events',
      description:
        'The answer holds the secret that signs each delivery; it is not shown again. The address must be public and begin with https://.',
      permission: 'webhooks:write',
      body: createWebhookSchema,
      bodyExample: { url: webhookExample.url, events: webhookExample.events },
      sensitive: true,
      secretFields: ['secret'],
      answers: {
        201: { description: 'The new webhook', schema: webhookWithSecretSchema, example: webhookWithSecretExample },
      },
      handle: async ({ caller, body }) => {
        const { webhook, secret } = await createWebhook(deps, caller.tenantId, caller.actor, body)
        return created(`/webhooks/${webhook.id}`, { ...presentWebhook(webhook), secret })
      },
    }),
    tenantRoute({
      operationId: 'getWebhook',
      method: 'GET',
      path: '/webhooks/{id}',
      tag: 'Webhooks',
      summary: 'Read a webhook',
      permission: 'webhooks:read',
      params: pathId,
      answers: {
        200: { description: 'The webhook, without its secret', schema: webhookSchema, example: webhookExample },
      },
      handle: async ({ caller, params }) => ok(presentWebhook(await mustExist(store, caller.tenantId, params.id))),
    }),
    tenantRoute({
      operationId: 'changeWebhook',
      method: 'PATCH',
      path: '/webhooks/{id}',
      tag: 'Webhooks',
      summary: 'Change a webhook, or switch it off and on',
      description: 'Switching off stops the deliveries that wait; they can be sent again when it is on.',
      permission: 'webhooks:write',
      params: pathId,
      body: patchWebhookSchema,
      bodyExample: { active: false },
      answers: { 200: { description: 'The webhook as it is now', schema: webhookSchema, example: webhookExample } },
      find,
      handle: async ({ caller, params, body }) =>
        ok(presentWebhook(await changeWebhook(deps, caller.tenantId, caller.actor, hookId(params.id), body))),
    }),
    tenantRoute({
      operationId: 'deleteWebhook',
      method: 'DELETE',
      path: '/webhooks/{id}',
      tag: 'Webhooks',
      summary: 'Delete a webhook',
      permission: 'webhooks:write',
      params: pathId,
      answers: { 204: { description: 'Deleted' } },
      find,
      handle: async ({ caller, params }) => {
        await deleteWebhook(store, caller.tenantId, caller.actor, hookId(params.id))
        return noContent()
      },
    }),
    tenantRoute({
      operationId: 'rotateWebhookSecret',
      method: 'POST',
      path: '/webhooks/{id}/rotate-secret',
      tag: 'Webhooks',
      summary: 'Give a webhook a new secret',
      description:
        'For 24 hours each delivery carries two signatures, the new one first. The secret is not shown again.',
      permission: 'webhooks:write',
      params: pathId,
      sensitive: true,
      secretFields: ['secret'],
      answers: {
        200: {
          description: 'The webhook with its new secret',
          schema: webhookWithSecretSchema,
          example: { ...webhookWithSecretExample, previous_secret_valid_until: '2025-04-11T14:30:00Z' },
        },
      },
      find,
      handle: async ({ caller, params }) => {
        const { webhook, secret } = await rotateSecret(deps, caller.tenantId, caller.actor, hookId(params.id))
        return ok({ ...presentWebhook(webhook), secret })
      },
    }),
  ]
}

/** Whatever is no id simply does not exist. */
export function hookId(text: string): Id<'hook'> {
  if (!isId('hook', text)) throw notFound()
  return text
}

/** For `find`: the webhook in the path must be the tenant's own. */
export const existingWebhook =
  (store: Store) =>
  async ({ caller, params }: { caller: TenantCaller; params: { id: string } }): Promise<void> => {
    await mustExist(store, caller.tenantId, params.id)
  }

async function mustExist(store: Store, tenantId: TenantId, id: string): Promise<WebhookRow> {
  const row = await store.read(tenantId, (tx) => getWebhook(tx, hookId(id)))
  if (!row) throw notFound()
  return row
}
