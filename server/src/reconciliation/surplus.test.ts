import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import { uuidOf } from '../base/ids.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 4000

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'suggest' },
    seed: {
      clients: [
        { id: 1, firstname: 'Ada', lastname: 'Marlow', companyname: 'Marlow Hosting', currency: 'EUR' },
        { id: 2, firstname: 'Bea', lastname: 'Tessel', companyname: 'Tessel Domains', currency: 'EUR' },
      ],
    },
  })
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

/** New unpaid invoices, each of its own amount; named by their numbers. */
async function invoices(...totals: { total: string; client?: number }[]): Promise<string[]> {
  const rows = totals.map(({ total, client = 1 }) => ({
    id: (number += 1),
    client,
    number: `INV-${number}`,
    date: '2025-04-01',
    due: '2025-04-15',
    total,
  }))
  await bench.seed({ invoices: rows })
  return rows.map((row) => row.number)
}

const set = (settings: object) => bench.tenant.call('PATCH', `/whmcs-instances/${bench.instanceId}`, { settings })
const line = (amount: number, text = '') => bench.line({ amount, text, name: 'Marlow Hosting' })
const payments = async (matchId: string) => (await bench.get(`/payments?match_id=${matchId}&sort=created_at`)).data
const match = (id: string) => bench.get(`/invoice-matches/${id}`)
const credit = (client = 1) => bench.whmcs.control.books().clients.find((row) => row.id === client)!.credit
const inWhmcs = (name: string) =>
  bench.whmcs.control.books().invoices.find((row) => row.invoicenum === name || `INV-${row.id}` === name)!
const ledger = (name: string) => {
  const { id } = inWhmcs(name)
  return bench.whmcs.control.books().transactions.filter((row) => row.invoiceid === id)
}
const allocated = async (id: string) =>
  (
    await app.store.read(bench.tenant.id, (tx) =>
      tx.one<{ minor: string }>('select allocated_minor as minor from transactions where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        uuidOf(id as `txn_${string}`),
      ]),
    )
  ).minor
const about = (body: { reasons: { code: string; text: string; weight: number }[] }) =>
  body.reasons.filter(({ code }) => code.startsWith('surplus')).map(({ code, text }) => `${code}: ${text}`)

describe('money beyond the invoices, policy leave', () => {
  it('stays on the transaction, and the match says so', async () => {
    const [name] = await invoices({ total: '40.00' })
    const before = credit()
    const txn = await line(50)
    const answer = await bench.create(txn, { [name!]: 40 })
    expect(about(answer.body)).toEqual([
      'surplus_left: 10.00 EUR are more than the invoice takes; they stay unallocated on the transaction.',
    ])
    await bench.pay()
    expect(await match(answer.body.id)).toMatchObject({ status: 'applied' })
    expect(await payments(answer.body.id)).toMatchObject([{ amount: 40, surplus: 0, fees: null, state: 'applied' }])
    expect([await allocated(txn), credit()]).toEqual(['4000', before])
  })

  it('what somebody left open on purpose is no surplus', async () => {
    const [name] = await invoices({ total: '40.00' })
    const answer = await bench.create(await line(50), { [name!]: 30 })
    expect(answer.status).toBe(201)
    expect(about(answer.body)).toEqual([])
  })
})

describe('money beyond the invoices, policy credit', () => {
  beforeAll(async () => {
    expect((await set({ surplus: 'credit' })).body.settings).toMatchObject({ surplus: 'credit' })
  })
  afterAll(async () => void (await set({ surplus: null })))

  it('becomes credit of the client, with the payment of the last invoice, and counts as spent', async () => {
    const [first, last] = await invoices({ total: '40.00' }, { total: '25.00' })
    const before = Number(credit())
    const txn = await line(70)
    const answer = await bench.create(txn, { [first!]: 40, [last!]: 25 })
    expect(about(answer.body)).toEqual([
      'surplus_to_credit: 5.00 EUR are more than the invoices take; they become credit of the client in WHMCS.',
    ])
    expect(answer.body.allocations.map(({ amount }: { amount: number }) => amount)).toEqual([40, 25])
    expect(await allocated(txn)).toBe('7000')
    await bench.pay()
    expect(await match(answer.body.id)).toMatchObject({ status: 'applied' })
    expect(await payments(answer.body.id)).toMatchObject([
      { amount: 40, surplus: 0, state: 'applied' },
      { amount: 30, surplus: 5, state: 'applied' },
    ])
    expect(ledger(last!).map(({ amountin }) => amountin)).toEqual(['30.00'])
    expect([inWhmcs(first!).status, inWhmcs(last!).status]).toEqual(['Paid', 'Paid'])
    expect(Number(credit()) - before).toBe(5)
    expect(await allocated(txn)).toBe('7000')
  })

  it('is taken back with its payment, and what the client has used is said beforehand', async () => {
    const [name] = await invoices({ total: '40.00' })
    const before = credit()
    const txn = await line(52)
    const { body } = await bench.create(txn, { [name!]: 40 })
    await bench.pay()
    expect(inWhmcs(name!).status).toBe('Paid')
    const reversing = await bench.reverse(body.id)
    expect(reversing.body.reversal.left.join(' ')).toContain('12.00 EUR were more than was owed and became credit')
    await bench.pay()
    expect(await match(body.id)).toMatchObject({ status: 'reversed', reversal: { state: 'done' } })
    expect([inWhmcs(name!).status, credit()]).toEqual(['Unpaid', before])
    expect(ledger(name!).map(({ amountin, amountout }) => [amountin, amountout])).toEqual([
      ['52.00', '0.00'],
      ['0.00', '52.00'],
    ])
    expect(await allocated(txn)).toBe('0')
  })

  it('of several clients nobody gets it', async () => {
    const [one, other] = await invoices({ total: '40.00' }, { total: '25.00', client: 2 })
    const { body } = await bench.create(await line(70), { [one!]: 40, [other!]: 25 })
    expect(about(body)).toEqual([
      'surplus_left: 5.00 EUR are more than the invoices take; they stay unallocated on the transaction, since the invoices are of several clients.',
    ])
    expect(await payments(body.id)).toMatchObject([{ surplus: 0 }, { surplus: 0 }])
  })

  it('422: above either side stays refused', async () => {
    const [name] = await invoices({ total: '40.00' })
    const txn = await line(50)
    expect((await bench.create(txn, { [name!]: 45 })).status).toBe(422)
    expect((await bench.create(await line(30), { [name!]: 40 })).status).toBe(422)
  })

  it('a suggestion says what would become of it, and says it anew when the setting changes', async () => {
    await set({ surplus: 'leave' })
    const [name] = await invoices({ total: '41.37' })
    const txn = await line(45, `Invoice ${name}`)
    await bench.run()
    const suggested = async () => (await bench.matches(txn)).find((row) => row.status === 'suggested')!
    expect(about(await suggested())).toEqual([expect.stringMatching(/^surplus_left: 3\.63 EUR/)])
    await set({ surplus: 'credit' })
    await bench.run()
    expect(about(await suggested())).toEqual([expect.stringMatching(/^surplus_to_credit: 3\.63 EUR/)])
    const candidates = await bench.get(`/transactions/${txn}/candidates`)
    expect(about(candidates.candidates[0])).toEqual([expect.stringMatching(/^surplus_to_credit/)])
    // What counts is the setting at the moment of approval.
    await set({ surplus: 'leave' })
    const { body } = await bench.approve((await suggested()).id)
    expect(about(body)).toEqual([expect.stringMatching(/^surplus_left/)])
    expect(await payments(body.id)).toMatchObject([{ amount: 41.37, surplus: 0 }])
    await set({ surplus: 'credit' })
  })

  it('weights still add up to the odds', async () => {
    const [name] = await invoices({ total: '43.19' })
    const txn = await line(50, `Invoice ${name}`)
    await bench.run()
    const [row] = await bench.matches(txn)
    const sum = row.reasons.reduce((total: number, reason: { weight: number }) => total + reason.weight, 0)
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(row.confidence, 3)
  })

  it('automatic approvals follow it as well, where the engine said auto anyway', async () => {
    await bench.set({ mode: 'auto', auto_threshold: 0.5 })
    const [name] = await invoices({ total: '47.11' })
    const txn = await bench.line({ amount: 50, text: `Invoice ${name} Marlow Hosting`, name: 'Marlow Hosting' })
    await bench.run()
    const [row] = await bench.matches(txn)
    expect(row).toMatchObject({ status: 'approved', decided_by: 'system:auto' })
    expect(await payments(row.id)).toMatchObject([{ amount: 50, surplus: 2.89 }])
    await bench.pay()
    expect(ledger(name!)).toMatchObject([{ amountin: '50.00' }])
    await bench.set({ mode: 'suggest' })
  })

  it('a balance that grew meanwhile is refused in words, and the rest reckoned anew', async () => {
    const [name] = await invoices({ total: '40.00' })
    const txn = await line(50)
    const { body } = await bench.create(txn, { [name!]: 40 })
    const lateFee = { amount: '3.00', type: 'LateFee' }
    bench.whmcs.control.seed({
      invoices: [{ id: number, client: 1, number: name!, items: [{ amount: '40.00' }, lateFee] }],
    })
    await bench.pay()
    const [refused] = await payments(body.id)
    expect(refused).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/43\.00 EUR open .* more than the 40\.00 EUR/),
    })
    expect(ledger(name!)).toEqual([])
    await bench.mirror()
    const again = await bench.create(txn, { [name!]: 43 })
    expect(again.status).toBe(201)
    await bench.pay()
    expect(await payments(again.body.id)).toMatchObject([{ amount: 50, surplus: 7, state: 'applied' }])
  })

  it('of a match that failed in part, it is reckoned of what is left, with the part that is still to be booked', async () => {
    const [first, last] = await invoices({ total: '40.00' }, { total: '25.00' })
    const txn = await line(70)
    const { body } = await bench.create(txn, { [first!]: 40, [last!]: 25 })
    const draft = (status: 'Draft' | 'Unpaid') =>
      bench.whmcs.control.seed({ invoices: [{ id: number, client: 1, number: last!, total: '25.00', status }] })
    draft('Draft')
    await bench.pay()
    expect(await match(body.id)).toMatchObject({ status: 'failed' })
    expect(await payments(body.id)).toMatchObject([
      { amount: 40, state: 'applied' },
      { amount: 30, surplus: 5, state: 'refused', reason: expect.stringMatching(/is a Draft in WHMCS/) },
    ])
    expect(await allocated(txn)).toBe('4000')
    draft('Unpaid')
    await bench.mirror()
    await set({ surplus: 'leave' })
    expect(about((await bench.approve(body.id)).body)).toEqual([expect.stringMatching(/^surplus_left: 5\.00 EUR/)])
    await bench.pay()
    expect(await match(body.id)).toMatchObject({ status: 'applied' })
    expect(await payments(body.id)).toMatchObject([{ amount: 40 }, { amount: 25, surplus: 0, state: 'applied' }])
    expect(await allocated(txn)).toBe('6500')
    await set({ surplus: 'credit' })
  })

  it('the other payment taken back leaves it standing, and the line knows', async () => {
    const [first, last] = await invoices({ total: '40.00' }, { total: '25.00' })
    const txn = await line(70)
    const { body } = await bench.create(txn, { [first!]: 40, [last!]: 25 })
    await bench.pay()
    // A person gave the surplus away there: of this payment nothing is taken back by our hand.
    bench.whmcs.control.seed({
      payments: [{ invoice: number, amount: '-30.00', transid: `refund ${last}`, date: TODAY }],
    })
    await bench.reverse(body.id)
    await bench.pay()
    expect(await match(body.id)).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect(await allocated(txn)).toBe('3000')
  })

  it('the database counts it: more than the transaction holds is never written', async () => {
    const [name] = await invoices({ total: '40.00' })
    const { body } = await bench.create(await line(50), { [name!]: 40 })
    const [payment] = await payments(body.id)
    expect(payment).toMatchObject({ amount: 50, surplus: 10 })
    const change = (sql: string) =>
      app.store.read(bench.tenant.id, (tx) =>
        tx.run(`update payments set ${sql} where tenant_id = $1 and id = $2`, [tx.tenantUuid, uuidOf(payment.id)]),
      )
    await expect(change('amount_minor = amount_minor + 1')).rejects.toThrow(/exceed its amount/)
    await expect(change('surplus_minor = amount_minor')).rejects.toThrow(/payments_surplus/)
    await expect(change('surplus_minor = -1')).rejects.toThrow(/payments_surplus/)
  })
})
