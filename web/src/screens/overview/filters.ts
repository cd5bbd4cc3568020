import { compact } from '../../design/address.ts'

export const SPANS = [30, 90] as const
export type Span = (typeof SPANS)[number]

/** The days and the currency that are looked at; the shorter time and the currency with most lines unless said. */
export interface Filters {
  days?: Span
  currency?: string
}

export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({
    days: search.days === 90 ? (90 as const) : undefined,
    currency: typeof search.currency === 'string' && /^[A-Z]{3}$/.test(search.currency) ? search.currency : undefined,
  })
