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
  .object({ event_type: z.enum(EVENT_TYPES), description: z.string() })
  .meta({ id: 'EventType' })

export const EVENT_LIST: ListSource = {
  select: 'e.id, e.body',
  // An event never changes.
  from: '(select *, created_at as updated_at from events) e',
  alias: 'e',
  filters: {
    event_type: { sql: 'e.type', kind: 'text' },
    resource_id: { sql: 'e.resource_id', kind: 'text' },
    timestamp: { sql: 'e.created_at', kind: 'time', range: true },
  },
  sortable: {
    created_at: { sql: 'e.created_at', kind: 'time' },
    timestamp: { sql: 'e.created_at', kind: 'time' },
  },
}
export const eventListQuery = listQuery(EVENT_LIST, { event_type: z.enum(EVENT_TYPES) })

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
