import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type pg from 'pg'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { readKeyRing } from '../base/envelope.ts'
import { createReadiness } from './readiness.ts'

let app: TestApp
let pool: pg.Pool
beforeAll(async () => {
  app = await createTestApp()
  pool = app.database.pool
})
afterAll(() => app.stop())

const ring = () => app.config.keyRing
const ready = async () => (await app.http.inject('/readyz')).statusCode

describe('ready', () => {
  it('while the database answers, has our schema, and holds nothing that our keys do not open', async () => {
    expect(await createReadiness(pool, ring())()).toBeUndefined()
    expect(await ready()).toBe(200)
  })

  it('with migrations of a newer program as well: old and new stand side by side during an upgrade', async () => {
    await pool.query("insert into schema_migrations (version, name, checksum) values (9999, 'newer', 'x')")
    expect(await createReadiness(pool, ring())()).toBeUndefined()
    await pool.query('delete from schema_migrations where version = 9999')
  })
})

describe('not ready', () => {
  it('while a migration of ours is missing', async () => {
    await pool.query('update schema_migrations set version = -1 where version = 1')
    expect(await createReadiness(pool, ring())()).toMatch(/not been brought to this version/)
    await pool.query('update schema_migrations set version = 1 where version = -1')
  })

  it.each(['test', 'other'])('with another key under the id "%s"', async (id) => {
    const wrong = readKeyRing(`${id}:${randomBytes(32).toString('base64')}`)
    expect(await createReadiness(pool, wrong)()).toMatch(/encryption keys/)
  })

  it('while the database cannot be reached', async () => {
    const away = { connect: () => Promise.reject(new Error('connection refused')) } as unknown as pg.Pool
    expect(await createReadiness(away, ring())()).toBe('The database does not answer')
  })

  it('when the database takes longer than a second; a look that hangs stays the only one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let now = 0
      const connect = vi.fn(() => new Promise<never>(() => {}))
      const readiness = createReadiness({ connect } as unknown as pg.Pool, ring(), () => now)
      const first = readiness()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await first).toBe('The database does not answer')
      now = 60_000
      expect(await readiness()).toBe('The database does not answer')
      expect(connect).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })
})

it('everybody who asks within a second shares one look', async () => {
  let now = 0
  const connect = vi.fn(() => pool.connect())
  const readiness = createReadiness({ connect } as unknown as pg.Pool, ring(), () => now)
  expect(await Promise.all(Array.from({ length: 50 }, readiness))).toEqual(Array(50).fill(undefined))
  now = 999
  await readiness()
  expect(connect).toHaveBeenCalledTimes(1)
  now = 1_000
  await readiness()
  expect(connect).toHaveBeenCalledTimes(2)
})
