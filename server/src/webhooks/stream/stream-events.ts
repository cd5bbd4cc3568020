import { isoSeconds } from '../../base/clock.ts'
import { type Id, idOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { uuidFrom } from './event-times.ts'

/** An event as a stream tells it: what happened to what. The thing itself is read through the API, with the rights for it. */
export interface StreamEvent {
  id: Id<'evt'>
  type: string
  resourceId: string
  at: Date
}

/** The tenant's events whose ids were made after this moment, in the order of their ids, at most `limit`. */
export async function eventsFrom(tx: TenantTx, fromMs: number, limit: number): Promise<StreamEvent[]> {
  const rows = await tx.many<{ id: string; type: string; resource_id: string; created_at: Date }>(
    'select id, type, resource_id, created_at from events where tenant_id = $1 and id >= $2 order by id limit $3',
    [tx.tenantUuid, uuidFrom(fromMs), limit],
  )
  return rows.map((row) => ({
    id: idOf('evt', row.id),
    type: row.type,
    resourceId: row.resource_id,
    at: row.created_at,
  }))
}

/** One message. Source: HTML standard, 9.2.6, interpreting an event stream. */
export const messageOf = ({ id, type, resourceId, at }: StreamEvent): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({
    id,
    event_type: type,
    resource: { type: type.slice(0, type.indexOf('.')), id: resourceId },
    timestamp: isoSeconds(at),
  })}\n\n`

/** Says that more happened than is told one by one: whoever keeps something reads it anew, and goes on from here. */
export const resetMessage = (here: Id<'evt'>): string => `id: ${here}\nevent: reset\ndata: {}\n\n`
