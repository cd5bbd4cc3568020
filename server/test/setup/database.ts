import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { connectPool } from '../../src/database/open.ts'
import { openQueue } from '../../src/jobs/queue.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** How tests reach the server; each makes databases of its own from the template. */
    server: { host?: string; port?: number; user?: string; connectionString?: string }
  }
}

export const TEMPLATE = 'payymo_template'

/** Starts one database server for the whole run (or takes PAYYMO_TEST_DATABASE_URL) and prepares a migrated template that
 *  each test file copies in 50 ms. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.PAYYMO_TEST_DATABASE_URL
  const folder = mkdtempSync(join(tmpdir(), 'payymo-test-'))
  chmodSync(folder, 0o755)
  const server = url === undefined ? await startEmbedded(join(folder, 'database'), { durable: false }) : undefined
  const connection: pg.ClientConfig = server ? server.connection : { connectionString: url! }
  const admin = new pg.Client({ ...connection, ...(server ? { database: 'postgres' } : {}) })
  await admin.connect()
  const leftovers = await admin.query<{ datname: string }>(
    "select datname from pg_database where datname like 'payymo\\_t%'",
  )
  for (const { datname } of leftovers.rows) await admin.query(`drop database if exists "${datname}" with (force)`)
  await admin.query(`create database ${TEMPLATE}`)
  await admin.end()

  const template = databaseOf(connection, TEMPLATE)
  const { pool } = await connectPool(template, 4)
  await migrate(pool)
  const queue = await openQueue({ pool, connection: template, report: (_queue, _data, error) => console.error(error) })
  await queue.stop(1000)
  await pool.end()

  project.provide('server', connection)
  return async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same server, another database. */
export function databaseOf(connection: pg.ClientConfig, name: string): pg.ClientConfig {
  if (connection.connectionString === undefined) return { ...connection, database: name }
  const url = new URL(connection.connectionString)
  url.pathname = `/${name}`
  return { connectionString: url.href }
}
