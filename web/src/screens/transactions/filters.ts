const MATCH = ['unmatched', 'suggested', 'matched', 'applied', 'transfer'] as const
const DIRECTIONS = ['credit', 'debit'] as const

/** What of the list is looked at; it stands in the address, so that it can be kept and shared. */
export interface Filters {
  q?: string
  match_status?: (typeof MATCH)[number]
  direction?: (typeof DIRECTIONS)[number]
}

export const MATCH_STATES = MATCH

/** Reads an address; what is no filter of ours is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q).slice(0, 200) : ''
  const match = MATCH.find((state) => state === search.match_status)
  const direction = DIRECTIONS.find((one) => one === search.direction)
  return {
    ...(q === '' ? {} : { q }),
    ...(match ? { match_status: match } : {}),
    ...(direction ? { direction } : {}),
  }
}
