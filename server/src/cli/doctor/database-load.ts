import type pg from 'pg'
import type { Clock } from '../../base/clock.ts'
import { withOwner } from '../../database/transaction.ts'
import { about, type Finding } from './finding.ts'

/** What operating.md reckons with for each process. */
const CONNECTIONS_OF_A_PROCESS = 30
const SKEW_MS = { warning: 2_000, problem: 60_000 }
const LONG_SECONDS = 300
const MEGABYTE = 1024 * 1024
const TABLES_SHOWN = 5
/** Each counted call leaves a dead row; beyond so many the vacuum does not keep up. */
const DEAD_ROWS_MAX = 50_000

export const checkConnections = (pool: pg.Pool): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const check = about('database.connections')
    const { used, max } = await tx.one<{ used: number; max: number }>(
      `select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
              current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as max`,
    )
    const facts = { connections: used, connections_max: max }
    const found = `${used} of ${max} connections are in use.`
    if (used > max * 0.9)
      return check.problem(found, 'Raise max_connections, or run fewer processes: the next one may not get in.', facts)
    if (used > max * 0.7 || max < CONNECTIONS_OF_A_PROCESS)
      return check.warning(found, `Raise max_connections: each process takes up to ${CONNECTIONS_OF_A_PROCESS}.`, facts)
    return check.ok(found, facts)
  })

/** Leases and windows go by the database's clock, signatures and codes by ours (reliability 45). */
export const checkClocks = (pool: pg.Pool, clock: Clock): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const check = about('database.clock')
    const askedAt = clock.now().getTime()
    const { at } = await tx.one<{ at: string }>('select (extract(epoch from clock_timestamp()) * 1000)::bigint as at')
    const heardAt = clock.now().getTime()
    // The answer was made somewhere between question and hearing: only what lies outside is a difference.
    const skew = Number(at) < askedAt ? Number(at) - askedAt : Math.max(0, Number(at) - heardAt)
    const facts = { skew_ms: skew }
    const distance = Math.abs(skew)
    if (distance <= SKEW_MS.warning) return check.ok('The clocks of this machine and of the database agree.', facts)
    const found = `The database's clock is ${(distance / 1000).toFixed(1)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's.`
    const next = 'Let both machines take their time from a time server (NTP).'
    return distance > SKEW_MS.problem ? check.problem(found, next, facts) : check.warning(found, next, facts)
  })

export const checkSize = (pool: pg.Pool): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const { bytes } = await tx.one<{ bytes: string }>('select pg_database_size(current_database())::text as bytes')
    const tables = await tx.many<{ name: string; bytes: string }>(
      `select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid)::text as bytes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'pgboss')
        where c.relkind = 'r' order by pg_total_relation_size(c.oid) desc limit $1`,
      [TABLES_SHOWN],
    )
    const mb = (text: string) => Number(BigInt(text) / BigInt(MEGABYTE))
    const largest = tables.map(({ name, bytes: size }) => `${name.replace('public.', '')} ${mb(size)} MB`)
    return about('database.size').ok(`The database takes ${mb(bytes)} MB; the largest tables: ${largest.join(', ')}.`, {
      size_mb: mb(bytes),
      tables: largest,
    })
  })

/** Transactions that stay open keep the vacuum from tidying up, in every table. */
export const checkTransactions = (pool: pg.Pool, longSeconds = LONG_SECONDS): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const check = about('database.transactions')
    const long = await tx.many<{ pid: number; seconds: number }>(
      `select pid, floor(extract(epoch from clock_timestamp() - xact_start))::int as seconds from pg_stat_activity
        where xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'
          and datname = current_database() and clock_timestamp() - xact_start > $1 * interval '1 second'
        order by xact_start limit 10`,
      [longSeconds],
    )
    if (long.length === 0) return check.ok(`No transaction is older than ${longSeconds} seconds.`)
    const processes = long.map(({ pid, seconds }) => `process ${pid} for ${seconds} s`).join(', ')
    return check.warning(
      `Transactions stand open: ${processes}.`,
      `Payymo ends its own after seconds, so these are of another program or a backup. Look into pg_stat_activity; select pg_terminate_backend(${long[0]!.pid}); ends the oldest.`,
      { waiting: long.length, age_seconds: long[0]!.seconds },
    )
  })

export const checkVacuum = (pool: pg.Pool): Promise<Finding> =>
  withOwner(pool, async (tx) => {
    const check = about('database.vacuum')
    const row = await tx.first<{ on: boolean; dead: string; live: string; seconds: number | null }>(
      `select current_setting('autovacuum')::bool and current_setting('track_counts')::bool
              and not coalesce('autovacuum_enabled=false' = any(c.reloptions) or 'autovacuum_enabled=off' = any(c.reloptions), false) as on,
              s.n_dead_tup::text as dead, s.n_live_tup::text as live,
              floor(extract(epoch from now() - greatest(s.last_autovacuum, s.last_vacuum)))::int as seconds
         from pg_stat_user_tables s join pg_class c on c.oid = s.relid where s.relid = to_regclass('public.rate_cells')`,
    )
    if (!row) return check.skipped('The table of call counts is not there yet.')
    const facts = {
      autovacuum: row.on,
      dead_rows: Number(row.dead),
      live_rows: Number(row.live),
      ...(row.seconds === null ? {} : { age_seconds: row.seconds }),
    }
    if (!row.on)
      return check.problem(
        'Autovacuum is off: tables that change all the time grow without end, rate_cells first.',
        'Set autovacuum and track_counts to on, and remove autovacuum_enabled from the table (alter table rate_cells reset (autovacuum_enabled)).',
        facts,
      )
    const found = `rate_cells holds ${row.dead} dead rows beside ${row.live} that count.`
    if (facts.dead_rows > DEAD_ROWS_MAX)
      return check.warning(
        `${found} Autovacuum does not keep up.`,
        'End old transactions (above), run vacuum rate_cells; and give autovacuum more to do at once (autovacuum_vacuum_cost_limit, autovacuum_naptime).',
        facts,
      )
    return check.ok(found, facts)
  })
