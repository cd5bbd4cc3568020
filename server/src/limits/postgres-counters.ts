import pg from 'pg'
import { patient } from '../database/patience.ts'
import type { CallCounters, Cell, Limit } from './counters.ts'

/** Statements at once in one process. Equal calls share one (group-calls.ts), so this is plenty, and it leaves the server's
 *  connections to those who work. */
const CONNECTIONS = 2
/** The server gives a decision up after this, so that none is made for a caller who has long been answered. */
const STATEMENT_MS = 250
/** A connection that says nothing for so long is closed and opened anew. */
const SILENCE_MS = 1_000
/** Sweeping takes its time. */
const SWEEP_MS = 20 * STATEMENT_MS

/** Counts in the table rate_cells. One decision is one statement without BEGIN and COMMIT: one round trip. Since nothing but an
 *  unlogged table is written, its commit waits for no disk (PostgreSQL, RecordTransactionCommit: asynchronous when a
 *  transaction wrote no log), whatever synchronous_commit says. The connections are of their own: work that holds all of
 *  the pool's cannot stop the limiter, and the limiter cannot wait behind it. They are in role payymo_app from the
 *  start and never have a tenant, so they can reach these counts and nothing else. `housekeeping`: where sweeping borrows a
 *  connection, so that a process that never counts opens none of its own. */
export function createPostgresCounters(connection: pg.ClientConfig, housekeeping?: pg.Pool): CallCounters {
  const pool = new pg.Pool({
    ...connection,
    options: `-c role=payymo_app -c statement_timeout=${STATEMENT_MS} -c timezone=UTC`,
    max: CONNECTIONS,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  })
  // A lost connection shows in the next decision; without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))

  return {
    take: async (limits, calls) => {
      const subjects = limits.map(({ subject }) => subject)
      const values = [subjects, limits.map(({ perMinute }) => perMinute), calls]
      // A subject's first call makes its row. Twice only when the row was swept away in between.
      for (let attempt = 1; attempt <= 3; attempt++) {
        const { rows } = await pool.query<CountRow>({ name: 'rate_take', text: TAKE, values })
        const admitted = rows[0]?.admitted ?? null
        if (admitted !== null) return { admitted, nowMs: rows[0]!.now_ms, cells: limits.map(cellFrom(rows)) }
        await pool.query({ name: 'rate_begin', text: BEGIN, values: [subjects] })
      }
      throw new Error('counters vanish while they are used')
    },
    sweep: async () => {
      const client = await (housekeeping ?? pool).connect()
      try {
        let swept: number | null
        do {
          await client.query(`begin; set local role payymo_app; set local statement_timeout = ${SWEEP_MS}`)
          swept = (await client.query(patient(SWEEP, SWEEP_MS + SILENCE_MS))).rowCount
          await client.query('commit')
        } while (swept === SWEEP_ROWS)
        client.release()
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    close: () => pool.end(),
  }
}

interface CountRow {
  subject: string
  /** Null when a row is missing. */
  admitted: number | null
  now_ms: number
  started_ms: number
  previous: number
  current: number
}

const cellFrom =
  (rows: CountRow[]) =>
  ({ subject }: Limit): Cell => {
    const row = rows.find((candidate) => candidate.subject === subject)!
    return { startedMs: row.started_ms, previous: row.previous, current: row.current }
  }

/** The rules of window.ts. $1 subjects, $2 their limits, $3 calls. All rows are locked first, in one order for everybody, so
 *  that nobody waits in a circle, and what is locked is what the newest commit left; then all are written or none. */
const TAKE = `
with locked as materialized (
  select subject, started_ms, previous, current from rate_cells where subject = any($1::text[]) order by subject for update
),
moment as (select floor(extract(epoch from now()) * 1000)::bigint as now_ms),
aged as (
  select locked.*, asked.per_minute, now_ms, now_ms - started_ms as age_ms
    from locked join unnest($1::text[], $2::int[]) as asked (subject, per_minute) using (subject) cross join moment
),
present as materialized (
  select subject, per_minute, now_ms, started_ms, previous, current from aged where age_ms > -60000 and age_ms < 60000
  union all
  select subject, per_minute, now_ms, started_ms + 60000, current, 0 from aged where age_ms >= 60000 and age_ms < 120000
  union all
  select subject, per_minute, now_ms, now_ms / 1000 * 1000, 0, 0 from aged where age_ms <= -60000 or age_ms >= 120000
),
verdict as materialized (
  select case when count(*) = cardinality($1::text[]) then greatest(0, least($3::int, min(
           per_minute - current - previous * (59999 - least(greatest(now_ms - started_ms, 0), 59999)) / 60000)))::int end as admitted
    from present
),
taken as (
  update rate_cells set started_ms = present.started_ms, previous = present.previous, current = present.current + admitted
    from present, verdict where rate_cells.subject = present.subject and admitted > 0
)
select subject, admitted, now_ms::float8, started_ms::float8, previous, current + admitted as current from present, verdict`

const BEGIN = `
insert into rate_cells (subject, started_ms, previous, current)
select subject, floor(extract(epoch from now()))::bigint * 1000, 0, 0 from unnest($1::text[]) as asked (subject) order by subject
    on conflict do nothing`

const SWEEP_ROWS = 10_000
/** Cells count for two minutes. Rows in use are passed over, so the sweep never waits and never makes anybody wait. */
const SWEEP = `
delete from rate_cells where ctid = any(array(
  select ctid from rate_cells where started_ms < floor(extract(epoch from now()))::bigint * 1000 - 300000
   limit ${SWEEP_ROWS} for update skip locked))`
