import { AppError, notFound } from '../../base/errors.ts'
import type { Store } from '../../events/store.ts'
import { anyCallerRoute, created, ok, type Route } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { changeTenant } from './change-tenant.ts'
import { createTenant } from './create-tenant.ts'
import { getTenant } from './queries.ts'
import { reachable } from './reachable.ts'
import { createTenantSchema, patchTenantSchema, presentTenant, tenantExample, tenantSchema } from './schemas.ts'

export function tenantRoutes({ store }: { store: Store }): Route[] {
  return [
    anyCallerRoute({
      operationId: 'createTenant',
      method: 'POST',
      path: '/tenants',
      tag: 'Tenants',
      summary: 'Create a tenant',
      description: 'For the operator. The first key of the tenant comes from POST /tenants/{id}/api-keys.',
      permission: 'tenants:write',
      body: createTenantSchema,
      bodyExample: { name: 'Northbyte Hosting', slug: 'northbyte' },
      answers: { 201: { description: 'The new tenant', schema: tenantSchema, example: tenantExample } },
      handle: async ({ caller, body }) => {
        if (caller.kind !== 'operator') throw operatorOnly()
        const tenant = await createTenant(store, caller.actor, {
          parentId: null,
          slug: body.slug,
          name: body.name,
          kind: body.kind ?? 'customer',
          tier: body.tier ?? 'standard',
          environment: body.environment ?? 'live',
          settings: (body.settings ?? {}) as object,
        })
        return created(`/tenants/${tenant.id}`, presentTenant(tenant))
      },
    }),
    anyCallerRoute({
      operationId: 'getTenant',
      method: 'GET',
      path: '/tenants/{id}',
      tag: 'Tenants',
      summary: 'Read a tenant',
      permission: 'tenants:read',
      params: pathId,
      answers: { 200: { description: 'The tenant', schema: tenantSchema, example: tenantExample } },
      handle: async ({ caller, params }) => {
        const tenant = await store.read(reachable(caller, params.id), getTenant)
        if (!tenant) throw notFound()
        return ok(presentTenant(tenant))
      },
    }),
    anyCallerRoute({
      operationId: 'changeTenant',
      method: 'PATCH',
      path: '/tenants/{id}',
      tag: 'Tenants',
      summary: 'Change name and settings of a tenant',
      description: 'Settings are merged (RFC 7396): what is not named stays, null restores the default.',
      permission: 'tenants:write',
      params: pathId,
      body: patchTenantSchema,
      bodyExample: { settings: { matching: { mode: 'auto' } } },
      answers: { 200: { description: 'The tenant as it is now', schema: tenantSchema, example: tenantExample } },
      find: async ({ caller, params }) => void reachable(caller, params.id),
      handle: async ({ caller, params, body }) =>
        ok(presentTenant(await changeTenant(store, reachable(caller, params.id), caller.actor, body))),
    }),
  ]
}

const operatorOnly = () => new AppError('permission_denied', 'Only the operator and partners create tenants.')
