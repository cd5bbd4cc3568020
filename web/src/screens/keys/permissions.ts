import type { CreateApiKeyRequest } from '@payymo/sdk'

export type Permission = CreateApiKeyRequest['permissions'][number]

export const ACTIONS = ['read', 'write'] as const
type Action = (typeof ACTIONS)[number]

/** What permissions are about, as people look for it (contract 3.6). */
export const RESOURCES = [
  'transactions',
  'invoices',
  'matches',
  'payments',
  'payouts',
  'bank_connections',
  'stripe_connections',
  'whmcs_instances',
  'webhooks',
  'reports',
  'tenants',
  'users',
  'api_keys',
  'audit',
] as const

export const permissionOf = (resource: (typeof RESOURCES)[number], action: Action): Permission =>
  `${resource}:${action}`

/** One column of the grid, ticked or taken away as a whole. */
export const setColumn = (held: readonly Permission[], action: Action, wanted: boolean): Permission[] => [
  ...held.filter((permission) => !permission.endsWith(`:${action}`)),
  ...(wanted ? RESOURCES.map((resource) => permissionOf(resource, action)) : []),
]

export const setOne = (held: readonly Permission[], permission: Permission, wanted: boolean): Permission[] => [
  ...held.filter((one) => one !== permission),
  ...(wanted ? [permission] : []),
]

/** What stands in an answer, as a request takes it: what this version does not know is left out. */
export const knownPermissions = (permissions: readonly string[]): Permission[] =>
  (['*', ...RESOURCES.flatMap((resource) => ACTIONS.map((action) => permissionOf(resource, action)))] as const).filter(
    (permission) => permissions.includes(permission),
  )

export const countOf = (permissions: readonly string[], action: Action): number =>
  permissions.filter((permission) => permission.endsWith(`:${action}`)).length
