const STATES = ['pending', 'delivered', 'failed', 'dead'] as const

export const DELIVERY_STATES = STATES

/** What of the deliveries is looked at, and which of them is open. */
export interface DeliveryFilters {
  status?: (typeof STATES)[number]
  event_type?: string
  delivery?: string
}

export function readFilters(search: Record<string, unknown>): DeliveryFilters {
  const status = STATES.find((state) => state === search.status)
  const text = (value: unknown, shape: RegExp) => (typeof value === 'string' && shape.test(value) ? value : undefined)
  const type = text(search.event_type, /^[a-z_]+\.[a-z_]+$/)
  const delivery = text(search.delivery, /^dlv_\w+$/)
  return {
    ...(status ? { status } : {}),
    ...(type === undefined ? {} : { event_type: type }),
    ...(delivery === undefined ? {} : { delivery }),
  }
}
