import { compact, readAmount, readDay, readId, readOneOf, readText } from '../../design/address.ts'

export const STATUSES = ['unpaid', 'payment_pending', 'paid', 'collections', 'refunded', 'cancelled', 'draft'] as const
/** Besides the states of the API: unpaid, and due before today. */
export const SHOWN = ['overdue', ...STATUSES] as const
/** Besides the usual order, the newest first. */
export const SORTS = ['due_on', '-balance', '-total', 'number'] as const

/** What of the invoices is looked at; it stands in the address. */
export interface Filters {
  q?: string
  show?: (typeof SHOWN)[number]
  source?: 'whmcs' | 'api'
  client_id?: string
  due_on_from?: string
  due_on_to?: string
  total_min?: string
  total_max?: string
  sort?: (typeof SORTS)[number]
}

export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({
    q: readText(search.q),
    show: readOneOf(search.show, SHOWN),
    source: readOneOf(search.source, ['whmcs', 'api'] as const),
    client_id: readId(search.client_id, 'cli'),
    due_on_from: readDay(search.due_on_from),
    due_on_to: readDay(search.due_on_to),
    total_min: readAmount(search.total_min),
    total_max: readAmount(search.total_max),
    sort: readOneOf(search.sort, SORTS),
  })

/** The filters as the API takes them. `today`: as `2025-04-10`. */
export function toQuery({ show, sort: chosen, ...filters }: Filters, today: string) {
  const sort = chosen ?? ('-issued_on' as const)
  if (show !== 'overdue') return { ...filters, sort, ...(show === undefined ? {} : { status: show }) }
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10)
  const until = filters.due_on_to !== undefined && filters.due_on_to < yesterday ? filters.due_on_to : yesterday
  return { ...filters, sort, status: 'unpaid' as const, due_on_to: until }
}

/** Unpaid, and due before today. */
export const isOverdue = ({ status, due_on }: { status: string; due_on: string | null }, today: string): boolean =>
  (status === 'unpaid' || status === 'collections') && due_on !== null && due_on < today
