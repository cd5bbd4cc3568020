import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { testClock } from '../../base/clock.ts'
import type { Id } from '../../base/ids.ts'
import { createAsk } from '../ask-aside.ts'
import { noteShadow } from '../note-shadow.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 100

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'shadow', start_on: '2025-01-01' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

/** Money that surely pays an invoice of its own. */
async function sure(total: string): Promise<{ line: Id<'txn'>; name: string; id: number }> {
  const id = (number += 1)
  const name = `INV-2025-${id}`
  await bench.seed({ invoices: [{ id, client: 1, number: name, date: '2025-04-01', due: '2025-04-15', total }] })
  return { id, name, line: await bench.line({ amount: total, text: `Invoice ${name}`, name: 'Marlow Hosting' }) }
}

const note = () => noteShadow({ store: app.store, today: () => TODAY, ask: createAsk() }, bench.tenant.id)
const report = async (more = '') => bench.get(`/reports/shadow?from=2025-04-01&to=2025-04-10&per_page=100${more}`)
const outcomes = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await report()).data.map((row: { transaction_id: string; outcome: string }) => [row.transaction_id, row.outcome]),
  )

describe('GET /reports/shadow', () => {
  it('200: what would have been applied, once each, held against what people decided', async () => {
    const same = await sure('51.00')
    const other = await sure('52.00')
    const aside = await sure('53.00')
    const byHand = await sure('54.00')
    const open = await sure('55.00')
    await bench.line({ amount: 7.77, text: 'no idea' })
    expect(await note()).toBe(5)
    expect(await note()).toBe(0)
    expect(new Set(Object.values(await outcomes()))).toEqual(new Set(['open']))

    expect((await bench.create(same.line, { [same.name]: 51 })).status).toBe(201)
    expect((await bench.create(other.line, { [open.name]: 20 })).status).toBe(201)
    await bench.tenant.call('PATCH', `/transactions/${aside.line}`, { status: 'ignored' })
    bench.whmcs.control.seed({ payments: [{ invoice: byHand.id, amount: '54.00', transid: 'cash', date: TODAY }] })
    await bench.mirror()
    expect(await outcomes()).toEqual({
      [same.line]: 'same',
      [other.line]: 'other',
      [aside.line]: 'other',
      [byHand.line]: 'same',
      [open.line]: 'open',
    })
    const { data, summary } = await report('&outcome=same')
    expect(summary).toEqual({
      from: '2025-04-01',
      to: '2025-04-10',
      would_have_applied: 5,
      same: 2,
      other: 2,
      open: 1,
      share: 0.5,
    })
    expect(data.map((row: { transaction_id: string }) => row.transaction_id)).toEqual([byHand.line, same.line])
    expect(data[1]).toMatchObject({
      amount: 51,
      currency: 'EUR',
      allocations: [{ invoice_number: same.name, amount: 51, currency: 'EUR' }],
      decided: { status: 'approved', allocations: [{ invoice_number: same.name }] },
    })
    const file = await bench.tenant.call('GET', '/reports/shadow?from=2025-04-01&to=2025-04-10', undefined, {
      accept: 'text/csv',
    })
    expect(String(file.body).trim().split('\r\n')).toHaveLength(6)
    const history = await bench.get(`/transactions/${open.line}/history`)
    expect(history.data[0].text).toBe('In mode shadow: automatic matching would have applied it.')
  })

  it('nothing is noted in other modes, and nothing of it is booked', async () => {
    // What the decisions of others changed.
    await note()
    await sure('60.00')
    await bench.set({ mode: 'suggest' })
    const before = await bench.traces()
    expect(await note()).toBe(0)
    expect(await bench.traces()).toEqual(before)
    await bench.set({ mode: 'shadow' })
    const { matches, payments, events } = await bench.traces()
    expect(await note()).toBe(1)
    expect(await bench.traces()).toMatchObject({ matches, payments, events })
  })

  it('400, 401, 403, 422', async () => {
    expect((await bench.tenant.call('GET', '/reports/shadow?outcome=good')).status).toBe(400)
    expect((await app.call(undefined, 'GET', '/reports/shadow')).status).toBe(401)
    const without = await app.tenant({ permissions: ['matches:read'] })
    expect((await without.call('GET', '/reports/shadow')).status).toBe(403)
    expect((await bench.tenant.call('GET', '/reports/shadow?from=2025-04-10&to=2025-04-01')).status).toBe(422)
  })
})
