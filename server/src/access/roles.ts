import { PERMISSIONS } from '../http/route.ts'

/** What a user may be in a tenant (contract 4.1), from the most to the least. */
export const ROLES = ['owner', 'admin', 'reviewer', 'viewer'] as const
export type Role = (typeof ROLES)[number]

const READ = PERMISSIONS.filter((permission) => permission.endsWith(':read'))
const VIEWER = READ.filter((permission) => permission !== 'api_keys:read' && permission !== 'audit:read')

const GRANTS: Record<Role, ReadonlySet<string>> = {
  owner: new Set(['*']),
  // Every permission by name, and not `*`: what only `*` covers is the owner's alone.
  admin: new Set(PERMISSIONS),
  reviewer: new Set([...VIEWER, 'matches:write', 'transactions:write', 'payments:write']),
  viewer: new Set(VIEWER),
}

/** The permissions of a role: viewer all reading but keys and audit; reviewer also matches, transactions and payments;
 *  admin everything by name; owner `*`. */
export const permissionsOf = (role: Role): ReadonlySet<string> => GRANTS[role]

/** Whether somebody who holds `held` may give, change or take this role: nobody hands out or overrules more than he holds.
 *  So admins, and keys without `*`, never touch owners. */
export const coversRole = (held: ReadonlySet<string>, role: Role): boolean =>
  held.has('*') || [...GRANTS[role]].every((permission) => held.has(permission))
