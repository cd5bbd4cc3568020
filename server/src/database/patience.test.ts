import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { connectPool } from './open.ts'
import { patient } from './patience.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import { withTenantLook } from './look.ts'
import { withOwner } from './transaction.ts'

/** Short, so that the test need not wait for long. */
const PATIENCE_MS = 1_000

let app: TestApp
let wire: Server
let sockets: Socket[]
/** The wire is cut without a word: nothing arrives, nothing is closed. */
let silent = false
let pool: pg.Pool

beforeAll(async () => {
  app = await createTestApp()
  const there = new pg.Client(app.database.connection)
  const target = there.host.startsWith('/')
    ? { path: `${there.host}/.s.PGSQL.${there.port}` }
    : { host: there.host, port: there.port }
  sockets = []
  wire = createServer((near) => {
    const far = connect(target as { host: string; port: number })
    sockets.push(near, far)
    near.on('data', (bytes) => silent || far.write(bytes))
    far.on('data', (bytes) => silent || near.write(bytes))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const { connectionString, ...given } = app.database.connection
  const over = { host: '127.0.0.1', port: (wire.address() as AddressInfo).port }
  const named = { user: there.user, database: there.database, password: there.password }
  const opened = await connectPool({ ...(connectionString ? named : given), ...over }, 1, PATIENCE_MS)
  pool = opened.pool
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  wire.close()
  await pool.end()
  await app.stop()
})

const ask = () => withOwner(pool, (tx) => tx.one<{ one: number }>('select 1 as one'))
const look = () => withTenantLook(pool, OPERATOR_TENANT, (tx) => tx.one<{ one: number }>('select 1 as one'))

it.each([
  ['in a transaction', ask],
  ['as a look', look],
])('a connection cut without a word does not hang, %s: 503, and it is not used again', async (_name, query) => {
  expect(await query()).toEqual({ one: 1 })
  silent = true
  await expect(query()).rejects.toMatchObject({ code: 'service_unavailable', cause: { message: 'Query read timeout' } })
  silent = false
  expect(await query()).toEqual({ one: 1 })
  expect(pool.totalCount).toBe(1)
})

it('an answer ends the wait for it: nothing is left of it that could give up later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    for (const query of [ask, look, ask, look]) await query()
    // The pool's own, which ends a connection that nobody uses.
    expect(vi.getTimerCount()).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})

it('a statement that may take longer is waited for', async () => {
  const slow = 'select 2 as two from pg_sleep(1.5)'
  await expect(withOwner(pool, (tx) => tx.one(slow))).rejects.toMatchObject({ code: 'service_unavailable' })
  expect((await pool.query(patient(slow, 20_000))).rows).toEqual([{ two: 2 }])
})
