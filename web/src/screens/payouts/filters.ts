import { compact, readAmount, readDay, readOneOf, readText } from '../../design/address.ts'

export const STATUSES = ['paid', 'in_transit', 'pending', 'failed', 'canceled'] as const
export const COMPOSITIONS = ['itemised', 'deduced', 'open', 'unexplained'] as const

/** What of the payouts is looked at; it stands in the address. Named as the API names it. */
export interface Filters {
  q?: string
  status?: (typeof STATUSES)[number]
  composition?: (typeof COMPOSITIONS)[number]
  arrival_date_from?: string
  arrival_date_to?: string
  amount_min?: string
  amount_max?: string
}

export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({
    q: readText(search.q),
    status: readOneOf(search.status, STATUSES),
    composition: readOneOf(search.composition, COMPOSITIONS),
    arrival_date_from: readDay(search.arrival_date_from),
    arrival_date_to: readDay(search.arrival_date_to),
    amount_min: readAmount(search.amount_min),
    amount_max: readAmount(search.amount_max),
  })
