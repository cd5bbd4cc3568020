import { compact, readAmount, readDay, readId, readOneOf, readText } from '../../design/address.ts'

export const MATCH_STATES = ['unmatched', 'suggested', 'matched', 'applied', 'transfer'] as const
export const STATES = [...MATCH_STATES, 'pending', 'ignored'] as const
export const DIRECTIONS = ['credit', 'debit'] as const
export const SOURCES = ['bank', 'file', 'stripe', 'api'] as const

/** What of the list is looked at; it stands in the address, so that it can be kept and shared. Named as the API names it. */
export interface Filters {
  q?: string
  match_status?: (typeof MATCH_STATES)[number]
  status?: 'pending' | 'processed' | 'ignored'
  direction?: (typeof DIRECTIONS)[number]
  source?: (typeof SOURCES)[number]
  account_id?: string
  client_id?: string
  transaction_date_from?: string
  transaction_date_to?: string
  amount_min?: string
  amount_max?: string
}

/** Reads an address; what is no filter of ours is left out. */
export const readFilters = (search: Record<string, unknown>): Filters =>
  compact({
    q: readText(search.q),
    match_status: readOneOf(search.match_status, MATCH_STATES),
    status: readOneOf(search.status, ['pending', 'processed', 'ignored'] as const),
    direction: readOneOf(search.direction, DIRECTIONS),
    source: readOneOf(search.source, SOURCES),
    account_id: readId(search.account_id, 'acc', 'strc'),
    client_id: readId(search.client_id, 'cli'),
    transaction_date_from: readDay(search.transaction_date_from),
    transaction_date_to: readDay(search.transaction_date_to),
    amount_min: readAmount(search.amount_min),
    amount_max: readAmount(search.amount_max),
  })

/** The states of a line as one choice: what became of it, or that it is not looked at. */
export const stateOf = ({ match_status, status }: Filters): (typeof STATES)[number] | undefined =>
  status === 'pending' || status === 'ignored' ? status : match_status

/** What is open is only what can still be matched: a line that was set aside is not. */
export const withState = (
  state: (typeof STATES)[number] | undefined,
): { [K in keyof Filters]?: Filters[K] | undefined } => {
  if (state === undefined) return { match_status: undefined, status: undefined }
  if (state === 'pending' || state === 'ignored') return { match_status: undefined, status: state }
  return { match_status: state, status: state === 'unmatched' ? 'processed' : undefined }
}
