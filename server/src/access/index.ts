/** Who may do what: tenants, their API keys, and how a caller is recognised. */
export { permissionsOf as permissionOfRoute } from './audit/permission-of.ts'
export { createRefusals, type Refusals } from './audit/refusals.ts'
export { auditSlice } from './audit/slice.ts'
export { listNewestAuditEvents, verifyTrail } from './audit/read-trail.ts'
export { apiKeys } from './credentials/api-key.ts'
export { createAuthenticate, type CredentialKind, type RefusedAttempt } from './credentials/authenticate.ts'
export { operatorKey } from './credentials/operator-key.ts'
export { createKey } from './keys/create-key.ts'
export { listKeys } from './keys/queries.ts'
export { revokeKey } from './keys/revoke-key.ts'
export { rotateKey } from './keys/rotate-key.ts'
export { keyRoutes } from './keys/routes.ts'
export { forActiveTenants } from './tenants/active-jobs.ts'
export { type Branding, brandingForHost, brandingOf, type ShownBranding } from './tenants/branding.ts'
export { oauthSlice, oauthTokens } from './oauth/index.ts'
export { pagesSlice } from './pages/index.ts'
export { changeTenant } from './tenants/change-tenant.ts'
export { createTenant } from './tenants/create-tenant.ts'
export { deleteTenant } from './tenants/delete-tenant.ts'
export { findTenant, listEveryTenant, type TenantView } from './tenants/directory.ts'
export { exportTenant } from './tenants/export-tenant.ts'
export { reach, type Standing } from './tenants/reach.ts'
export {
  findTenantBySlug,
  getTenant,
  listActiveTenants,
  type TenantRow,
  type TenantSettings,
} from './tenants/queries.ts'
export { tenantRoutes } from './tenants/routes.ts'
export { tenantsSlice } from './tenants/slice.ts'
export { type CallLog, createCallLog } from './usage/call-log.ts'
export { usageSlice } from './usage/slice.ts'
export {
  changeUser,
  createPeople,
  deleteUser,
  emailKey,
  type InviteDeps,
  inviteFirstOwner,
  inviteUser,
  listUsers,
  ownersOf,
  peopleSlice,
  peopleTokens,
  renewFirstOwner,
  ROLES,
  type Role,
  userAt,
  type UserRow,
} from './people/index.ts'
