export const ROLES = ['owner', 'admin', 'reviewer', 'viewer'] as const
export const STATES = ['active', 'invited', 'disabled'] as const
export type Role = (typeof ROLES)[number]

/** Which people are looked at, and who of them is open. */
export interface TeamFilters {
  role?: Role
  status?: (typeof STATES)[number]
  user?: string
}

export function readFilters(search: Record<string, unknown>): TeamFilters {
  const role = ROLES.find((one) => one === search.role)
  const status = STATES.find((one) => one === search.status)
  const user = typeof search.user === 'string' && /^usr_\w+$/.test(search.user) ? search.user : undefined
  return { ...(role ? { role } : {}), ...(status ? { status } : {}), ...(user === undefined ? {} : { user }) }
}
