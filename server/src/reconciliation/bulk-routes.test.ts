import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import { type Id, newId, uuidOf } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { decideMany } from './decide-many.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let stranger: TestTenant
let number = 100

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
  stranger = await app.tenant()
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

/** Suggestions for so many lines, each with its own invoice. */
async function suggestions(count: number): Promise<Id<'match'>[]> {
  const rows = Array.from({ length: count }, () => {
    const id = (number += 1)
    return { id, client: 1, number: `INV-${id}`, date: '2025-04-01', due: '2025-04-15', total: '50.00' }
  })
  await bench.seed({ invoices: rows })
  const lines: Id<'txn'>[] = []
  for (const row of rows)
    lines.push(await bench.line({ amount: 50, text: `Invoice ${row.number}`, name: 'Marlow Hosting' }))
  await bench.run()
  return Promise.all(lines.map(async (line) => (await bench.matches(line))[0].id))
}

const bulk = (ids: unknown, status: unknown, headers?: Record<string, string>) =>
  bench.tenant.call('POST', '/invoice-matches/bulk', { ids, status }, headers)

const payments = (ids: readonly Id<'match'>[]) =>
  app.store.read(bench.tenant.id, (tx) =>
    tx.many<object>('select id from payments where tenant_id = $1 and match_id = any($2::uuid[])', [
      tx.tenantUuid,
      ids.map(uuidOf),
    ]),
  )

describe('POST /invoice-matches/bulk', () => {
  it('200: each is decided for itself, in the order given; unknown and foreign ones fail alone', async () => {
    const [one, rejected, other] = (await suggestions(3)) as [Id<'match'>, Id<'match'>, Id<'match'>]
    await bench.reject(rejected)
    const unknown = newId('match')
    const answer = await bulk([other, unknown, rejected, one], 'approved')
    expect(answer.status).toBe(200)
    expect(answer.body.results).toEqual([
      { id: other, status: 'approved', error: null },
      { id: unknown, status: null, error: { code: 'resource_not_found', message: expect.any(String) } },
      {
        id: rejected,
        status: null,
        error: { code: 'resource_conflict', message: 'This match is rejected and cannot be approved any more.' },
      },
      { id: one, status: 'approved', error: null },
    ])
    expect(await payments([one, other])).toHaveLength(2)
    const foreign = await stranger.call('POST', '/invoice-matches/bulk', { ids: [one, unknown], status: 'approved' })
    expect(foreign.body.results[0].error).toEqual(foreign.body.results[1].error)
  })

  it('200: what is as wanted counts as done, and is done once', async () => {
    const ids = await suggestions(3)
    const answers = await Promise.all([bulk(ids, 'approved'), bulk(ids, 'approved')])
    for (const { body } of answers)
      expect(body.results).toEqual(ids.map((id) => ({ id, status: 'approved', error: null })))
    expect(await payments(ids)).toHaveLength(3)
    const [rejected] = await suggestions(1)
    await bulk([rejected], 'rejected')
    expect((await bulk([rejected], 'rejected')).body.results[0]).toEqual({
      id: rejected,
      status: 'rejected',
      error: null,
    })
  })

  it('200: applied ones are taken back, once', async () => {
    const ids = await suggestions(2)
    await bulk(ids, 'approved')
    await bench.pay()
    expect((await bulk(ids, 'reversed')).body.results.map((one: { status: string }) => one.status)).toEqual([
      'applied',
      'applied',
    ])
    expect((await bulk(ids, 'reversed')).body.results.every((one: { error: unknown }) => one.error === null)).toBe(true)
    await bench.pay()
    expect((await bulk(ids, 'reversed')).body.results.map((one: { status: string }) => one.status)).toEqual([
      'reversed',
      'reversed',
    ])
  })

  it('200: with an idempotency key the same answer comes again, and after a crash only what is missing is added', async () => {
    const ids = await suggestions(2)
    const headers = { 'idempotency-key': `bulk-${ids[0]}` }
    const first = await bulk(ids, 'approved', headers)
    const again = await bulk(ids, 'approved', headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers['idempotency-replayed']).toBe('true')
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        "update idempotency_keys set sealed_answer = null, answered_at = null, lease_until = now() - interval '1 second' where tenant_id = $1",
        [tx.tenantUuid],
      ),
    )
    expect((await bulk(ids, 'approved', headers)).body).toEqual(first.body)
    expect(await payments(ids)).toHaveLength(2)
  })

  it('200: what the time of a request does not suffice for is left as it is', async () => {
    const ids = await suggestions(6)
    let ms = 0
    const results = await decideMany(
      { store: app.store, report: () => {}, nowMs: () => (ms += 5_000) },
      bench.tenant.id,
      systemActor('test'),
      { ids, status: 'rejected' },
    )
    expect(results.map((one) => one.id)).toEqual(ids)
    expect(results.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', null, null])
    expect(results.at(-1)!.error?.code).toBe('service_unavailable')
    expect((await bench.get(`/invoice-matches/${ids.at(-1)}`)).status).toBe('suggested')
  })

  it('400: all faults of the body', async () => {
    const id = newId('match')
    expect((await bulk([id, id], 'approved')).body.error.details).toEqual([
      { field: 'ids', issue: 'Must not hold the same match twice' },
    ])
    expect(
      (await bulk([], 'applied')).body.error.details.map((one: { field: string }) => one.field).toSorted(),
    ).toEqual(['ids', 'status'])
    expect((await bulk(['txn_1'], 'approved')).status).toBe(400)
    const many = Array.from({ length: 1001 }, () => newId('match'))
    expect((await bulk(many, 'approved')).status).toBe(400)
  })

  it('401, 403: only who may decide matches', async () => {
    const id = newId('match')
    expect((await app.call(undefined, 'POST', '/invoice-matches/bulk', { ids: [id], status: 'approved' })).status).toBe(
      401,
    )
    const reader = await app.tenant({ permissions: ['matches:read'] })
    const refused = await reader.call('POST', '/invoice-matches/bulk', { ids: [id], status: 'approved' })
    expect(refused.status).toBe(403)
    expect(refused.body.error.details).toEqual([{ field: 'permission', issue: 'matches:write' }])
  })
})
