import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { testClock } from '../../base/clock.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', email: 'ada@marlow.example', currency: 'EUR' },
        { id: 2, name: 'Bert Quiet', currency: 'EUR' },
      ],
      invoices: [
        { id: 11, client: 1, number: 'A-11', date: '2025-03-01', due: '2025-03-15', total: '50.00' },
        { id: 12, client: 1, number: 'A-12', date: '2025-03-02', due: '2025-03-16', total: '70.00' },
        {
          id: 13,
          client: 1,
          number: 'A-13',
          date: '2025-03-03',
          due: '2025-03-17',
          total: '9.00',
          status: 'Cancelled',
        },
        {
          id: 14,
          client: 2,
          number: 'A-14',
          date: '2025-03-03',
          due: '2025-03-17',
          total: '9.00',
          status: 'Cancelled',
        },
      ],
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

const idOf = async (name: string): Promise<string> =>
  (await bench.get(`/clients?name=${encodeURIComponent(name)}`)).data[0].id
const ids = async (path: string): Promise<string[]> => (await bench.get(path)).data.map((row: { id: string }) => row.id)

describe('GET /clients/{id}', () => {
  it('200: who they are, what is open and paid, who paid; and their money by client_id', async () => {
    const id = await idOf('Ada Marlow')
    expect(await bench.get(`/clients/${id}`)).toMatchObject({
      id,
      external_id: '1',
      company: 'Marlow Hosting',
      email: 'ada@marlow.example',
      whmcs_instance_id: bench.instanceId,
      payers: [],
      money: [{ currency: 'EUR', invoices: 2, billed_amount: 120, open_invoices: 2, open_amount: 120, paid_amount: 0 }],
    })

    const line = await bench.line({
      amount: 50,
      text: 'Invoice A-11',
      name: 'M MARLOW SR',
      iban: 'DE89370400440532013000',
    })
    expect((await bench.get(`/transactions/${line}?expand=client`)).client_id).toBeNull()
    await bench.run()
    // A suggestion tells whose it may be.
    expect((await bench.get(`/transactions/${line}?expand=client`)).client_id).toBe(id)
    expect(await ids(`/transactions?client_id=${id}`)).toEqual([line])
    expect(await ids(`/payments?client_id=${id}`)).toEqual([])

    const [match] = await bench.matches(line)
    await bench.approve(match.id)
    await bench.pay()
    await bench.mirror()
    const client = await bench.get(`/clients/${id}`)
    expect(client.money).toEqual([
      { currency: 'EUR', invoices: 2, billed_amount: 120, open_invoices: 1, open_amount: 70, paid_amount: 50 },
    ])
    expect(client.payers).toEqual([
      { n: 1, name: 'M MARLOW SR', iban_last4: '3000', payments: 1, last_paid_on: TODAY, taught: null },
    ])
    expect((await bench.get('/clients?external_id=1')).data[0].payers).toEqual(client.payers)
    expect(await ids(`/payments?client_id=${id}`)).toHaveLength(1)
    expect((await bench.get(`/transactions?client_id=${id}&expand=client`)).data).toMatchObject([
      { id: line, client_id: id },
    ])
    expect((await bench.get(`/transactions?client_id=${id}`)).data[0]).not.toHaveProperty('client_id')
    expect(await ids(`/transactions?client_id=${await idOf('Bert Quiet')}`)).toEqual([])
  })

  it('200: a line whose proposal was rejected is nobody’s', async () => {
    const id = await idOf('Ada Marlow')
    const line = await bench.line({ amount: 70, text: 'Invoice A-12' })
    await bench.run()
    const [match] = await bench.matches(line)
    expect((await bench.get(`/transactions/${line}?expand=client`)).client_id).toBe(id)
    await bench.reject(match.id)
    expect((await bench.get(`/transactions/${line}?expand=client`)).client_id).toBeNull()
    expect(await ids(`/transactions?client_id=${id}`)).not.toContain(line)
  })

  it('200: a client without a bill has no money', async () => {
    expect((await bench.get(`/clients/${await idOf('Bert Quiet')}`)).money).toEqual([])
  })

  it('404: of another tenant, like a made-up one; 403 without the permission', async () => {
    const id = await idOf('Ada Marlow')
    const stranger = await app.tenant()
    const answers = await Promise.all(
      [id, 'cli_01jrfzq4v8m2k9d7t5x3w1c0ab', 'x'].map((one) => stranger.call('GET', `/clients/${one}`)),
    )
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body.error, request_id: '' }))).size).toBe(1)
    const blind = await app.tenant({ permissions: ['matches:read'] })
    expect((await blind.call('GET', `/clients/${id}`)).status).toBe(403)
  })
})
