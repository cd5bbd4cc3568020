import pg from 'pg'
import type { Clock } from '../../src/base/clock.ts'

/** The time of a database and of the programs on it, which a suite turns forward: weeks pass between two readings of an account. */
export interface SuiteTime {
  clock: Clock
  turn(ms: number): Promise<void>
  close(): Promise<void>
}

/** Puts a clock of our own before that of PostgreSQL for all who connect from now on: `now()` and `clock_timestamp()` of statements
 *  are found in our schema first. What columns take by default stays the true time, which is never later. */
const CLOCK = `
  create schema suite;
  create table suite.clock (shift interval not null);
  insert into suite.clock values ('0');
  create function suite.now() returns timestamptz language sql stable as 'select pg_catalog.now() + shift from suite.clock';
  create function suite.clock_timestamp() returns timestamptz language sql volatile as 'select pg_catalog.clock_timestamp() + shift from suite.clock';
  grant usage on schema suite to public;
  grant select on suite.clock to public;`

/** Before anything else connects to the database. */
export async function openTime(connection: pg.ClientConfig): Promise<SuiteTime> {
  const client = new pg.Client(connection)
  // The server ends with the suite, whatever came of the suite.
  client.on('error', () => {})
  await client.connect()
  await client.query(CLOCK)
  await client.query(
    `alter database ${pg.escapeIdentifier(connection.database!)} set search_path = suite, pg_catalog, public`,
  )
  let shiftMs = 0
  return {
    clock: { now: () => new Date(Date.now() + shiftMs) },
    turn: async (ms) => {
      shiftMs += ms
      await client.query(`update suite.clock set shift = $1 * interval '1 millisecond'`, [shiftMs])
    },
    close: () => client.end(),
  }
}
