import type pg from 'pg'
import { type Clock, isoSeconds } from '../base/clock.ts'
import { type Id, newId, type TenantId, uuidOf } from '../base/ids.ts'
import { writeJson } from '../base/json.ts'
import { withTenantLook } from '../database/look.ts'
import { type TenantTx, type Tx, withDirectory, withTenant } from '../database/transaction.ts'
import type { EnqueueOptions, JobData, JobQueue } from '../jobs/queue.ts'
import { type Actor, type AuditEntry, appendAudit } from './audit.ts'
import type { EventType } from './catalogue.ts'

/** An event as it was appended; `body` is what webhooks send, byte for byte. */
export interface AppendedEvent {
  id: Id<'evt'>
  type: EventType
  body: string
}

/** Reacts to events inside the transaction that appends them, for instance by writing the deliveries they cause. */
export type Subscriber = (tx: TenantTx, events: AppendedEvent[]) => Promise<void>

/** A change under way: the tenant's transaction, and what is said and caused with it. Events, audit rows and jobs commit
 *  with the state, or none of them does. */
export interface Change extends TenantTx {
  readonly actor: Actor
  readonly now: Date
  /** Says what happened; `data` is the resource as the API shows it. */
  event(type: EventType, resourceId: string, data: unknown): void
  /** Records who did what to which row. */
  audit(entry: AuditEntry): void
  /** Causes work after the commit. */
  job(queue: string, data: Omit<JobData, 'tenantId'>, options?: EnqueueOptions): void
}

/** How everything reaches the database: `read` to look, `change` to do. */
export interface Store {
  read<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>
  /** As `read`, for statements that stand each for itself: they can only look, at the least cost (database/look.ts). */
  look<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>
  /** The one idea: state, events, audit rows and jobs in one transaction. No network call inside, and nothing outside the
   *  transaction is touched: after a deadlock `work` runs again from its beginning. */
  change<T>(tenantId: TenantId, actor: Actor, work: (tx: Change) => Promise<T>): Promise<T>
  /** Look-ups over all tenants, before the tenant is known. */
  directory<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Writes what must commit with any change of the request at hand, last of all. Throwing undoes the change. */
export type Seal = (tx: TenantTx, audits: readonly AuditEntry[]) => Promise<void>

export function createStore(options: {
  pool: pg.Pool
  queue: JobQueue
  clock: Clock
  subscribers: Subscriber[]
  seal?: Seal
}): Store {
  const { pool, queue, clock, subscribers, seal } = options
  return {
    read: (tenantId, work) => withTenant(pool, tenantId, work),
    look: (tenantId, work) => withTenantLook(pool, tenantId, work),
    directory: (work) => withDirectory(pool, work),
    change: (tenantId, actor, work) =>
      untilNoDeadlock(() =>
        withTenant(pool, tenantId, async (tx) => {
          const events: { type: EventType; resourceId: string; data: unknown }[] = []
          const audits: AuditEntry[] = []
          const jobs: { queue: string; data: Omit<JobData, 'tenantId'>; options?: EnqueueOptions }[] = []
          const now = clock.now()
          const result = await work({
            ...tx,
            actor,
            now,
            event: (type, resourceId, data) => void events.push({ type, resourceId, data }),
            audit: (entry) => void audits.push(entry),
            job: (name, data, jobOptions) =>
              void jobs.push({ queue: name, data, ...(jobOptions ? { options: jobOptions } : {}) }),
          })
          const appended = await appendEvents(tx, events, now)
          for (const subscriber of subscribers) if (appended.length > 0) await subscriber(tx, appended)
          for (const job of jobs) await queue.enqueue(tx, job.queue, { ...job.data, tenantId }, job.options)
          // Last, so that the chain's lock is held for the shortest time.
          await appendAudit(tx, actor, audits, now)
          await seal?.(tx, audits)
          return result
        }),
      ),
  }
}

/** Locks are taken in one order wherever that is possible; where two changes still wait for each other, PostgreSQL undoes one
 *  of them, which is then simply done again. */
const DEADLOCK_TRIES = 4

async function untilNoDeadlock<T>(change: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change()
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== '40P01' || attempt === DEADLOCK_TRIES) throw error
    }
  }
}

async function appendEvents(
  tx: TenantTx,
  events: { type: EventType; resourceId: string; data: unknown }[],
  now: Date,
): Promise<AppendedEvent[]> {
  if (events.length === 0) return []
  const rows = events.map(({ type, resourceId, data }) => {
    const id = newId('evt')
    const body = writeJson({ id, event_type: type, tenant_id: tx.tenantId, timestamp: isoSeconds(now), data })
    return { id, type, resourceId, body }
  })
  await tx.run(
    `insert into events (tenant_id, id, type, resource_id, body, created_at)
     select $1, row.id, row.type, row.resource_id, row.body, $2
       from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) as row (id, type, resource_id, body)`,
    [
      tx.tenantUuid,
      now,
      rows.map((row) => uuidOf(row.id)),
      rows.map((row) => row.type),
      rows.map((row) => row.resourceId),
      rows.map((row) => row.body),
    ],
  )
  return rows
}
