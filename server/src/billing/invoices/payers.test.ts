import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { testClock } from '../../base/clock.ts'

const PAYER = { name: 'M MARLOW SR', iban: 'DE89370400440532013000' }

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let client: string

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())
beforeEach(async () => {
  clock.set(`${TODAY}T12:00:00Z`)
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, name: 'Ada Quill', companyname: 'Northbyte', currency: 'EUR' },
        { id: 2, name: 'Bert Quiet', currency: 'EUR' },
      ],
      invoices: [1, 2, 3].map((n) => ({
        id: 10 + n,
        client: 1,
        number: `A-1${n}`,
        date: '2025-03-01',
        due: '2025-03-15',
        total: `${50 + n}.00`,
      })),
    },
  })
  client = (await bench.get('/clients?external_id=1')).data[0].id
  return () => bench.stop()
})

const payers = async () => (await bench.get(`/clients/${client}`)).payers
const forget = (n: number | string) => bench.tenant.call('DELETE', `/clients/${client}/payers/${n}`)
/** Money of the payer, given to the invoice by a person. */
async function given(amount: number, invoice: string, from = PAYER): Promise<void> {
  const line = await bench.line({ amount, text: `Invoice ${invoice}`, ...from })
  await bench.run()
  const [match] = await bench.matches(line)
  await bench.approve(match.id)
  await bench.pay()
  await bench.mirror()
  // Decisions of one moment have no order.
  clock.advance(60_000)
}
/** Confidence that money which names nothing, from the payer, is for the invoice of that amount. */
async function confidence(amount: number): Promise<number> {
  const line = await bench.line({ amount, text: 'Thank you', ...PAYER })
  await bench.run()
  return (await bench.matches(line))[0]?.confidence ?? 0
}

describe('DELETE /clients/{id}/payers/{n}', () => {
  it('204: what people decided until now says nothing about the payer any more; later decisions do', async () => {
    await given(51, 'A-11')
    const known = { n: 1, name: PAYER.name, iban_last4: '3000', last_paid_on: TODAY, taught: null }
    expect(await payers()).toEqual([{ ...known, payments: 1 }])
    const before = await confidence(52)
    expect((await forget(1)).status).toBe(204)
    expect(await payers()).toEqual([])
    await bench.run()
    expect(await confidence(52)).toBeLessThan(before)
    // Nothing that was booked changed.
    expect((await bench.get(`/payments?client_id=${client}`)).data).toHaveLength(1)

    clock.advance(60_000)
    await given(53, 'A-13')
    expect(await payers()).toEqual([{ ...known, payments: 1 }])
    const audit = (await bench.get('/audit-events?action=client.forget_payer')).data
    expect(audit).toMatchObject([{ resource: { type: 'client', id: client } }])
  })

  it('204: the others keep their numbers', async () => {
    await given(51, 'A-11', { name: 'FIRST', iban: 'DE02120300000000202051' })
    await given(52, 'A-12', { name: 'SECOND', iban: 'DE02500105170137075030' })
    expect((await payers()).map((one: { n: number; name: string }) => [one.n, one.name])).toEqual([
      [2, 'SECOND'],
      [1, 'FIRST'],
    ])
    expect((await forget(1)).status).toBe(204)
    expect((await payers()).map((one: { n: number }) => one.n)).toEqual([2])
  })

  it('404: nothing remembered under the number, no number, of another tenant; 403 without the permission', async () => {
    await given(51, 'A-11')
    const stranger = await app.tenant()
    const blind = await app.tenant({ permissions: ['invoices:read'] })
    for (const n of [0, 2, '1.5', 'x', '9999999999']) expect((await forget(n)).status).toBe(404)
    expect((await stranger.call('DELETE', `/clients/${client}/payers/1`)).status).toBe(404)
    expect((await blind.call('DELETE', `/clients/${client}/payers/1`)).status).toBe(403)
    expect((await forget(1)).status).toBe(204)
    expect((await forget(1)).status).toBe(404)
  })
})
