import { z } from 'zod'
import { EVENT_TYPES } from '../events/catalogue.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import { idSchema } from '../http/validate.ts'

export const eventSchema = z
  .object({
    id: idSchema('evt'),
    event_type: z.enum(EVENT_TYPES),
    tenant_id: idSchema('ten'),
    timestamp: z.string(),
    data: z.looseObject({}).describe('The resource as the API showed it at that moment.'),
  })
  .meta({ id: 'Event' })

export const eventTypeSchema = z
  .object({ event_type: z.enum(EVENT_TYPES), description: z.string(), created_at: z.string(), updated_at: z.string() })
  .meta({ id: 'EventType' })

/** `match.applied` is the words match and applied: no more folding is needed for our own lower-case names. */
export const typeWords = (column: string): string => `(' ' || translate(${column}, '._', '  '))`

/** An event never changes: `timestamp` is when it was created and last changed. */
export const EVENT_LIST: ListSource = {
  select: 'e.id, e.body',
  from: 'events e',
  alias: 'e',
  times: { created: 'e.created_at', updated: 'e.created_at' },
  search: [typeWords('e.type'), 'search_words(e.resource_id)'],
  filters: {
    event_type: { sql: 'e.type', kind: 'enum', values: EVENT_TYPES },
    resource_id: { sql: 'e.resource_id', kind: 'text' },
    timestamp: { sql: 'e.created_at', kind: 'time', range: true },
  },
  sortable: {
    created_at: { sql: 'e.created_at', kind: 'time' },
    timestamp: { sql: 'e.created_at', kind: 'time' },
    event_type: { sql: 'e.type', kind: 'text' },
  },
}
export const eventListQuery = listQuery(EVENT_LIST)

/** An event as its webhooks got it. Numbers keep their digits: an amount stays `1250.00`. */
export function presentEvent({ body }: { body: string }): unknown {
  return JSON.parse(body, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source)
      : value,
  )
}

export const eventExample = {
  id: 'evt_01jrfzq4v8m2k9d7t5x3w1c0ab',
  event_type: 'invoice.paid',
  tenant_id: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
  timestamp: '2025-04-10T14:35:22Z',
  data: { id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', number: 'INV-2025-001', status: 'paid' },
}
