import { join } from 'node:path'
import pg from 'pg'
import { UsageError } from '../base/errors.ts'
import { startEmbedded } from './embedded.ts'
import { PATIENCE_MS } from './patience.ts'

/** An open database: the pool that all work goes through, and how to let go of it. */
export interface Database {
  pool: pg.Pool
  /** For a listener of its own, outside the pool. */
  connection: pg.ClientConfig
  /** For people: `embedded PostgreSQL 18.4 in .payymo/database`, `PostgreSQL 15.18 at db.example:5432`. */
  description: string
  embedded: boolean
  close(): Promise<void>
}

/** Statement, lock and idle limits of reliability 12, given to the server so that they hold even when we hang. */
const LIMITS =
  '-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000 -c timezone=UTC'

/** Opens `DATABASE_URL`, or the bundled server on `<dataDir>/database` when there is none. Throws UsageError with what to
 *  do when the server cannot be reached or is too old. */
export async function openDatabase(options: {
  databaseUrl?: string
  dataDir: string
  poolMax?: number
}): Promise<Database> {
  if (options.databaseUrl === undefined) {
    const server = await startEmbedded(join(options.dataDir, 'database'))
    const connection = { ...server.connection, database: 'postgres' }
    const opened = await connectPool(connection, options.poolMax)
    return {
      ...opened,
      embedded: true,
      description: `embedded PostgreSQL ${opened.version} in ${join(options.dataDir, 'database')}`,
      close: async () => {
        await opened.pool.end()
        await server.stop()
      },
    }
  }
  const connection = { connectionString: options.databaseUrl }
  const opened = await connectPool(connection, options.poolMax)
  const { host, port } = new pg.Client(connection)
  return {
    ...opened,
    embedded: false,
    description: `PostgreSQL ${opened.version} at ${host}:${port}`,
    close: () => opened.pool.end(),
  }
}

/** A pool with our limits on a server that answers and is new enough. `patienceMs`: how long a statement may stay unanswered. */
export async function connectPool(
  connection: pg.ClientConfig,
  max = 20,
  patienceMs = PATIENCE_MS,
): Promise<{ pool: pg.Pool; connection: pg.ClientConfig; version: string }> {
  const limited = {
    ...connection,
    options: LIMITS,
    application_name: 'payymo',
    query_timeout: patienceMs,
    keepAlive: true,
  }
  const pool = new pg.Pool({ ...limited, max, connectionTimeoutMillis: 5000, idleTimeoutMillis: 30_000 })
  // A client that breaks is replaced by the pool, idle or not; whoever works with it gets the error from the query. Without
  // listeners a lost connection would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    const { rows } = await pool.query<{ number: string; version: string }>(
      "select current_setting('server_version_num') as number, split_part(current_setting('server_version'), ' ', 1) as version",
    )
    if (BigInt(rows[0]!.number) < 150_000n) {
      throw new UsageError(
        `PostgreSQL ${rows[0]!.version} is too old: Payymo needs version 15 or newer. Point DATABASE_URL to a newer server.`,
      )
    }
    return { pool, connection: limited, version: rows[0]!.version }
  } catch (error) {
    await pool.end()
    if (error instanceof UsageError) throw error
    throw new UsageError(
      `The database in DATABASE_URL does not answer (${(error as Error).message}). Check that the server runs and that the address, name and password are right.`,
      { cause: error },
    )
  }
}
