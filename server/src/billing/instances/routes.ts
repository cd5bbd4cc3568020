import type { Scaled } from '../../base/clock.ts'
import { notFound } from '../../base/errors.ts'
import { type Id, isId, type TenantId } from '../../base/ids.ts'
import type { Vault } from '../../database/vault.ts'
import type { Store } from '../../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { accepted, created, noContent, ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { Outbound } from '../../outbound/index.ts'
import type { BillingConnections } from '../connections.ts'
import { getModuleFacts } from '../module/module-facts.ts'
import { changeInstance } from './change-instance.ts'
import { createInstance } from './create-instance.ts'
import { instanceDetailExample, instanceDetailSchema, presentInstanceDetail } from './detail-schema.ts'
import { disconnectInstance } from './disconnect-instance.ts'
import { offerPairing } from './offer-pairing.ts'
import type { ResolveTxt } from './proofs.ts'
import { getInstance, instanceOf } from './queries.ts'
import {
  createdInstanceSchema,
  createInstanceSchema,
  INSTANCE_LIST,
  instanceExample,
  instanceListQuery,
  instanceSchema,
  pairingCodeSchema,
  patchInstanceSchema,
  presentInstance,
  readSettings,
  testExample,
  testResultSchema,
  verifyInstanceSchema,
} from './schemas.ts'
import { syncInstance } from './sync-instance.ts'
import { testConnection } from './test-connection.ts'
import { verifyInstance } from './verify-instance.ts'

const TAG = 'WHMCS'

export function instanceRoutes(deps: {
  store: Store
  vault: Vault
  outbound: Outbound
  connections: BillingConnections
  resolveTxt: ResolveTxt
  scaled: Scaled
  publicUrl(): string
}): Route[] {
  const { store } = deps
  /** The id, if it is one of this tenant's installations; 404 otherwise, before the body is looked at. */
  const find = async ({ caller, params: { id } }: { caller: { tenantId: TenantId }; params: { id: string } }) => {
    if (!isId('whm', id) || !(await store.read(caller.tenantId, (tx) => getInstance(tx, id)))) throw notFound()
  }
  const idOfPath = (id: string): Id<'whm'> => {
    if (!isId('whm', id)) throw notFound()
    return id
  }

  return [
    tenantRoute({
      operationId: 'listWhmcsInstances',
      method: 'GET',
      path: '/whmcs-instances',
      tag: TAG,
      summary: 'List WHMCS installations',
      permission: 'whmcs_instances:read',
      query: instanceListQuery,
      answers: {
        200: {
          description: 'A page of installations',
          schema: listSchema(instanceSchema),
          example: listExample(instanceExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, INSTANCE_LIST, query))
        return ok(listBody(page, (row) => presentInstance(instanceOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'createWhmcsInstance',
      method: 'POST',
      path: '/whmcs-instances',
      tag: TAG,
      summary: 'Connect a WHMCS installation',
      description:
        'Mode `api` (chosen when `api_identifier` is given) reads and pays over the WHMCS API; mode `module`, the default, waits for the addon module, which `pairing_code` is pasted into within the hour. `webhook_secret` and `pairing_code` are in this answer only. Invoices are read at once; payments need a proof first (`/verify`).',
      permission: 'whmcs_instances:write',
      body: createInstanceSchema,
      bodyExample: {
        system_url: 'https://my.northbyte.example/billing',
        api_identifier: instanceExample.api_identifier,
        api_secret: 'the secret that WHMCS showed beside the identifier',
        payment_method: 'banktransfer',
        settings: { surplus: 'credit', confirmation_email: false },
      },
      sensitive: true,
      secretFields: ['webhook_secret', 'pairing_code'],
      answers: {
        201: {
          description: 'Connected',
          schema: createdInstanceSchema,
          example: {
            ...instanceExample,
            status: 'pending',
            webhook_secret: 'whsec_<base64 of 32 bytes>',
            pairing_code: null,
          },
        },
      },
      handle: async ({ caller, body }) => {
        const { instance, webhookSecret, pairingCode } = await createInstance(deps, caller.tenantId, caller.actor, {
          systemUrl: body.system_url,
          mode: body.mode,
          apiIdentifier: body.api_identifier,
          apiSecret: body.api_secret,
          accessKey: body.access_key,
          paymentMethod: body.payment_method,
          settings: readSettings(body.settings),
        })
        return created(`/whmcs-instances/${instance.id}`, {
          ...presentInstance(instance),
          webhook_secret: webhookSecret,
          pairing_code: pairingCode,
        })
      },
    }),
    tenantRoute({
      operationId: 'getWhmcsInstance',
      method: 'GET',
      path: '/whmcs-instances/{id}',
      tag: TAG,
      summary: 'Read a WHMCS installation',
      description: '`proofs` says what to put where before `/verify`; `module` what the addon module told.',
      permission: 'whmcs_instances:read',
      params: pathId,
      answers: {
        200: { description: 'The installation', schema: instanceDetailSchema, example: instanceDetailExample },
      },
      handle: ({ caller, params: { id } }) =>
        store.read(caller.tenantId, async (tx) => {
          const row = isId('whm', id) ? await getInstance(tx, id) : undefined
          if (!row) throw notFound()
          return ok(presentInstanceDetail(row, await getModuleFacts(tx, row)))
        }),
    }),
    tenantRoute({
      operationId: 'changeWhmcsInstance',
      method: 'PATCH',
      path: '/whmcs-instances/{id}',
      tag: TAG,
      summary: 'Change how a WHMCS installation is reached',
      description: 'Another address must be verified again.',
      permission: 'whmcs_instances:write',
      params: pathId,
      body: patchInstanceSchema,
      bodyExample: { payment_method: 'banktransfer', settings: { surplus: 'credit', confirmation_email: false } },
      sensitive: true,
      answers: {
        200: { description: 'The installation as it is now', schema: instanceSchema, example: instanceExample },
      },
      find,
      handle: async ({ caller, params, body }) => {
        const row = await changeInstance(deps, caller.tenantId, caller.actor, idOfPath(params.id), {
          systemUrl: body.system_url,
          mode: body.mode,
          apiIdentifier: body.api_identifier,
          apiSecret: body.api_secret,
          accessKey: body.access_key,
          paymentMethod: body.payment_method,
          settings: readSettings(body.settings),
        })
        return ok(presentInstance(row))
      },
    }),
    tenantRoute({
      operationId: 'deleteWhmcsInstance',
      method: 'DELETE',
      path: '/whmcs-instances/{id}',
      tag: TAG,
      summary: 'Disconnect a WHMCS installation',
      description: 'Its secrets are forgotten, its invoices stay readable, and it shows as `disconnected`.',
      permission: 'whmcs_instances:write',
      params: pathId,
      answers: { 204: { description: 'Disconnected' } },
      handle: async ({ caller, params }) => {
        await disconnectInstance(store, caller.tenantId, caller.actor, idOfPath(params.id))
        return noContent()
      },
    }),
    tenantRoute({
      operationId: 'offerWhmcsPairing',
      method: 'POST',
      path: '/whmcs-instances/{id}/pairing-code',
      tag: TAG,
      summary: 'Make a code to pair the module with',
      description:
        'The code is pasted into the page of the module in WHMCS within the hour and works once. Codes made before are void; a module that is paired already goes on.',
      permission: 'whmcs_instances:write',
      params: pathId,
      sensitive: true,
      secretFields: ['pairing_code'],
      answers: {
        200: {
          description: 'The code, shown in this answer only',
          schema: pairingCodeSchema,
          example: { pairing_code: 'pyc_<server, installation and token in base64url>' },
        },
      },
      find,
      handle: async ({ caller, params }) =>
        ok({ pairing_code: await offerPairing(deps, caller.tenantId, caller.actor, idOfPath(params.id)) }),
    }),
    tenantRoute({
      operationId: 'verifyWhmcsInstance',
      method: 'POST',
      path: '/whmcs-instances/{id}/verify',
      tag: TAG,
      summary: 'Prove control of a WHMCS installation',
      description: 'Looks for the proof of `method`, or for all three in turn. 422 says what each of them found.',
      permission: 'whmcs_instances:write',
      params: pathId,
      body: verifyInstanceSchema,
      bodyExample: { method: 'file' },
      answers: { 200: { description: 'Verified', schema: instanceSchema, example: instanceExample } },
      find,
      handle: async ({ caller, params, body }) =>
        ok(
          presentInstance(await verifyInstance(deps, caller.tenantId, caller.actor, idOfPath(params.id), body.method)),
        ),
    }),
    tenantRoute({
      operationId: 'testWhmcsInstance',
      method: 'POST',
      path: '/whmcs-instances/{id}/test',
      tag: TAG,
      summary: 'Test the connection step by step',
      description:
        'Changes nothing in WHMCS. The first step that fails says what to do; what only taking back needs is named and does not spoil `ok`. In mode `module` nobody is called: the steps say whether the module calls.',
      permission: 'whmcs_instances:write',
      params: pathId,
      answers: { 200: { description: 'What each step found', schema: testResultSchema, example: testExample } },
      find,
      handle: async ({ caller, params }) =>
        ok(await testConnection(deps, caller.tenantId, caller.actor, idOfPath(params.id))),
    }),
    tenantRoute({
      operationId: 'syncWhmcsInstance',
      method: 'POST',
      path: '/whmcs-instances/{id}/sync',
      tag: TAG,
      summary: 'Read the invoices now',
      description: 'In mode `module` the module is asked for all of them at its next call.',
      permission: 'whmcs_instances:write',
      params: pathId,
      answers: {
        202: { description: 'The reading starts within seconds', schema: instanceSchema, example: instanceExample },
      },
      find,
      handle: async ({ caller, params }) =>
        accepted(presentInstance(await syncInstance(store, caller.tenantId, caller.actor, idOfPath(params.id)))),
    }),
  ]
}
