import { compact, readOneOf, readText } from '../../design/address.ts'

/** Besides the usual order, by name. */
export const SORTS = ['company', '-created_at'] as const

/** What of the clients is looked at; it stands in the address. */
export interface Filters {
  q?: string
  sort?: (typeof SORTS)[number]
}

export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({ q: readText(search.q), sort: readOneOf(search.sort, SORTS) })
