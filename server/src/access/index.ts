/** Who may do what: tenants, their API keys, and how a caller is recognised. */
export { apiKeys } from './credentials/api-key.ts'
export { createAuthenticate, type CredentialKind, type RefusedAttempt } from './credentials/authenticate.ts'
export { operatorKey } from './credentials/operator-key.ts'
export { createKey } from './keys/create-key.ts'
export { KEY_COLUMNS, keyOf } from './keys/queries.ts'
export { revokeKey } from './keys/revoke-key.ts'
export { keyRoutes } from './keys/routes.ts'
export { type Branding, brandingForHost, brandingOf, type ShownBranding } from './tenants/branding.ts'
export { changeTenant } from './tenants/change-tenant.ts'
export { createTenant } from './tenants/create-tenant.ts'
export { deleteTenant } from './tenants/delete-tenant.ts'
export { findTenant, type TenantView } from './tenants/directory.ts'
export { reach, type Standing } from './tenants/reach.ts'
export {
  findTenantBySlug,
  getTenant,
  listActiveTenants,
  type TenantRow,
  type TenantSettings,
} from './tenants/queries.ts'
export { tenantRoutes } from './tenants/routes.ts'
