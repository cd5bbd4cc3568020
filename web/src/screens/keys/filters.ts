export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Which calls of a key are looked at. */
export interface CallFilters {
  method?: (typeof METHODS)[number]
  status?: string
}

export function readFilters(search: Record<string, unknown>): CallFilters {
  const method = METHODS.find((one) => one === search.method)
  const status = /^[1-5]\d\d$/.test(String(search.status)) ? String(search.status) : undefined
  return { ...(method ? { method } : {}), ...(status === undefined ? {} : { status }) }
}
