import { PgBoss } from 'pg-boss'
import type pg from 'pg'
import type { TenantId } from '../base/ids.ts'
import { inSpan } from '../base/span.ts'
import { PATIENCE_MS, patient } from '../database/patience.ts'
import type { Tx } from '../database/transaction.ts'

/** A piece of work that a slice offers to do later. */
export interface JobKind<Data extends JobData = JobData> {
  queue: string
  /** Does the work; throwing means "again later", with back-off, until the tries are used up. */
  handle(data: Data): Promise<void>
  /** How many at once in one process. */
  concurrency: number
  /** A dead worker's job is taken up by another after this. Longer than any handler waits. */
  expireInSeconds: number
  retryLimit: number
  /** First wait between tries; doubles from there. */
  retryDelaySeconds: number
}

/** Jobs carry ids only, never amounts or texts: the handler reads the present state. */
export interface JobData {
  tenantId: TenantId
  [name: string]: string | number | boolean | null
}

export interface EnqueueOptions {
  /** Not before so many milliseconds from now. */
  delayMs?: number
  /** At most one waiting job of this queue with this key. */
  onlyOne?: string
}

export interface JobQueue {
  /** Adds a job in the caller's transaction: rolled back, it never was (reliability 9). */
  enqueue(tx: Tx, queue: string, data: JobData, options?: EnqueueOptions): Promise<void>
  /** Creates the queues that are missing and brings their limits up to date. */
  prepare(kinds: Omit<JobKind, 'handle' | 'concurrency'>[]): Promise<void>
  /** Starts working. Only kinds named here are worked on in this process. */
  work(kinds: JobKind[]): Promise<void>
  /** Stops taking jobs and waits for running ones, at most `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** How long a queue without news waits between looks. A notification wakes it within milliseconds. */
const POLL_SECONDS = 1

/** The durable queue in PostgreSQL. Creates its tables when they are missing. `report` hears of failed jobs. */
export async function openQueue(options: {
  pool: pg.Pool
  connection: pg.ClientConfig
  report(queue: string, data: JobData, error: unknown): void
  /** Hears of every job that was worked on. */
  observe?(queue: string, outcome: 'done' | 'failed', durationMs: number): void
}): Promise<JobQueue> {
  const { pool } = options
  const boss = new PgBoss({
    ...(options.connection as { host: string }),
    max: 4,
    schema: 'pgboss',
    useListenNotify: true,
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
    // A job goes on with the trace of the request that caused it. Costs nothing while nothing is traced.
    openTelemetry: { propagateContext: true },
  })
  boss.on('error', (error) => options.report('queue', { tenantId: 'ten_' }, error))
  await oneAtATime(pool, async () => {
    await boss.start()
    await pool.query(
      `grant usage on schema pgboss to payymo_app;
       grant select, insert, update on all tables in schema pgboss to payymo_app;
       grant execute on all functions in schema pgboss to payymo_app`,
    )
  })

  return {
    prepare: (kinds) =>
      oneAtATime(pool, async () => {
        for (const { queue, expireInSeconds, retryLimit, retryDelaySeconds } of kinds) {
          const policy = {
            expireInSeconds,
            retryLimit,
            retryDelay: retryDelaySeconds,
            retryBackoff: true,
            retryDelayMax: 900,
            deleteAfterSeconds: 7 * 86_400,
            notify: true,
          }
          if (await boss.getQueue(queue)) await boss.updateQueue(queue, policy)
          else await boss.createQueue(queue, { ...policy, policy: 'stately' })
        }
      }),
    enqueue: async (tx, queue, data, { delayMs, onlyOne } = {}) => {
      await boss.send(queue, data, {
        db: { executeSql: async (text, values) => ({ rows: await tx.many(text, values ?? []) }) },
        ...(delayMs === undefined ? {} : { startAfter: new Date(Date.now() + delayMs) }),
        // Without a key of its own each job stands alone.
        singletonKey: onlyOne ?? crypto.randomUUID(),
      })
    },
    work: async (kinds) => {
      for (const kind of kinds) {
        await boss.work<JobData>(
          kind.queue,
          {
            // One at a time would be two jobs a second: fetch in batches and run the batch at once (docs/decisions/0003).
            batchSize: kind.concurrency,
            perJobResults: true,
            burstWhenBatchFull: true,
            pollingIntervalSeconds: POLL_SECONDS,
            notifyPollingIntervalSeconds: POLL_SECONDS,
          },
          (jobs) =>
            Promise.all(
              jobs.map(async (job) => {
                const startedAt = performance.now()
                const observe = (outcome: 'done' | 'failed') =>
                  options.observe?.(kind.queue, outcome, performance.now() - startedAt)
                try {
                  await inSpan(`job ${kind.queue}`, { attributes: { 'payymo.tenant_id': job.data.tenantId } }, () =>
                    kind.handle(job.data),
                  )
                  observe('done')
                  return { id: job.id, status: 'completed' as const }
                } catch (error) {
                  observe('failed')
                  options.report(kind.queue, job.data, error)
                  return { id: job.id, status: 'failed' as const, output: { message: String(error).slice(0, 500) } }
                }
              }),
            ),
        )
      }
    },
    stop: (graceMs) => boss.stop({ graceful: true, timeout: graceMs, close: true }),
  }
}

/** Any number that no other program uses for its advisory locks on this database. */
const LOCK = 7_299_461_003
const TURN_MS = 60_000

/** Sets the queue up in one process at a time: PostgreSQL refuses grants and queues that two make at the same moment. */
async function oneAtATime(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(
      `begin; set local statement_timeout = ${TURN_MS}; set local idle_in_transaction_session_timeout = ${TURN_MS}`,
    )
    await client.query({ ...patient('select pg_advisory_xact_lock($1)', TURN_MS + PATIENCE_MS), values: [LOCK] })
    await work()
  } finally {
    await client.query('commit').catch(() => {})
    client.release()
  }
}
