import type { z } from 'zod'
import { EVENT_DESCRIPTIONS, EVENT_TYPES, type EventType } from '../events/catalogue.ts'
import { listQuery, type Page } from '../http/list.ts'
import { cataloguePage } from '../http/list-catalogue.ts'

/** The day these types were settled: a type that joins later carries its own. */
const SINCE = '2026-11-25T00:00:00Z'

export const presentEventType = (type: EventType) => ({
  event_type: type,
  description: EVENT_DESCRIPTIONS[type],
  created_at: SINCE,
  updated_at: SINCE,
})

export const eventTypeListQuery = listQuery({
  filters: {},
  sortable: { event_type: { sql: '', kind: 'text' } },
  search: [],
  times: { created: '', updated: '' },
})

/** The catalogue as a list like any other: in its own order unless sorted. */
export function eventTypePage(query: z.output<typeof eventTypeListQuery>): Page<EventType> {
  const since = query.updated_since
  const rows = since !== undefined && Date.parse(since) > Date.parse(SINCE) ? [] : EVENT_TYPES
  return cataloguePage(
    {
      name: 'event-types',
      rows,
      id: (type) => type,
      sortable: { event_type: (type) => type },
      texts: (type) => [type, EVENT_DESCRIPTIONS[type]],
    },
    query,
  )
}
