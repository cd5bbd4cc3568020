import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { OPERATOR_TENANT } from '../http/route.ts'
import { createClockWatch } from './clock-watch.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())

/** A machine whose clock is so far ahead of the right one. */
const machine = (host: string, aheadMs: number) =>
  createClockWatch({
    store: app.store,
    clock: { now: () => new Date(Date.now() + aheadMs) },
    scaled: (ms) => ms,
    host,
  })
const open = async () =>
  (
    await app.store.read(OPERATOR_TENANT, (tx) =>
      tx.many<{ subject_id: string; message: string }>(
        "select subject_id, message from alerts where tenant_id = $1 and code = 'clock_skewed' and closed_at is null order by subject_id",
        [tx.tenantUuid],
      ),
    )
  ).map(({ subject_id, message }) => [subject_id, /is (\d+ s \w+)/.exec(message)?.[1]])

describe('a clock that is apart from the database', () => {
  it('by more than two seconds is an alert of the operator, one for each machine, until it is mended', async () => {
    await machine('fine', 1_000).sweep.run()
    expect(await open()).toEqual([])
    await machine('fast', 300_000).sweep.run()
    await machine('fast', 300_000).sweep.run()
    await machine('slow', -3_600_000).sweep.run()
    expect(await open()).toEqual([
      ['fast', '300 s ahead'],
      ['slow', '3600 s behind'],
    ])
    // A machine that is right says nothing of another.
    await machine('fine', 0).sweep.run()
    await machine('slow', 0).sweep.run()
    expect(await open()).toEqual([['fast', '300 s ahead']])
    await machine('fast', 0).sweep.run()
    expect(await open()).toEqual([])
  })

  it('is told in seconds whenever somebody looks', async () => {
    const [seen] = await machine('any', -60_000).census.count()
    expect(Math.round(seen!.count / 10)).toBe(-6)
    const { body } = await app.http.inject({ url: '/metrics' })
    expect(body).toMatch(/^payymo_clock_skew_seconds -?\d/m)
  })
})
