import { expect } from 'vitest'
import type { Payymo } from '../../src/main.ts'

/** Calls that changed something, and whether the audit trail says so. */
export interface AuditWatch {
  /** Of the routes that answered 2xx so far, those of which no call with this id of a request left an audit row. */
  lacking(): Promise<string[]>
  /** Fails when there are any: for `afterAll`, before the app stops. */
  check(): Promise<void>
}

const MUTATING = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Watches an app from before its first call: each successful POST, PUT, PATCH and DELETE of the API must leave at least one
 *  audit row with the request's id (reliability 40). Replays by idempotency key changed nothing and are left out; `except`
 *  names routes that never change anything (`POST /api/v1/…`), each with its reason beside it. */
export function expectAudited(
  { http, database }: Pick<Payymo, 'http' | 'database'>,
  except: readonly string[] = [],
): AuditWatch {
  const calls = new Map<string, string>()
  http.addHook('onResponse', async (request, reply) => {
    const route = `${request.method} ${(request.routeOptions.url ?? '').replaceAll(/:(\w+)/g, '{$1}')}`
    const changed = MUTATING.has(request.method) && reply.statusCode >= 200 && reply.statusCode < 300
    const replayed = reply.getHeader('idempotency-replayed') === 'true'
    if (!changed || replayed || !route.includes(' /api/v1/') || except.includes(route)) return
    calls.set(request.id, route)
  })
  const lacking = async () => {
    // As the owner of the test database: over all tenants.
    const { rows } = await database.pool.query<{ request_id: string }>(
      "select distinct entry ->> 'request_id' as request_id from audit_events where entry ->> 'request_id' = any($1)",
      [[...calls.keys()]],
    )
    const audited = new Set(rows.map((row) => row.request_id))
    return [...new Set([...calls].filter(([requestId]) => !audited.has(requestId)).map(([, route]) => route))].sort()
  }
  return { lacking, check: async () => expect(await lacking(), 'changes without an audit row').toEqual([]) }
}
