import { notFound } from '../../base/errors.ts'
import { type Id, isId } from '../../base/ids.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { type ApplicationRow, applicationOf, getApplication } from './application-queries.ts'
import { type ApplicationDeps, changeApplication, createApplication, deleteApplication } from './change-application.ts'
import {
  APPLICATION_LIST,
  applicationExample,
  applicationListQuery,
  applicationSchema,
  createApplicationSchema,
  createdApplicationExample,
  createdApplicationSchema,
  GRANT_TYPES_DEFAULT,
  patchApplicationSchema,
  presentApplication,
} from './schemas.ts'

const PATH = '/oauth-applications'
const TAG = 'OAuth'

/** The applications of a tenant. */
export function applicationRoutes(deps: ApplicationDeps): Route[] {
  const { store } = deps
  const applicationNamed = async (caller: TenantCaller, id: string): Promise<ApplicationRow> => {
    const application = await store.read(caller.tenantId, (tx) => getApplication(tx, appId(id)))
    if (!application) throw notFound()
    return application
  }
  return [
    tenantRoute({
      operationId: 'listOAuthApplications',
      method: 'GET',
      path: PATH,
      tag: TAG,
      summary: 'List the OAuth applications of the tenant',
      permission: 'api_keys:read',
      query: applicationListQuery,
      answers: {
        200: {
          description: 'A page of applications',
          schema: listSchema(applicationSchema),
          example: listExample(applicationExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, APPLICATION_LIST, query))
        return ok(listBody(page, (row) => presentApplication(applicationOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'createOAuthApplication',
      method: 'POST',
      path: PATH,
      tag: TAG,
      summary: 'Register an OAuth application',
      description:
        'The secret is in this answer only. An application never gets more than whoever registers it holds, and in the name of a person never more than the role of that person. An application of a partner can be allowed by people of its tenants as well.',
      permission: 'api_keys:write',
      body: createApplicationSchema,
      bodyExample: {
        name: 'Ledger export',
        redirect_uris: ['https://ledger.example.com/callback'],
        permissions: ['transactions:read', 'invoices:read'],
      },
      sensitive: true,
      failClosed: true,
      secretFields: ['client_secret'],
      answers: {
        201: { description: 'The application', schema: createdApplicationSchema, example: createdApplicationExample },
      },
      handle: async ({ caller, body }) => {
        const { application, secret } = await createApplication(deps, byOf(caller), {
          name: body.name,
          redirectUris: body.redirect_uris ?? [],
          permissions: body.permissions,
          grantTypes: body.grant_types ?? [...GRANT_TYPES_DEFAULT],
          isPublic: body.token_endpoint_auth_method === 'none',
        })
        return created(`${PATH}/${application.id}`, { ...presentApplication(application), client_secret: secret })
      },
    }),
    tenantRoute({
      operationId: 'getOAuthApplication',
      method: 'GET',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Read an OAuth application',
      permission: 'api_keys:read',
      params: pathId,
      answers: {
        200: {
          description: 'The application, without its secret',
          schema: applicationSchema,
          example: applicationExample,
        },
      },
      handle: async ({ caller, params }) => ok(presentApplication(await applicationNamed(caller, params.id))),
    }),
    tenantRoute({
      operationId: 'changeOAuthApplication',
      method: 'PATCH',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Change an OAuth application',
      description:
        'Tokens that are out follow within five seconds. `status: disabled` stops them all; `active` lets those go on that have not run out.',
      permission: 'api_keys:write',
      params: pathId,
      body: patchApplicationSchema,
      bodyExample: { permissions: ['transactions:read'] },
      sensitive: true,
      failClosed: true,
      answers: {
        200: { description: 'The application as it is now', schema: applicationSchema, example: applicationExample },
      },
      find: async ({ caller, params }) => void (await applicationNamed(caller, params.id)),
      handle: async ({ caller, params, body }) => {
        const { name, permissions, redirect_uris: redirectUris, grant_types: grantTypes, status } = body
        const application = await changeApplication(store, byOf(caller), appId(params.id), {
          ...(name === undefined ? {} : { name }),
          ...(permissions === undefined ? {} : { permissions }),
          ...(redirectUris === undefined ? {} : { redirectUris: redirectUris ?? [] }),
          ...(grantTypes === undefined ? {} : { grantTypes: grantTypes ?? [...GRANT_TYPES_DEFAULT] }),
          ...(status === undefined ? {} : { status: status ?? 'active' }),
        })
        return ok(presentApplication(application))
      },
    }),
    tenantRoute({
      operationId: 'deleteOAuthApplication',
      method: 'DELETE',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Delete an OAuth application',
      description: 'Every token it has is refused within five seconds.',
      permission: 'api_keys:write',
      params: pathId,
      sensitive: true,
      answers: { 204: { description: 'Deleted' } },
      handle: async ({ caller, params }) => {
        await deleteApplication(store, byOf(caller), appId(params.id))
        return noContent()
      },
    }),
  ]
}

const byOf = ({ tenantId, actor, permissions }: TenantCaller) => ({ tenantId, actor, granter: permissions })

function appId(text: string): Id<'app'> {
  if (!isId('app', text)) throw notFound()
  return text
}
