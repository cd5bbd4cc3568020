import { compact, readId, readOneOf, readText } from '../../design/address.ts'

export const KINDS = ['customer', 'partner'] as const
export const TIERS = ['standard', 'premium'] as const
export const STATES = ['active', 'suspended', 'deleted'] as const
export const ENVIRONMENTS = ['live', 'sandbox'] as const

/** Which tenants are looked at. */
export interface TenantFilters {
  q?: string
  kind?: (typeof KINDS)[number]
  tier?: (typeof TIERS)[number]
  status?: (typeof STATES)[number]
  environment?: (typeof ENVIRONMENTS)[number]
  parent_id?: string
}

export const readFilters = (search: Record<string, unknown>): TenantFilters =>
  compact({
    q: readText(search.q),
    kind: readOneOf(search.kind, KINDS),
    tier: readOneOf(search.tier, TIERS),
    status: readOneOf(search.status, STATES),
    environment: readOneOf(search.environment, ENVIRONMENTS),
    parent_id: readId(search.parent_id, 'ten'),
  })
