import type { ListAuditEventsQuery } from '@payymo/sdk'
import { compact, readDay, readOneOf, readText } from '../../design/address.ts'

export const ACTORS = ['user', 'api_key', 'application', 'operator', 'system'] as const

/** Kinds of things that rows are about, as people look for them. */
export const THINGS = [
  'transaction',
  'match',
  'payment',
  'invoice',
  'payout',
  'bank_connection',
  'stripe_connection',
  'whmcs_instance',
  'provider_credentials',
  'webhook',
  'delivery',
  'api_key',
  'application',
  'user',
  'tenant',
  'alert',
  'route',
] as const

/** Which rows are looked at, and which of them is open. Days are those of the reader's zone. */
export interface AuditFilters {
  q?: string
  actor_type?: (typeof ACTORS)[number]
  actor_id?: string
  resource_type?: string
  resource_id?: string
  from?: string
  to?: string
  row?: string
}

export const readFilters = (search: Record<string, unknown>): AuditFilters =>
  compact({
    q: readText(search.q),
    actor_type: readOneOf(search.actor_type, ACTORS),
    actor_id: readText(search.actor_id, 60),
    resource_type: readText(search.resource_type, 60),
    resource_id: readText(search.resource_id, 60),
    from: readDay(search.from),
    to: readDay(search.to),
    row: readText(search.row, 40),
  })

export function queryOf({ from, to, row: _row, ...filters }: AuditFilters): ListAuditEventsQuery {
  const time = (day: string, clock: string) => new Date(`${day}T${clock}`).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    ...filters,
    ...(from === undefined ? {} : { at_from: time(from, '00:00:00') }),
    ...(to === undefined ? {} : { at_to: time(to, '23:59:59') }),
  }
}
