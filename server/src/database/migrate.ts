import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { UsageError } from '../base/errors.ts'
import { patient } from './patience.ts'

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))
/** Any number that no other program uses for its advisory locks on this database. */
const LOCK = 7_299_461_001

interface Migration {
  version: number
  name: string
  sql: string
  checksum: string
}

/** The roles of reliability 24, and one that removes what deleted tenants left. Making them needs CREATEROLE once; an operator
 *  may make them beforehand instead. */
export const ROLES = ['payymo_app', 'payymo_directory', 'payymo_ops_read', 'payymo_purge'] as const
/** The tenant policies name payymo_app: as its member payymo_purge is held by them too, on every table there will ever be. */
const PURGE_IS_APP = 'grant payymo_app to payymo_purge'

/** The SQL an administrator runs when the user of DATABASE_URL may not create roles. */
export const rolesSql = (user: string): string =>
  [...ROLES.map((role) => `create role ${role} nologin; grant ${role} to "${user}";`), `${PURGE_IS_APP};`].join('\n')

/** Brings the schema to this program's version: each migration in a transaction of its own, in order, once. Several
 *  processes may call it at the same time. Returns the names of those applied now. Throws UsageError when the database was
 *  made by a newer program or a known migration was changed. */
export async function migrate(pool: pg.Pool, migrations: Migration[] = readMigrations()): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0')
    // Another process may be at it, for as long as that takes.
    await client.query({ ...patient('select pg_advisory_lock($1)'), values: [LOCK] })
    await ensureRoles(client)
    await client.query(
      'create table if not exists schema_migrations (version int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
    )
    const pending = await pendingOf(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending.map((migration) => migration.name)
  } finally {
    // Destroyed, not released: the session settings and the lock go with the connection.
    client.release(true)
  }
}

export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(`${FOLDER}/${file}`, 'utf8')
      return {
        version: Number.parseInt(file, 10),
        name: file.replace(/\.sql$/, ''),
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      }
    })
}

async function pendingOf(client: pg.PoolClient, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migrations order by version',
  )
  for (const done of rows) {
    const known = migrations.find((migration) => migration.version === done.version)
    if (!known) {
      throw new UsageError(
        `This database was made by a newer Payymo (it has migration ${done.name}). Start that version, or restore a backup made by this one.`,
      )
    }
    if (known.checksum !== done.checksum) {
      throw new UsageError(
        `Migration ${done.name} differs from the one this database was made with. Use the Payymo version that made it, or a fresh data folder.`,
      )
    }
  }
  const done = new Set(rows.map((row) => row.version))
  return migrations.filter((migration) => !done.has(migration.version))
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A waiting ALTER makes every read behind it wait: give up early and try again (reliability 43).
      await client.query("begin; set local lock_timeout = '750ms'")
      await client.query(patient(migration.sql))
      await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
        migration.version,
        migration.name,
        migration.checksum,
      ])
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      const lockTimeout = (error as { code?: string }).code === '55P03'
      if (!lockTimeout || attempt === 20) {
        throw new UsageError(
          `Migration ${migration.name} failed: ${(error as Error).message}. Nothing of it was applied.`,
          { cause: error },
        )
      }
    }
  }
}

async function ensureRoles(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ rolname: string; user: string; member: boolean }>(
    "select rolname, current_user as user, pg_has_role(current_user, oid, 'member') as member from pg_roles where rolname = any($1)",
    [ROLES],
  )
  const user = (await client.query<{ name: string }>('select current_user as name')).rows[0]!.name
  try {
    for (const role of ROLES) {
      const present = rows.find((row) => row.rolname === role)
      if (!present) {
        // Roles belong to the whole server: another database's start may make the same one at this moment.
        await client.query(
          `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`,
        )
      }
      if (!present?.member) await client.query(`grant ${role} to "${user.replaceAll('"', '""')}"`)
    }
    const purge = await client.query<{ member: boolean }>(
      "select pg_has_role('payymo_purge', 'payymo_app', 'member') as member",
    )
    if (!purge.rows[0]!.member) await client.query(PURGE_IS_APP)
  } catch (cause) {
    throw new UsageError(
      `The database user "${user}" may not create the roles Payymo needs (${(cause as Error).message}). Ask an administrator to run:\n${rolesSql(user)}`,
      { cause },
    )
  }
}
