/** Who may do what: tenants, their API keys, and how a caller is recognised. */
export { apiKeys } from './api-key.ts'
export { createAuthenticate, type CredentialKind, type RefusedAttempt } from './authenticate.ts'
export { operatorKey } from './operator-key.ts'
export { createKey } from './create-key.ts'
export { createTenant } from './create-tenant.ts'
export { changeTenant } from './change-tenant.ts'
export {
  findTenantBySlug,
  getTenant,
  KEY_COLUMNS,
  keyOf,
  listActiveTenants,
  type TenantRow,
  type TenantSettings,
} from './queries.ts'
export { revokeKey } from './revoke-key.ts'
export { accessRoutes } from './routes.ts'
