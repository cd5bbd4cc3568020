import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWhmcs } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'

let app: TestApp
let bench: BillingBench
let tenant: TestTenant

beforeAll(async () => {
  app = await createTestApp()
  const whmcs = await createWhmcs({
    sync: false,
    seed: {
      currencies: [{ code: 'EUR' }, { code: 'JPY' }],
      clients: [
        { id: 1, name: 'Ann Marlow', companyname: 'Marlow & Co', currency: 'EUR' },
        { id: 2, name: 'Yuki Mori', currency: 'JPY' },
      ],
      invoices: [
        { id: 11, client: 1, number: 'A-11', date: '2025-03-01', due: '2025-03-15', total: '1250.00' },
        { id: 12, client: 2, date: '2025-03-02', due: '2025-03-10', total: '1500.00' },
        { id: 13, client: 1, date: '2025-03-03', due: '2025-03-20', total: '9.90', status: 'Payment Pending' },
      ],
    },
  })
  bench = await createBillingBench(app, [whmcs])
  tenant = await app.tenant()
  await bench.mirror(tenant, (await bench.connect(tenant, whmcs)).id)
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

const numbers = async (query: string) => {
  const answer = await bench.call(tenant, 'GET', `/invoices${query}`)
  expect([query, answer.status]).toEqual([query, 200])
  return answer.body.data.map((row: { external_id: string }) => row.external_id)
}

describe('GET /invoices', () => {
  it('200: filters and sorts', async () => {
    expect(await numbers('')).toEqual(['13', '12', '11'])
    expect(await numbers('?status=payment_pending')).toEqual(['13'])
    expect(await numbers('?currency=JPY')).toEqual(['12'])
    expect(await numbers('?number=A-11')).toEqual(['11'])
    expect(await numbers('?due_on_from=2025-03-11&due_on_to=2025-03-16')).toEqual(['11'])
    expect(await numbers('?sort=due_on')).toEqual(['12', '11', '13'])
    expect(await numbers('?sort=-due_on')).toEqual(['13', '11', '12'])
    expect(await numbers('?client_id=cli_01jrfzq4v8m2k9d7t5x3w1c0ab')).toEqual([])
  })

  it('200: a cursor walks through a sorted list', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await bench.call(tenant, 'GET', `/invoices?per_page=1&sort=due_on${cursor}`)
      seen.push(body.data[0].external_id)
      cursor = body.pagination.next_cursor ? `&cursor=${body.pagination.next_cursor}` : ''
    } while (cursor !== '')
    expect(seen).toEqual(['12', '11', '13'])
  })

  it('400: an unknown status; 403: without the permission', async () => {
    expect((await bench.call(tenant, 'GET', '/invoices?status=overdue')).status).toBe(400)
    expect(
      (await bench.call(await app.tenant({ permissions: ['transactions:read'] }), 'GET', '/invoices')).status,
    ).toBe(403)
  })
})

describe('GET /invoices/{id}', () => {
  it('200: amounts with the decimals of their currency, days as days', async () => {
    const [first] = (await bench.call(tenant, 'GET', '/invoices?number=A-11')).body.data
    const { body } = await bench.call(tenant, 'GET', `/invoices/${first.id}`)
    expect(body).toMatchObject({
      number: 'A-11',
      external_id: '11',
      source: 'whmcs',
      status: 'unpaid',
      total: 1250,
      balance: 1250,
      currency: 'EUR',
      issued_on: '2025-03-01',
      due_on: '2025-03-15',
      closed_on: null,
      client: { external_id: '1', name: 'Ann Marlow', company: 'Marlow & Co' },
      items: [{ description: 'Services', amount: 1250 }],
    })
  })

  it('404: of another tenant, like a made-up one', async () => {
    const [first] = (await bench.call(tenant, 'GET', '/invoices')).body.data
    const stranger = await app.tenant()
    const answers = await Promise.all(
      [first.id, 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', 'x'].map((id) => bench.call(stranger, 'GET', `/invoices/${id}`)),
    )
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404])
    const bodies = answers.map(({ body }) => ({ ...body.error, request_id: '' }))
    expect(bodies[0]).toEqual(bodies[1])
  })
})

describe('GET /clients', () => {
  it('200: those who owe', async () => {
    const { body } = await bench.call(tenant, 'GET', '/clients?sort=name')
    expect(body.data.map((row: { name: string }) => row.name)).toEqual(['Ann Marlow', 'Yuki Mori'])
    expect(body.data[0]).toMatchObject({ external_id: '1', company: 'Marlow & Co', payers: [] })
    expect((await bench.call(await app.tenant(), 'GET', '/clients')).body.data).toEqual([])
  })
})
