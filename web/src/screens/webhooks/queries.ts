import type { Payymo } from '@payymo/sdk'
import { queryOptions } from '@tanstack/react-query'

export const webhookQuery = (payymo: Payymo, id: string) =>
  queryOptions({ queryKey: ['webhooks', 'one', id], queryFn: ({ signal }) => payymo.webhooks.get(id, { signal }) })

/** The catalogue changes with a release only. */
export const eventTypesQuery = (payymo: Payymo) =>
  queryOptions({
    queryKey: ['event-types'],
    queryFn: ({ signal }) => payymo.eventTypes.list({ per_page: 100 }, { signal }),
    staleTime: Infinity,
  })

/** Read every second until there is an answer, then as often as anything else. */
export const deliveryQuery = (payymo: Payymo, id: string, delivery: string) =>
  queryOptions({
    queryKey: ['webhooks', 'delivery', id, delivery],
    queryFn: ({ signal }) => payymo.webhooks.getDelivery(id, delivery, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data && data.status === 'pending'
        ? data.attempts.length === 0 || data.next_attempt_at === null
          ? 1_000
          : 10_000
        : false,
  })
