import type { Vault } from '../database/vault.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { noContent, ok, type Route, tenantRoute } from '../http/route.ts'
import { type Provider, PROVIDERS } from './catalogue.ts'
import { forgetCredentials, keepCredentials } from './keep-credentials.ts'
import type { CredentialsRow } from './queries.ts'
import {
  anyCredentialsSchema,
  bodyExamples,
  CREDENTIALS_LIST,
  credentialsBodies,
  credentialsExamples,
  credentialsListQuery,
  credentialsSchemas,
  presentCredentials,
} from './schemas.ts'
import { openFields } from './sealed-fields.ts'

const NAMES: Record<Provider, string> = {
  gocardless: 'GoCardless',
  enablebanking: 'Enable Banking',
  stripe: 'Stripe',
}
const IDS: Record<Provider, string> = { gocardless: 'Gocardless', enablebanking: 'Enablebanking', stripe: 'Stripe' }

export function credentialRoutes(deps: { store: Store; vault: Vault }): Route[] {
  return [listRoute(deps), ...PROVIDERS.flatMap((provider) => [putRoute(deps, provider), deleteRoute(deps, provider)])]
}

const listRoute = ({ store, vault }: { store: Store; vault: Vault }): Route =>
  tenantRoute({
    operationId: 'listProviderCredentials',
    method: 'GET',
    path: '/provider-credentials',
    tag: 'Provider credentials',
    summary: 'List the credentials of the tenant at its providers',
    description: 'Masked: what was once kept is never shown whole again.',
    permission: 'bank_connections:read',
    query: credentialsListQuery,
    answers: {
      200: {
        description: 'A page of credentials',
        schema: listSchema(anyCredentialsSchema),
        example: listExample(credentialsExamples.gocardless),
      },
    },
    handle: async ({ caller, query, requestId }) => {
      const { page, shown } = await store.read(caller.tenantId, async (tx) => {
        const found = await listPage<CredentialsRow>(tx, CREDENTIALS_LIST, query)
        const presented = []
        for (const row of found.rows) presented.push(presentCredentials(row, await openFields(vault, tx, row)))
        return { page: found, shown: presented }
      })
      return ok(listBody({ ...page, rows: shown }, (row) => row, requestId))
    },
  })

const putRoute = (deps: { store: Store; vault: Vault }, provider: Provider): Route =>
  tenantRoute({
    operationId: `put${IDS[provider]}Credentials`,
    method: 'PUT',
    path: `/provider-credentials/${provider}`,
    tag: 'Provider credentials',
    summary: `Keep the tenant's own credentials at ${NAMES[provider]}`,
    description:
      "They come before the platform's from the next call on, and replace those there were: what is not named is gone. Consents and connections made with other credentials belong to those, and are made anew.",
    permission: 'bank_connections:write',
    sensitive: true,
    body: credentialsBodies[provider],
    bodyExample: bodyExamples[provider],
    answers: {
      200: {
        description: 'What is kept now, masked',
        schema: credentialsSchemas[provider],
        example: credentialsExamples[provider],
      },
    },
    handle: async ({ caller, body }) => {
      const fields = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      const row = await keepCredentials(deps, caller.tenantId, caller.actor, provider, fields)
      return ok(presentCredentials(row, fields))
    },
  })

const deleteRoute = (deps: { store: Store; vault: Vault }, provider: Provider): Route =>
  tenantRoute({
    operationId: `delete${IDS[provider]}Credentials`,
    method: 'DELETE',
    path: `/provider-credentials/${provider}`,
    tag: 'Provider credentials',
    summary: `Forget the tenant's own credentials at ${NAMES[provider]}`,
    description:
      "From the next call on the platform's are used, where it has some. Where none are kept, nothing changes.",
    permission: 'bank_connections:write',
    sensitive: true,
    answers: { 204: { description: 'Forgotten' } },
    handle: async ({ caller }) => {
      await forgetCredentials(deps, caller.tenantId, caller.actor, provider)
      return noContent()
    },
  })
