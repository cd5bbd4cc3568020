import pg from 'pg'
import { type TenantId, uuidOf } from '../base/ids.ts'
import { bindMessage, executeMessage, parseMessage, SYNC, describeMessage } from './messages.ts'
import { isUnanswered } from './patience.ts'
import { connect, nameOf, type TenantTx, unreachable } from './transaction.ts'

/** Runs `work`, which only reads, as the tenant. Every statement is a transaction of its own, sent as one message with what fences
 *  it: role, tenant and read-only first, then the statement, then the end. The server carries them out in this order, leaves the
 *  rest out after a failure, and ends the transaction at the end of the message whatever happened: the statement never runs
 *  outside the fence, and nothing of the fence outlives it. It costs what the statement alone does; begin, statement and commit
 *  cost half as much again (docs/decisions/0015). Each statement sees what was committed when it began, as in `withTenant`.
 *  Values: text, numbers, booleans, times, null. Source: PostgreSQL, Frontend/Backend Protocol, Extended Query and Pipelining. */
export async function withTenantLook<T>(
  pool: pg.Pool,
  tenantId: TenantId,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const tenantUuid = uuidOf(tenantId)
  const client = await connect(pool)
  let broken = true
  const query = (text: string, values: readonly unknown[] = []) =>
    new Promise<object[]>((resolve, reject) => {
      client.query(fenced(tenantUuid, text, values, (error, rows) => (error ? reject(error) : resolve(rows))))
    })
  try {
    const result = await work({
      tenantId,
      tenantUuid,
      many: (text, values) => query(text, values) as Promise<never[]>,
      first: async (text, values) => (await query(text, values))[0] as never,
      one: async (text, values) => {
        const [row] = await query(text, values)
        if (row === undefined) throw new Error(`expected one row: ${text.slice(0, 80)}`)
        return row as never
      },
      run: async (text, values) => (await query(text, values)).length,
    })
    broken = client.getTransactionStatus() !== 'I'
    return result
  } catch (error) {
    throw isUnanswered(error) ? unreachable(error) : error
  } finally {
    // After a failure nobody knows how far the message came: such a client never goes back to the pool.
    client.release(broken)
  }
}

const FENCE = 'payymo_fence'
const FENCE_SQL =
  "select set_config('role', 'payymo_app', true), set_config('app.tenant', $1, true), set_config('transaction_read_only', 'on', true)"
const PARSE_FENCE = parseMessage(FENCE, FENCE_SQL)
const EXECUTE = executeMessage()
const DESCRIBE = describeMessage()

interface Column {
  name: string
  read: (text: string) => unknown
}
/** What each connection has prepared, with the columns of the answer: the server is asked for them once. */
const prepared = new WeakMap<pg.Connection, Map<string, Column[]>>()

type Done = (error: Error | null, rows: object[]) => void

/** The statement behind its fence, in the form in which the driver takes the queries of others. */
function fenced(tenantUuid: string, text: string, values: readonly unknown[], done: Done): pg.Submittable {
  const ownName = nameOf(text)
  // Names of our own: the driver keeps books of its own over the ones it gave.
  const name = ownName === undefined ? '' : `look_${ownName}`
  const rows: object[] = []
  let known: Map<string, Column[]>
  let columns: Column[] | undefined
  let ended = 0
  let over = false
  const end: Done = (error, found) => {
    if (over) return
    over = true
    query.callback()
    done(error, found)
  }
  const query = {
    /** The driver puts its own in the place of this one, and stops waiting for the answer when it is called. */
    callback: () => {},
    submit: (connection: pg.Connection) => {
      known = prepared.get(connection) ?? new Map<string, Column[]>()
      prepared.set(connection, known)
      columns = name === '' ? undefined : known.get(name)
      connection.stream.write(
        Buffer.concat([
          ...(known.has(FENCE) ? [] : [PARSE_FENCE]),
          bindMessage(FENCE, [tenantUuid]),
          EXECUTE,
          ...(columns ? [] : [parseMessage(name, text)]),
          bindMessage(name, values),
          ...(columns ? [] : [DESCRIBE]),
          EXECUTE,
          SYNC,
        ]),
      )
    },
    handleRowDescription: ({ fields }: { fields: { name: string; dataTypeID: number }[] }) => {
      columns = fields.map((field) => ({ name: field.name, read: pg.types.getTypeParser(field.dataTypeID, 'text') }))
    },
    handleDataRow: ({ fields }: { fields: (string | null)[] }) => {
      // The fence answers with a row as well.
      if (ended === 0) return
      const row: Record<string, unknown> = {}
      for (let at = 0; at < fields.length; at++) {
        const value = fields[at]!
        const column = columns![at]!
        row[column.name] = value === null ? null : column.read(value)
      }
      rows.push(row)
    },
    handleCommandComplete: () => void ended++,
    handleEmptyQuery: () => {},
    handlePortalSuspended: () => {},
    handleCopyInResponse: () => {},
    handleCopyData: () => {},
    handleError: (error: Error) => end(error, []),
    handleReadyForQuery: () => {
      known.set(FENCE, [])
      if (columns && name !== '') known.set(name, columns)
      end(null, rows)
    },
  }
  return query
}
