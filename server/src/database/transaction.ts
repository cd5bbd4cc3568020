import { createHash } from 'node:crypto'
import type pg from 'pg'
import { AppError } from '../base/errors.ts'
import { type TenantId, uuidOf } from '../base/ids.ts'
import { traceparent } from '../base/span.ts'
import { isUnanswered } from './patience.ts'

/** An open database transaction. Everything inside a use case goes through it: the pool is another connection, sees other
 *  rows, and can wait for ever. */
export interface Tx {
  /** All rows. Values are positional (`$1`); bigint travels as text. */
  many<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The first row, or undefined. */
  first<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>
  /** The only row; throws when there is none. */
  one<Row>(text: string, values?: readonly unknown[]): Promise<Row>
  /** How many rows the statement touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>
}

/** A transaction that sees the rows of one tenant only: row-level security is set, and queries name the tenant as well. */
export interface TenantTx extends Tx {
  readonly tenantId: TenantId
  /** The tenant's id as the database keeps it: the first value of every statement on a tenant table. */
  readonly tenantUuid: string
}

/** Roles that a transaction may take. `payymo_app` sees one tenant; `payymo_directory` sees, over all tenants, the few
 *  columns needed before the tenant is known (reliability 24). */
export type Role = 'payymo_app' | 'payymo_directory' | 'payymo_purge'

/** Runs `work` in one transaction of the tenant and commits. Rolls back and rethrows when it throws. The one way to tenant
 *  rows (reliability 25). */
export function withTenant<T>(pool: pg.Pool, tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
  const tenantUuid = uuidOf(tenantId)
  return inTransaction(pool, `set local role payymo_app; set local app.tenant = '${tenantUuid}'${trace()}`, (client) =>
    work({ ...handle(client), tenantId, tenantUuid }),
  )
}

/** Rows that cause work keep the trace they were written in, by the default of their column. Hexadecimal, so safe in the text. */
function trace(): string {
  const active = traceparent()
  return active === null ? '' : `; set local app.traceparent = '${active}'`
}

/** A transaction that sees the rows of one person: password, second factor, sessions. Those belong to no tenant. */
export interface PersonTx extends Tx {
  /** The first value of every statement on a person's table. */
  readonly personUuid: string
}

/** Runs `work` in one transaction of the person and commits. As `withTenant`, for the tables that have no tenant. */
export function withPerson<T>(pool: pg.Pool, personUuid: string, work: (tx: PersonTx) => Promise<T>): Promise<T> {
  if (!UUID.test(personUuid)) throw new TypeError('a person is named by a uuid')
  return inTransaction(pool, `set local role payymo_app; set local app.person = '${personUuid}'`, (client) =>
    work({ ...handle(client), personUuid }),
  )
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The same transaction of a tenant, now also that of one person: until it ends it sees both, so that they change together. */
export async function asPerson(tx: TenantTx, personUuid: string): Promise<PersonTx> {
  await tx.run("select set_config('app.person', $1, true)", [personUuid])
  return { many: tx.many, first: tx.first, one: tx.one, run: tx.run, personUuid }
}

/** Runs `work` as the directory role: look-ups before the tenant is known, over all tenants, named columns only. */
export function withDirectory<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'set local role payymo_directory', (client) => work(handle(client)))
}

/** As `withTenant`, with the right to remove rows the app must keep: only for what a deleted tenant left behind
 *  (`database/purge.ts`). Row-level security holds here as everywhere. */
export function withPurge<T>(pool: pg.Pool, tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T> {
  const tenantUuid = uuidOf(tenantId)
  return inTransaction(pool, `set local role payymo_purge; set local app.tenant = '${tenantUuid}'`, (client) =>
    work({ ...handle(client), tenantId, tenantUuid }),
  )
}

/** A look over all tenants in the middle of a tenant's transaction, by the directory's named columns: what it sees is as new
 *  as the locks already taken make it. The transaction goes on as before, unless the look itself failed. */
export async function lookAround<T>(tx: TenantTx, work: (tx: Tx) => Promise<T>): Promise<T> {
  await tx.run('set local role payymo_directory')
  const result = await work(tx)
  await tx.run('set local role payymo_app')
  return result
}

/** Runs `work` with the rights of the database's owner: migrations, boot checks, installation secrets. Never tenant rows. */
export function withOwner<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(pool, '', (client) => work(handle(client)))
}

async function inTransaction<T>(
  pool: pg.Pool,
  prelude: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connect(pool)
  let broken: Error | undefined
  try {
    // One round trip: the simple protocol takes several statements at once (340 µs instead of 780).
    await client.query(`begin; ${prelude}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    if (isUnanswered(error)) {
      broken = error as Error
      throw unreachable(error)
    }
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    // A client whose end of transaction failed may still carry the tenant's setting: it never goes back to the pool.
    client.release(broken)
  }
}

/** A client of the pool, or the refusal that says the database is away. */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (cause) {
    throw unreachable(cause)
  }
}

/** What callers are told while the database does not answer. */
export const unreachable = (cause: unknown): AppError =>
  new AppError('service_unavailable', 'The database is not reachable at the moment. Try again in a few seconds.', {
    cause,
    retryAfterSeconds: 5,
  })

const names = new Map<string, string>()
/** Lists make as many texts as there are ways to filter and sort: beyond this many, statements go unnamed, since each name stays
 *  in the memory of every connection. */
const NAMES_MAX = 1000

/** Statements are prepared once per connection under a name made from their text (twice as fast as unnamed). */
export function nameOf(text: string): string | undefined {
  let name = names.get(text)
  if (name === undefined && names.size < NAMES_MAX) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
    names.set(text, name)
  }
  return name
}

function named(text: string): { name?: string } {
  const name = nameOf(text)
  return name === undefined ? {} : { name }
}

function handle(client: pg.PoolClient): Tx {
  const query = async (text: string, values: readonly unknown[] = []) =>
    client.query({ ...named(text), text, values: values as unknown[] })
  return {
    many: async <Row>(text: string, values?: readonly unknown[]) => (await query(text, values)).rows as Row[],
    first: async <Row>(text: string, values?: readonly unknown[]) =>
      (await query(text, values)).rows[0] as Row | undefined,
    one: async <Row>(text: string, values?: readonly unknown[]) => {
      const row = (await query(text, values)).rows[0] as Row | undefined
      if (row === undefined) throw new Error(`expected one row: ${text.slice(0, 80)}`)
      return row
    },
    run: async (text, values) => (await query(text, values)).rowCount ?? 0,
  }
}

/** Whether the error is PostgreSQL's unique violation, of the named constraint when given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const fault = error as { code?: string; constraint?: string }
  return fault?.code === '23505' && (constraint === undefined || fault.constraint === constraint)
}
