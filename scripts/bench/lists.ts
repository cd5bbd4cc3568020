import pg from 'pg'
import { type TenantId, uuidOf } from '../../server/src/base/ids.ts'
import type { TenantTx } from '../../server/src/database/transaction.ts'
import { listPage } from '../../server/src/http/list.ts'
import { walkOf, writeCursor } from '../../server/src/http/list-cursor.ts'
import { orderOf } from '../../server/src/http/list-rows.ts'
import { TRANSACTION_LIST } from '../../server/src/transactions/schemas.ts'
import { type Figure, type Measurement, percentile } from './figure.ts'
import { openArrivals, openClient, throughput, throughputs } from './load.ts'
import { startServer } from './server.ts'
import { seedTransactions } from './transactions.ts'

const ROWS = 1_000_000
/** Asking at once, on either side. */
const WORKERS = 4
const TURNS = 5
const ARRIVALS_S = 8

/** P5: `GET /transactions` of a tenant with a million rows, over HTTP, against the statements of the same list by the bare
 *  driver: the same text and values, prepared, from one process on as many connections over the same kind of socket, with the
 *  driver's own reading of the rows; without transaction, row-level security, key check, limits, JSON and HTTP. Our count belongs
 *  to its statements where ours counts. Both are asked in turns, by as many at once. */
export const lists: Measurement = {
  ids: ['P5'],
  floor: 'requests: half of what the bare driver does of the same statements; searches: the statement timeout',
  run: async (folder) => {
    const server = await startServer(folder)
    const pool = new pg.Pool({ ...server.connection, max: WORKERS })
    const client = openClient(server.origin, server.key, 64)
    const figures: Figure[] = []
    try {
      const { accountId } = await seedTransactions(server, pool, ROWS)
      const depths = await positions(pool, server.tenantId)
      const queries: [string, (at: number) => Record<string, unknown>][] = [
        ['first page', () => ({})],
        ['by cursor, any depth', (at) => ({ cursor: depths[at % depths.length] })],
        ['filtered: unmatched', () => ({ match_status: 'unmatched' })],
        ['filtered: one account', () => ({ account_id: accountId })],
        ['page 5000', () => ({ page: 5000 })],
      ]
      const names = new Map<string, string>()
      for (const [what, query] of queries) {
        let at = 0
        const shoot = () => client.get(pathOf(query(at++)))
        const bare = await bareShot(pool, server.tenantId, query, names)
        for (const one of [shoot, bare]) await throughput(one, WORKERS, 1)
        const [measured, floor] = await throughputs(shoot, bare, WORKERS, TURNS)
        const p99 = await openArrivals(shoot, 150, ARRIVALS_S)
        figures.push(
          {
            id: 'P5',
            what: `${what}: requests`,
            measured,
            floor: floor / 2,
            goal: floor / 2,
            unit: '/s',
            better: 'higher',
          },
          {
            id: 'P5',
            what: `${what}: p99 at 150/s`,
            measured: p99,
            floor: null,
            goal: 50,
            unit: 'ms',
            better: 'lower',
          },
        )
      }
      figures.push(...(await searches(client.get)))
    } finally {
      await client.close()
      await pool.end()
      await server.stop()
    }
    return figures
  },
}

/** Not a figure of the contract: a search must answer within the statement timeout, whatever it looks for. */
async function searches(get: (path: string) => Promise<void>): Promise<Figure[]> {
  const texts = ['muller', 'inv 123', 'nothingofthekind', 'nothingofthekind&sort=-amount']
  const figures: Figure[] = []
  for (const text of texts) {
    const delays: number[] = []
    for (let run = 0; run < 5; run++) {
      const startedAt = performance.now()
      await get(`/transactions?q=${text.replace(' ', '%20')}`)
      delays.push(performance.now() - startedAt)
    }
    const measured = percentile(delays, 1)
    figures.push({
      id: 'P5',
      what: `search ${text}: slowest`,
      measured,
      floor: null,
      goal: 5000,
      unit: 'ms',
      better: 'lower',
    })
  }
  return figures
}

const pathOf = (query: Record<string, unknown>): string =>
  `/transactions?${new URLSearchParams(query as Record<string, string>).toString()}`

/** Cursors all over the list, as the walk would give them. */
async function positions(pool: pg.Pool, tenantId: TenantId): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; value: string }>(
    `select id, created_at::text as value from transactions tablesample system (0.5) where tenant_id = $1 limit 1000`,
    [uuidOf(tenantId)],
  )
  const walk = walkOf(TRANSACTION_LIST.from, [uuidOf(tenantId)], orderOf(TRANSACTION_LIST, undefined).name, {})
  return rows.map((row) => writeCursor(walk, row))
}

/** The statements of the list, taken down once for each query and then sent by the bare driver. `names`: by text, what they are
 *  prepared as. */
async function bareShot(
  pool: pg.Pool,
  tenantId: TenantId,
  query: (at: number) => Record<string, unknown>,
  names: Map<string, string>,
): Promise<() => Promise<void>> {
  const kept: { name: string; text: string; values: unknown[] }[][] = []
  for (let at = 0; at < 200; at++) {
    const statements: (typeof kept)[number] = []
    const many = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
      if (!names.has(text)) names.set(text, `bare${names.size}`)
      statements.push({ name: names.get(text)!, text, values: [...values] })
      return (await pool.query(text, [...values])).rows as Row[]
    }
    const tx: TenantTx = {
      tenantId,
      tenantUuid: uuidOf(tenantId),
      many,
      first: async <Row>(text: string, values?: readonly unknown[]) => (await many<Row>(text, values))[0],
      one: async <Row>(text: string, values?: readonly unknown[]) => (await many<Row>(text, values)).at(0) as Row,
      run: async (text, values) => (await many(text, values)).length,
    }
    await listPage(tx, TRANSACTION_LIST, query(at))
    kept.push(statements)
  }
  let at = 0
  return async () => {
    for (const statement of kept.at(at++ % kept.length) ?? []) await pool.query(statement)
  }
}
