import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { type ListSource, listQuery } from '../../http/list.ts'
import { CALL_COLUMNS } from './queries.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Calls have no life after they were made: `at` is when they were created and last changed. */
export const CALL_LIST: ListSource = {
  select: CALL_COLUMNS,
  from: 'api_calls c',
  alias: 'c',
  // Nothing but ASCII: folded as `search_words` does, in a sixth of the time, and too many rows to keep their words.
  search: [
    (word) =>
      `strpos(' ' || translate(lower(c.method || ' ' || c.route || ' ' || c.ip || ' ' || c.request_id), '/{}_-.:', '       '), ${word}) > 0`,
  ],
  filters: {
    status: { sql: 'c.status', kind: 'number' },
    method: { sql: 'c.method', kind: 'enum', values: METHODS },
    route: { sql: 'c.route', kind: 'text' },
    at: { sql: 'c.at', kind: 'time', range: true },
  },
  sortable: { at: { sql: 'c.at', kind: 'time' } },
  times: { created: 'c.at', updated: 'c.at' },
}

export const callListQuery = listQuery(CALL_LIST, {
  status: z.string().regex(/^[1-5]\d\d$/, 'Must be an HTTP status such as 404'),
})

export const callSchema = z
  .object({
    at: z.string(),
    method: z.string(),
    route: z.string().describe('As this document writes it.'),
    status: z.int(),
    ip: z.string(),
    request_id: z.string(),
  })
  .meta({ id: 'ApiCall' })

interface CallRecord {
  at: Date
  method: string
  route: string
  status: number
  ip: string
  request_id: string
}

export const presentCall = (record: unknown) => {
  const { at, method, route, status, ip, request_id } = record as CallRecord
  return { at: isoSeconds(at), method, route, status, ip, request_id }
}

export const callExample = {
  at: '2025-04-10T14:30:00Z',
  method: 'GET',
  route: '/api/v1/transactions/{id}',
  status: 200,
  ip: '203.0.113.7',
  request_id: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab',
}
