import { notFound } from '../base/errors.ts'
import { type Id, isId } from '../base/ids.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { cataloguePage } from '../http/list-catalogue.ts'
import { accepted, created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { accountOf } from '../transactions/index.ts'
import { changeConnection } from './change-connection.ts'
import { createFileConnection } from './create-file-connection.ts'
import type { BankingDeps } from './deps.ts'
import { feedError } from './feed-errors.ts'
import { initializeConnection, type StartedConnection } from './initialize-connection.ts'
import { connectionOf, getConnection } from './queries.ts'
import { requestSync } from './request-sync.ts'
import { revokeConnection } from './revoke-connection.ts'
import * as shapes from './schemas.ts'
import { syncOf } from './sync-queries.ts'

export function bankingRoutes(deps: BankingDeps): Route[] {
  const { store } = deps
  const mustExist = async ({ caller, params }: { caller: TenantCaller; params: { id: string } }): Promise<void> => {
    const { id } = params
    if (!isId('bank', id) || !(await store.read(caller.tenantId, (tx) => getConnection(tx, id)))) throw notFound()
  }
  return [
    tenantRoute({
      operationId: 'listInstitutions',
      method: 'GET',
      path: '/institutions',
      tag: 'Bank connections',
      summary: 'List the banks of a country',
      description: 'Banks carry no times: with `updated_since` all of them are shown.',
      permission: 'bank_connections:read',
      query: shapes.institutionQuery,
      answers: {
        200: {
          description: 'Banks that can be connected',
          schema: listSchema(shapes.institutionSchema),
          example: listExample(shapes.institutionExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const feed = await deps.feedOf(caller.tenantId)
        const banks = feed ? await feedError(() => feed.listInstitutions(query.country)) : []
        const page = cataloguePage(shapes.institutionCatalogue(banks), query)
        return ok(listBody(page, shapes.presentInstitution, requestId))
      },
    }),
    tenantRoute({
      operationId: 'initializeBankConnection',
      method: 'POST',
      path: '/bank-connections/initialize',
      tag: 'Bank connections',
      summary: 'Begin a consent at a bank',
      description:
        'Send the person to `authorization_url`. They come back to `redirect_url` with `bank_connection_id` and `status` (`active`, or `failed` and `error`).',
      permission: 'bank_connections:write',
      body: shapes.initializeSchema,
      bodyExample: { institution_id: 'NORTHERN_NBNKGB21', redirect_url: 'https://billing.example.com/bank-connected' },
      answers: { 201: { description: 'Begun', schema: shapes.startedSchema, example: shapes.startedExample } },
      handle: async ({ caller, body }) => {
        const started = await initializeConnection(deps, caller.tenantId, caller.actor, {
          institutionId: body.institution_id,
          redirectUrl: body.redirect_url,
          maxHistoryDays: body.max_history_days,
          language: body.language,
        })
        return created(`/bank-connections/${started.connectionId}`, presentStarted(started))
      },
    }),
    tenantRoute({
      operationId: 'createBankConnection',
      method: 'POST',
      path: '/bank-connections',
      tag: 'Bank connections',
      summary: 'Create a connection without a consent',
      description: 'For statement files and for money that another system posts.',
      permission: 'bank_connections:write',
      body: shapes.createConnectionSchema,
      bodyExample: { provider: 'file', name: 'Savings bank', account: { name: 'Business account', currency: 'EUR' } },
      answers: { 201: { description: 'Created', schema: shapes.connectionSchema, example: shapes.connectionExample } },
      handle: async ({ caller, body }) => {
        const { name, account } = body
        const row = await createFileConnection(deps, caller.tenantId, caller.actor, {
          name,
          account: { name: account.name, currency: account.currency, iban: account.iban ?? null },
        })
        return created(`/bank-connections/${row.id}`, shapes.presentConnection(row))
      },
    }),
    tenantRoute({
      operationId: 'listBankConnections',
      method: 'GET',
      path: '/bank-connections',
      tag: 'Bank connections',
      summary: 'List bank connections',
      permission: 'bank_connections:read',
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
        return ok(listBody(page, (row) => shapes.presentConnection(connectionOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getBankConnection',
      method: 'GET',
      path: '/bank-connections/{id}',
      tag: 'Bank connections',
      summary: 'Read a bank connection',
      permission: 'bank_connections:read',
      params: pathId,
      answers: {
        200: { description: 'The connection', schema: shapes.connectionSchema, example: shapes.connectionExample },
      },
      handle: async ({ caller, params: { id } }) => {
        const row = isId('bank', id) ? await store.read(caller.tenantId, (tx) => getConnection(tx, id)) : undefined
        if (!row) throw notFound()
        return ok(shapes.presentConnection(row))
      },
    }),
    tenantRoute({
      operationId: 'changeBankConnection',
      method: 'PATCH',
      path: '/bank-connections/{id}',
      tag: 'Bank connections',
      summary: 'Rename a bank connection or switch its reading off and on',
      permission: 'bank_connections:write',
      params: pathId,
      body: shapes.patchConnectionSchema,
      bodyExample: { sync_enabled: false },
      answers: {
        200: { description: 'As it is now', schema: shapes.connectionSchema, example: shapes.connectionExample },
      },
      find: mustExist,
      handle: async ({ caller, params: { id }, body }) =>
        ok(
          shapes.presentConnection(await changeConnection(deps, caller.tenantId, caller.actor, id as Id<'bank'>, body)),
        ),
    }),
    tenantRoute({
      operationId: 'revokeBankConnection',
      method: 'DELETE',
      path: '/bank-connections/{id}',
      tag: 'Bank connections',
      summary: 'Revoke the consent and keep the history',
      permission: 'bank_connections:write',
      params: pathId,
      answers: { 204: { description: 'Revoked; GET still shows it' } },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('bank', id)) throw notFound()
        await revokeConnection(deps, caller.tenantId, caller.actor, id)
        return noContent()
      },
    }),
    tenantRoute({
      operationId: 'reconnectBankConnection',
      method: 'POST',
      path: '/bank-connections/{id}/reconnect',
      tag: 'Bank connections',
      summary: 'Renew the consent',
      description: 'Keeps the connection and its accounts, which are known again by IBAN and currency.',
      permission: 'bank_connections:write',
      params: pathId,
      body: shapes.reconnectSchema,
      bodyExample: { redirect_url: 'https://billing.example.com/bank-connected' },
      answers: { 201: { description: 'Begun', schema: shapes.startedSchema, example: shapes.startedExample } },
      find: mustExist,
      handle: async ({ caller, params: { id }, body }) => {
        const started = await initializeConnection(deps, caller.tenantId, caller.actor, {
          connectionId: id as Id<'bank'>,
          redirectUrl: body.redirect_url,
          maxHistoryDays: body.max_history_days,
          language: body.language,
        })
        return created(`/bank-connections/${id}`, presentStarted(started))
      },
    }),
    tenantRoute({
      operationId: 'syncBankConnection',
      method: 'POST',
      path: '/bank-connections/{id}/sync',
      tag: 'Bank connections',
      summary: 'Read the bank now',
      permission: 'bank_connections:write',
      params: pathId,
      answers: {
        202: { description: 'Queued', schema: shapes.syncSchema, example: { ...shapes.syncExample, status: 'queued' } },
      },
      find: mustExist,
      handle: async ({ caller, params: { id } }) =>
        accepted(shapes.presentSync(await requestSync(deps, caller.tenantId, caller.actor, id as Id<'bank'>))),
    }),
    tenantRoute({
      operationId: 'listBankSyncs',
      method: 'GET',
      path: '/bank-connections/{id}/syncs',
      tag: 'Bank connections',
      summary: 'List the reads of a bank connection',
      permission: 'bank_connections:read',
      params: pathId,
      query: shapes.syncListQuery,
      answers: {
        200: { description: 'A page', schema: listSchema(shapes.syncSchema), example: listExample(shapes.syncExample) },
      },
      find: mustExist,
      handle: async ({ caller, params: { id }, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) =>
          listPage<{ id: string }>(tx, shapes.SYNC_LIST, { ...query, bank_connection_id: id }),
        )
        return ok(listBody(page, (row) => shapes.presentSync(syncOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'listBankAccounts',
      method: 'GET',
      path: '/bank-accounts',
      tag: 'Bank connections',
      summary: 'List bank accounts',
      permission: 'bank_connections:read',
      query: shapes.accountListQuery,
      answers: {
        200: {
          description: 'A page',
          schema: listSchema(shapes.accountSchema),
          example: listExample(shapes.accountExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, shapes.ACCOUNT_LIST, query))
        return ok(listBody(page, (row) => shapes.presentAccount(accountOf(row)), requestId))
      },
    }),
  ]
}

const presentStarted = (started: StartedConnection) => ({
  authorization_url: started.authorizationUrl,
  authorization_id: started.authorizationId,
  bank_connection_id: started.connectionId,
  expires_at: `${started.expiresAt.toISOString().slice(0, 19)}Z`,
})
