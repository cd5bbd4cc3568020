import type { TenantId } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { Subscriber } from '../../events/store.ts'
import { wake } from '../../jobs/wake.ts'

/** What the streams of a tenant are woken by. */
export const streamTopic = (tenantId: TenantId): string => `events/${tenantId}`

/** Wakes the streams of the tenant, in whatever process they are, when the change commits; where nobody listens it wakes nobody. */
export const wakeStreams: Subscriber = async (tx) => {
  const watched = await tx.first<object>(
    'select 1 from event_watchers where tenant_id = $1 and watched_until > now()',
    [tx.tenantUuid],
  )
  if (watched) await wake(tx, streamTopic(tx.tenantId))
}

/** Says that somebody listens to the tenant's events for so long. */
export async function watch(tx: TenantTx, forMs: number): Promise<void> {
  await tx.run(
    `insert into event_watchers as w (tenant_id, watched_until) values ($1, now() + $2 * interval '1 ms')
     on conflict (tenant_id) do update set watched_until = greatest(w.watched_until, excluded.watched_until)`,
    [tx.tenantUuid, forMs],
  )
}
