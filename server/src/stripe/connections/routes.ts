import { notFound } from '../../base/errors.ts'
import { isoSeconds } from '../../base/clock.ts'
import { type Id, isId } from '../../base/ids.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { StripeDeps } from '../deps.ts'
import { changeKey, connectKey } from './connect-key.ts'
import { disconnectConnection } from './disconnect.ts'
import { initializeAuthorization } from './initialize-authorization.ts'
import { postCallback } from './post-callback.ts'
import { connectionOf, getConnection } from './queries.ts'
import * as shapes from './schemas.ts'

const TAG = 'Stripe connections'

export function connectionRoutes(deps: StripeDeps): Route[] {
  const { store } = deps
  const find = async ({ caller, params: { id } }: { caller: TenantCaller; params: { id: string } }): Promise<void> => {
    if (!isId('strc', id) || !(await store.read(caller.tenantId, (tx) => getConnection(tx, id)))) throw notFound()
  }
  return [
    tenantRoute({
      operationId: 'initializeStripeConnection',
      method: 'POST',
      path: '/stripe-connections/initialize',
      tag: TAG,
      summary: 'Begin to connect a Stripe account',
      description:
        'Send the merchant to `authorization_url`, within ten minutes. What comes back to `redirect_url` is said at that field. Keep `state` (a parameter of `authorization_url`) with the session of the person you send, and take back no other.',
      permission: 'stripe_connections:write',
      body: shapes.initializeSchema,
      bodyExample: { redirect_url: 'https://billing.example.com/stripe' },
      answers: { 201: { description: 'Begun', schema: shapes.startedSchema, example: shapes.startedExample } },
      handle: async ({ caller, body }) => {
        const started = await initializeAuthorization(deps, caller.tenantId, caller.actor, {
          redirectUrl: body.redirect_url,
          backfillDays: body.backfill_days,
        })
        return created(`/stripe-connections/${started.connectionId}`, {
          authorization_url: started.authorizationUrl,
          connection_id: started.connectionId,
          expires_at: isoSeconds(started.expiresAt),
        })
      },
    }),
    tenantRoute({
      operationId: 'finishStripeConnection',
      method: 'POST',
      path: '/stripe-connections/callback',
      tag: TAG,
      summary: 'Hand over what Stripe sent the merchant back with',
      description:
        'Post `code` and `state`, or `error` and `state` when the merchant declined. Once: a state that was used answers 409 with what came of it. Show `account_name` and `country` and ask whether that is the account: Stripe offers to make a second, empty one where the real one belongs to another platform. `DELETE` undoes it. An account that was connected before keeps its id, which then differs from the one of `initialize`.',
      permission: 'stripe_connections:write',
      body: shapes.callbackSchema,
      bodyExample: {
        code: 'ac_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb',
        state: 'Zm9yIGV4YW1wbGUgb25seSwgMzIgYnl0ZXMgb2YgY2g',
      },
      answers: {
        200: {
          description: 'Connected, or declined (`account_id` null, `error` access_denied)',
          schema: shapes.connectedSchema,
          example: shapes.connectedExample,
        },
      },
      handle: async ({ caller, body }) => ok(shapes.presentConnected(await postCallback(deps, caller, body))),
    }),
    tenantRoute({
      operationId: 'createStripeConnection',
      method: 'POST',
      path: '/stripe-connections',
      tag: TAG,
      summary: 'Connect a Stripe account by a restricted key',
      description:
        'Every permission is tried. Without Balance transactions, Charges, Payouts, Refunds or Disputes it is refused, and `details` name what lacks; others that lack are kept as `missing_permissions`. Have Stripe send events to `webhook_url` and give the signing secret of that endpoint.',
      permission: 'stripe_connections:write',
      body: shapes.createSchema,
      bodyExample: {
        kind: 'restricted_key',
        api_key: 'rk_live_<as Stripe shows it>',
        webhook_secret: 'whsec_<of the endpoint>',
      },
      sensitive: true,
      answers: {
        201: { description: 'Connected', schema: shapes.connectionSchema, example: shapes.keyConnectionExample },
      },
      handle: async ({ caller, body }) => {
        const row = await connectKey(deps, caller.tenantId, caller.actor, {
          apiKey: body.api_key,
          webhookSecret: body.webhook_secret,
          accountName: body.account_name,
          backfillDays: body.backfill_days,
        })
        return created(`/stripe-connections/${row.id}`, shapes.presentConnection(deps, row))
      },
    }),
    tenantRoute({
      operationId: 'listStripeConnections',
      method: 'GET',
      path: '/stripe-connections',
      tag: TAG,
      summary: 'List Stripe connections',
      permission: 'stripe_connections:read',
      query: shapes.connectionListQuery,
      answers: {
        200: {
          description: 'A page',
          schema: listSchema(shapes.connectionSchema),
          example: listExample(shapes.connectionExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) =>
          listPage<{ id: string }>(tx, shapes.CONNECTION_LIST, query),
        )
        return ok(listBody(page, (row) => shapes.presentConnection(deps, connectionOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getStripeConnection',
      method: 'GET',
      path: '/stripe-connections/{id}',
      tag: TAG,
      summary: 'Read a Stripe connection',
      permission: 'stripe_connections:read',
      params: pathId,
      answers: {
        200: { description: 'The connection', schema: shapes.connectionSchema, example: shapes.connectionExample },
      },
      handle: async ({ caller, params: { id } }) => {
        const row = isId('strc', id) ? await store.read(caller.tenantId, (tx) => getConnection(tx, id)) : undefined
        if (!row) throw notFound()
        return ok(shapes.presentConnection(deps, row))
      },
    }),
    tenantRoute({
      operationId: 'changeStripeConnection',
      method: 'PATCH',
      path: '/stripe-connections/{id}',
      tag: TAG,
      summary: 'Give a Stripe connection another key, webhook secret or name',
      description: 'For `restricted_key` only. The key is tried as when connecting, and must be of the same account.',
      permission: 'stripe_connections:write',
      params: pathId,
      body: shapes.patchSchema,
      bodyExample: { api_key: 'rk_live_<as Stripe shows it>' },
      sensitive: true,
      answers: {
        200: { description: 'As it is now', schema: shapes.connectionSchema, example: shapes.keyConnectionExample },
      },
      find,
      handle: async ({ caller, params: { id }, body }) => {
        const row = await changeKey(deps, caller.tenantId, caller.actor, id as Id<'strc'>, {
          apiKey: body.api_key,
          webhookSecret: body.webhook_secret,
          accountName: body.account_name,
        })
        return ok(shapes.presentConnection(deps, row))
      },
    }),
    tenantRoute({
      operationId: 'deleteStripeConnection',
      method: 'DELETE',
      path: '/stripe-connections/{id}',
      tag: TAG,
      summary: 'Disconnect a Stripe account',
      description:
        'Our access is ended at Stripe too (a restricted key: forgotten here, and yours to delete there). What was read stays, and it shows as `disconnected`.',
      permission: 'stripe_connections:write',
      params: pathId,
      answers: { 204: { description: 'Disconnected; GET still shows it' } },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('strc', id)) throw notFound()
        await disconnectConnection(deps, caller.tenantId, caller.actor, id)
        return noContent()
      },
    }),
  ]
}
