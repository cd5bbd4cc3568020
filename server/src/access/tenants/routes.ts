import { AppError, notFound } from '../../base/errors.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Change, Store } from '../../events/store.ts'
import { listBody, listExample, listQuery, listSchema } from '../../http/list.ts'
import { anyCallerRoute, type Caller, created, noContent, ok, type Route } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { Branding } from './branding.ts'
import { changeTenant, refuseTier } from './change-tenant.ts'
import { createTenant } from './create-tenant.ts'
import { deleteTenant } from './delete-tenant.ts'
import { findTenant, listTenants, TENANT_LIST, viewOf } from './directory.ts'
import { readHealth } from './health-queries.ts'
import { expandHealth, healthExample, healthSchema, presentHealth } from './health-schemas.ts'
import { mergePatch } from './merge-patch.ts'
import { reach, refuseCustomers } from './reach.ts'
import { createTenantSchema, patchTenantSchema, presentTenant, tenantExample, tenantSchema } from './schemas.ts'

export interface TenantRoutesDeps {
  store: Store
  /** How browsers reach this installation: a host name no tenant can have. */
  publicUrl?(): string
  /** Told inside the change in which a suspended tenant goes back to work. */
  onResumed?(tx: Change): void
  /** Told once keys of the tenant may hold otherwise: it rests, goes on, was deleted, has another tier. */
  onKeysChanged?(tenantId: TenantId): void
}

const tenantListQuery = listQuery(TENANT_LIST).extend({ expand: expandHealth })

export function tenantRoutes(deps: TenantRoutesDeps): Route[] {
  const { store, publicUrl } = deps
  const ownHost = publicUrl && (() => new URL(publicUrl()).hostname)
  const healthOf = async (id: TenantId) => presentHealth(await store.read(id, readHealth))
  const changing = { ...deps, ...(ownHost ? { ownHost } : {}) }
  return [
    anyCallerRoute({
      operationId: 'listTenants',
      method: 'GET',
      path: '/tenants',
      tag: 'Tenants',
      summary: 'List tenants',
      description: 'The operator sees all tenants, a partner itself and its own, everyone else themselves.',
      permission: 'tenants:read',
      query: tenantListQuery,
      answers: {
        200: {
          description: 'A page of tenants',
          schema: listSchema(tenantSchema),
          example: listExample(tenantExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const { expand, ...rest } = query
        const page = await listTenants(store, caller, rest)
        const rows = page.rows.map((row) => viewOf({ ...row, tenant_id: row.id }))
        const shown = rows.map((row) => presentTenant(row))
        if (expand === undefined) return ok(listBody({ ...page, rows: shown }, (row) => row, requestId))
        const whole = []
        // One after the other: a page must not take all connections to the database.
        for (const [n, row] of rows.entries()) whole.push({ ...shown[n], health: await healthOf(row.id) })
        return ok(listBody({ ...page, rows: whole }, (row) => row, requestId))
      },
    }),
    anyCallerRoute({
      operationId: 'createTenant',
      method: 'POST',
      path: '/tenants',
      tag: 'Tenants',
      summary: 'Create a tenant',
      description:
        'For the operator and for partners. What a partner creates is a customer of its own, and premium only if the partner is. The first key of the tenant comes from POST /tenants/{id}/api-keys.',
      permission: 'tenants:write',
      body: createTenantSchema,
      bodyExample: { name: 'Northbyte Hosting', slug: 'northbyte' },
      answers: { 201: { description: 'The new tenant', schema: tenantSchema, example: tenantExample } },
      find: async ({ caller }) => refuseCustomers(caller),
      handle: async ({ caller, body }) => {
        if (caller.kind === 'tenant') refuseForPartner(caller, body)
        const tenant = await createTenant(
          store,
          caller.actor,
          {
            parentId: caller.kind === 'operator' ? (body.parent_id ?? null) : caller.tenantId,
            slug: body.slug,
            name: body.name,
            kind: body.kind ?? 'customer',
            tier: body.tier ?? 'standard',
            environment: body.environment ?? 'live',
            settings: mergePatch({}, body.settings ?? {}) as object,
            branding: mergePatch({}, body.branding ?? {}) as Branding,
          },
          { ownHost: ownHost?.() },
        )
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
        const { tenantId } = await reach(store, caller, params.id)
        const tenant = await store.directory((tx) => findTenant(tx, tenantId))
        if (!tenant) throw notFound()
        return ok(presentTenant(tenant))
      },
    }),
    anyCallerRoute({
      operationId: 'getTenantHealth',
      method: 'GET',
      path: '/tenants/{id}/health',
      tag: 'Tenants',
      summary: 'Read how a tenant does',
      description:
        'Figures of its connections, of what waits for its people, and of its calls; nothing of what its rows say. In lists: `expand=health`.',
      permission: 'tenants:read',
      params: pathId,
      answers: { 200: { description: 'Its health and use', schema: healthSchema, example: healthExample } },
      handle: async ({ caller, params }) => ok(await healthOf((await reach(store, caller, params.id)).tenantId)),
    }),
    anyCallerRoute({
      operationId: 'changeTenant',
      method: 'PATCH',
      path: '/tenants/{id}',
      tag: 'Tenants',
      summary: 'Change a tenant',
      description:
        'Settings and branding are merged (RFC 7396): what is not named stays, null restores the default, in branding that of the partner. A tenant changes its name, settings and branding; its partner also tier and status; the operator also kind and partner. Slug and environment never change. The keys of a suspended tenant answer 401 within five seconds, and nothing is read, matched, sent or paid for it until it is active again; payments already on their way are still looked up.',
      permission: 'tenants:write',
      params: pathId,
      body: patchTenantSchema,
      bodyExample: { settings: { matching: { mode: 'auto' } } },
      answers: { 200: { description: 'The tenant as it is now', schema: tenantSchema, example: tenantExample } },
      find: async ({ caller, params }) => void (await reach(store, caller, params.id)),
      handle: async ({ caller, params, body }) => {
        const { tenantId, standing, store: held } = await reach(store, caller, params.id)
        const by = { standing, tier: caller.tier }
        const tenant = await changeTenant({ ...changing, store: held }, tenantId, caller.actor, body, by)
        deps.onKeysChanged?.(tenantId)
        return ok(presentTenant(tenant))
      },
    }),
    anyCallerRoute({
      operationId: 'deleteTenant',
      method: 'DELETE',
      path: '/tenants/{id}',
      tag: 'Tenants',
      summary: 'Delete a tenant',
      description:
        'For the operator and the partner. Keys end at once and work stops; the operator and the partner still read the tenant, as `deleted`. Consents at providers are given back. After 30 days its data is written to an export file of the operator and removed; the audit trail stays. A partner goes after its tenants.',
      permission: 'tenants:write',
      params: pathId,
      sensitive: true,
      answers: { 204: { description: 'Deleted' } },
      find: async ({ caller, params }) => {
        refuseCustomers(caller)
        if (caller.kind === 'tenant' && params.id === caller.tenantId)
          throw new AppError('permission_denied', 'A tenant cannot delete itself. Ask the operator.')
        await reach(store, caller, params.id)
      },
      handle: async ({ caller, params }) => {
        const { tenantId, store: held } = await reach(store, caller, params.id)
        await deleteTenant(held, tenantId, caller.actor)
        deps.onKeysChanged?.(tenantId)
        return noContent()
      },
    }),
  ]
}

/** A partner makes customers of its own, with no more than it has itself. */
function refuseForPartner(
  caller: Caller,
  body: { kind?: string | undefined; parent_id?: string | null | undefined; tier?: 'standard' | 'premium' | undefined },
): void {
  const details = [
    ...(body.kind === 'partner' ? [{ field: 'kind', issue: 'Must be customer' }] : []),
    ...(body.parent_id !== undefined && body.parent_id !== caller.tenantId
      ? [{ field: 'parent_id', issue: 'Is set by the operator only' }]
      : []),
  ]
  if (details.length > 0)
    throw new AppError('permission_denied', 'A partner makes customers of its own, and nothing else', { details })
  refuseTier(body.tier, { standing: 'partner', tier: caller.tier })
}
