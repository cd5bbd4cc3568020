export const VIEWS = ['suggested', 'unmatched', 'failed', 'quarantined', 'reversals'] as const
export type View = (typeof VIEWS)[number]
export const SORTS = ['confidence', 'amount', 'age'] as const
export type Sort = (typeof SORTS)[number]

/** What of the waiting is looked at, in which order, and where the reader stands; it stands in the address. */
export interface Filters {
  view?: View
  sort?: Sort
  /** A transaction or, in the views of payments, a payment. */
  item?: string
}

export function readFilters(search: Record<string, unknown>): Filters {
  const view = VIEWS.find((one) => one === search.view)
  const sort = SORTS.find((one) => one === search.sort)
  const item =
    typeof search.item === 'string' && /^(?:txn|pay)_[a-z0-9]{26}$/.test(search.item) ? search.item : undefined
  return {
    ...(view && view !== 'suggested' ? { view } : {}),
    ...(sort && sort !== 'confidence' ? { sort } : {}),
    ...(item === undefined ? {} : { item }),
  }
}

/** The orders that a view can be put into; the first is the usual one. */
export const sortsOf = (view: View): readonly Sort[] => (view === 'suggested' ? SORTS : ['age', 'amount'])

/** What stands in the address for a view in its usual order. */
export const viewSearch = (view: View): Filters => (view === 'suggested' ? {} : { view })
