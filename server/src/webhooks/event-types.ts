import type { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { EVENT_DESCRIPTIONS, EVENT_TYPES, type EventType } from '../events/catalogue.ts'
import { listQuery } from '../http/list.ts'

export const presentEventType = (type: EventType) => ({ event_type: type, description: EVENT_DESCRIPTIONS[type] })

export const eventTypeListQuery = listQuery({
  filters: {},
  sortable: { event_type: { sql: '', kind: 'text' } },
})

/** The catalogue as a list like any other: in the order of the catalogue unless sorted, paged by number or cursor. */
export function eventTypePage(query: z.output<typeof eventTypeListQuery>) {
  const {
    page,
    per_page: perPage = 10,
    cursor,
    sort,
  } = query as {
    page?: number
    per_page?: number
    cursor?: string
    sort?: string
  }
  const sorted = sort === undefined ? [...EVENT_TYPES] : [...EVENT_TYPES].sort()
  if (sort?.startsWith('-')) sorted.reverse()
  const start = cursor === undefined ? ((page ?? 1) - 1) * perPage : positionOf(cursor)
  const end = start + perPage
  const byPage = cursor === undefined
  return {
    rows: sorted.slice(start, end),
    pagination: {
      total_items: byPage ? sorted.length : null,
      total_pages: byPage ? Math.ceil(sorted.length / perPage) : null,
      current_page: byPage ? (page ?? 1) : null,
      per_page: perPage,
      next_cursor: end < sorted.length ? Buffer.from(`event-type:${end}`).toString('base64url') : null,
      total_capped: byPage ? false : null,
    },
  }
}

function positionOf(cursor: string): number {
  const parts = /^event-type:(\d{1,3})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (parts) return Number.parseInt(parts[1]!, 10)
  throw new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: 'cursor', issue: 'Must be the next_cursor of a former answer' }],
  })
}
