import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import { type Id, newId } from '../base/ids.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 100

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

async function suggestion(): Promise<{ line: Id<'txn'>; id: string; name: string }> {
  const id = (number += 1)
  const name = `INV-${id}`
  await bench.seed({
    invoices: [{ id, client: 1, number: name, date: '2025-04-01', due: '2025-04-15', total: '50.00' }],
  })
  const line = await bench.line({ amount: 50, text: `Invoice ${name}`, name: 'Marlow Hosting' })
  clock.advance(1000)
  await bench.run()
  clock.advance(1000)
  return { line, id: (await bench.matches(line))[0].id, name }
}

const history = (line: string, more = '') => bench.get(`/transactions/${line}/history?per_page=100${more}`)

describe('GET /transactions/{id}/history', () => {
  it('200: from the money to the payment in the billing system, and back, in order', async () => {
    const { line, id, name } = await suggestion()
    await bench.approve(id)
    clock.advance(1000)
    await bench.pay()
    clock.advance(1000)
    await bench.reverse(id)
    clock.advance(1000)
    await bench.pay()
    const told = (await history(line, '&sort=at')).data
    const actions = told.map((entry: { action: string }) => entry.action)
    const inOrder = [
      'transaction.create',
      'match.suggest',
      'payment.request',
      'match.approve',
      'payment.apply',
      'match.apply',
      'match.reverse_request',
      'payment.reverse',
      'match.reverse',
    ]
    expect(actions.filter((action: string) => inOrder.includes(action))).toEqual(inOrder)
    const of = (action: string) => told.find((entry: { action: string }) => entry.action === action)
    const shown = await bench.get(`/invoice-matches/${id}`)
    expect(of('match.suggest')).toMatchObject({
      actor: { type: 'system', name: 'Payymo (matching)' },
      match: { id, confidence: shown.confidence, reasons: shown.reasons, allocations: shown.allocations },
      payment: null,
    })
    expect(of('match.suggest').text).toContain(`proposed for ${name}`)
    expect(of('match.approve').actor).toMatchObject({ type: 'api_key', name: 'test' })
    const payment = await bench.get(`/payments/${shown.payments[0]}`)
    expect(of('payment.apply')).toMatchObject({
      payment: {
        invoice_number: name,
        amount: 50,
        currency: 'EUR',
        transaction_reference: payment.transaction_reference,
      },
      text: `The payment of 50.00 EUR on ${name} is booked under the id ${payment.transaction_reference}.`,
    })
    expect((await history(line)).data).toEqual(told.toReversed())
  })

  it('200: notes say what was written, and who set the line aside', async () => {
    const line = await bench.line({ amount: 12, text: 'Rent' })
    for (const patch of [{ note: 'Ask Carla' }, { status: 'ignored' }, { note: null }]) {
      clock.advance(1000)
      await bench.tenant.call('PATCH', `/transactions/${line}`, patch)
    }
    const told = (await history(line, '&sort=at')).data
    expect(told.map((entry: { text: string }) => entry.text)).toEqual([
      'The transaction was recorded (through the API).',
      'Noted: Ask Carla',
      'The transaction was set aside.',
      'The note was removed.',
    ])
    expect(told[1].changes.after.note).toBe('Ask Carla')
    expect(told.every((entry: { actor: { name: string } }) => entry.actor.name === 'test')).toBe(true)
  })

  it('200: what people were told to look at stands in its place', async () => {
    const { line, id } = await suggestion()
    await bench.approve(id)
    clock.advance(1000)
    const before = (await history(line)).data.length
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        `insert into alerts (tenant_id, id, code, severity, subject_type, subject_id, message, opened_at)
         values ($1, gen_random_uuid(), 'payment_returned', 'critical', 'match', $2, 'Look at it.', $3)`,
        [tx.tenantUuid, id, clock.now()],
      ),
    )
    const [told] = (await history(line)).data
    expect(told).toMatchObject({ action: 'alert.open', text: 'Look at it.', actor: null })
    expect((await history(line)).data).toHaveLength(before + 1)
  })

  it('200: pages, searches and begins at a moment as any list', async () => {
    const { line } = await suggestion()
    const first = await bench.get(`/transactions/${line}/history?per_page=1&sort=at`)
    expect(first.pagination).toMatchObject({ total_items: 2, total_pages: 2 })
    const second = await bench.get(
      `/transactions/${line}/history?per_page=1&sort=at&cursor=${first.pagination.next_cursor}`,
    )
    expect([first.data[0].action, second.data[0].action]).toEqual(['transaction.create', 'match.suggest'])
    expect((await history(line, '&q=propos')).data).toHaveLength(1)
    expect((await history(line, `&updated_since=${second.data[0].at}`)).data).toEqual(second.data)
  })

  it('400, 401, 403, 404', async () => {
    const { line } = await suggestion()
    expect((await bench.tenant.call('GET', `/transactions/${line}/history?status=x`)).status).toBe(400)
    expect((await app.call(undefined, 'GET', `/transactions/${line}/history`)).status).toBe(401)
    const without = await app.tenant({ permissions: ['matches:read'] })
    expect((await without.call('GET', `/transactions/${line}/history`)).status).toBe(403)
    const stranger = await app.tenant()
    const foreign = await stranger.call('GET', `/transactions/${line}/history`)
    const never = await stranger.call('GET', `/transactions/${newId('txn')}/history`)
    expect(foreign.status).toBe(404)
    expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...never.body.error, request_id: '' })
  })
})
