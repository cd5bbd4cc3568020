import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import { type Id, newId } from '../base/ids.ts'
import { systemActor, verifyAudit } from '../events/audit.ts'
import { isSampled, SAMPLED_ONE_IN } from './spot-checks.ts'

const IBAN = 'DE89370400440532013000'
const PAYER = { name: 'Marlow Hosting', iban: IBAN }

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let number = 3000
let client: string

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())
beforeEach(async () => {
  clock.set(`${TODAY}T12:00:00Z`)
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'auto' },
    drawAll: true,
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
  client = ''
  return () => bench.stop()
})

/** Money that names an invoice and its payer, booked in WHMCS without a person. */
async function booked(amount = 50): Promise<{ id: Id<'match'>; line: Id<'txn'> }> {
  const external = (number += 1)
  await bench.seed({
    invoices: [
      {
        id: external,
        client: 1,
        number: `INV-${external}`,
        date: '2025-04-01',
        due: '2025-04-15',
        total: `${amount}.00`,
      },
    ],
  })
  const line = await bench.line({ amount, text: `Invoice INV-${external}`, ...PAYER })
  await bench.run()
  await bench.pay()
  await bench.mirror()
  const [match] = await bench.matches(line)
  expect(match).toMatchObject({ status: 'applied', decided_by: 'system:auto' })
  client ||= (await bench.get('/clients')).data[0].id
  return { id: match.id, line }
}

const match = (id: string) => bench.get(`/invoice-matches/${id}`)
const confirm = (id: string) => bench.tenant.call('POST', `/invoice-matches/${id}/confirm`)
const listed = async (state: string): Promise<string[]> =>
  (await bench.get(`/invoice-matches?spot_check=${state}`)).data.map(({ id }: { id: string }) => id)
const payers = async () => (await bench.get(`/clients/${client}`)).payers
const summary = async () => (await bench.get('/reports/reconciliation')).summary.spot_checks
const alerts = async () => (await bench.get('/alerts?code=precision_below_budget')).data

it('draws one in a hundred, by the id alone', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('match'))
  const drawn = ids.filter(isSampled)
  // Six standard deviations around the 200 that are to be expected.
  expect(drawn.length).toBeGreaterThan(ids.length / SAMPLED_ONE_IN - 85)
  expect(drawn.length).toBeLessThan(ids.length / SAMPLED_ONE_IN + 85)
  expect(drawn.every(isSampled)).toBe(true)
})

describe('an automatic match that was drawn', () => {
  it('waits for a look, and counts for nothing until then', async () => {
    const { id } = await booked()
    expect((await match(id)).spot_check).toEqual({ state: 'waiting', answered_by: null, answered_at: null })
    expect(await listed('waiting')).toEqual([id])
    expect(await listed('right')).toEqual([])
    expect(await payers()).toEqual([])
    expect(await summary()).toEqual({ waiting: 1, right: 0, wrong: 0 })
  })

  it('200: found right it counts as a decision of the person', async () => {
    const { id } = await booked()
    clock.advance(60_000)
    const answer = await confirm(id)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      status: 'applied',
      decided_by: 'system:auto',
      spot_check: { state: 'right', answered_at: `${TODAY}T12:01:00Z` },
    })
    expect(await payers()).toMatchObject([{ n: 1, name: PAYER.name, iban_last4: '3000', payments: 1, taught: null }])
    expect(await summary()).toEqual({ waiting: 0, right: 1, wrong: 0 })
    expect(await listed('right')).toEqual([id])
    // The account is known by now, and says so where nothing else does.
    const external = (number += 1)
    await bench.seed({
      invoices: [
        { id: external, client: 1, number: `INV-${external}`, date: '2025-04-01', due: '2025-04-15', total: '61.00' },
      ],
    })
    const line = await bench.line({ amount: 61, text: 'Thank you', name: 'SOMEBODY', iban: IBAN })
    await bench.run()
    const codes = (await bench.matches(line))[0].reasons.map(({ code }: { code: string }) => code)
    expect(codes).toContain('payer_known')
    // What people had forgotten after they looked stays forgotten.
    clock.advance(60_000)
    expect((await bench.tenant.call('DELETE', `/clients/${client}/payers/1`)).status).toBe(204)
    expect(await payers()).toEqual([])
    const history = (await bench.get(`/transactions/${answer.body.transaction_id}/history`)).data
    expect(history.map(({ action }: { action: string }) => action)).toContain('match.confirm')
    expect(await app.store.read(bench.tenant.id, verifyAudit)).toMatchObject({ valid: true })
  })

  it('that was wrong is taken back, which answers it', async () => {
    const { id } = await booked()
    expect((await bench.reverse(id)).status).toBe(202)
    expect(await listed('waiting')).toEqual([])
    expect((await confirm(id)).body.error).toMatchObject({ code: 'resource_conflict' })
    await bench.pay()
    expect(await match(id)).toMatchObject({ status: 'reversed', spot_check: { state: 'wrong' } })
    expect(await summary()).toEqual({ waiting: 0, right: 0, wrong: 1 })
    expect(await payers()).toEqual([])
  })

  it('wrong ones of few that were looked at open the alert, though of all that was booked they are few', async () => {
    // What was decided is counted in the audit trail.
    await app.store.change(bench.tenant.id, systemActor('matching'), async (tx) => {
      for (let n = 0; n < 3_000; n += 1) {
        tx.audit({
          action: 'match.approve',
          resource: { type: 'match', id: newId('match') },
          changes: { after: { decided_by: 'system:auto' } },
        })
      }
    })
    const all: Id<'match'>[] = []
    for (let n = 0; n < 3; n += 1) all.push((await booked(40 + n)).id)
    await confirm(all[0]!)
    await bench.reverse(all[1]!)
    await bench.pay()
    expect(await alerts()).toEqual([])
    await bench.reverse(all[2]!)
    await bench.pay()
    expect(await alerts()).toMatchObject([{ message: expect.stringContaining('2 of 3 spot checks') }])
  })

  it('only five a day are drawn', async () => {
    for (let n = 0; n < 6; n += 1) await booked(40 + n)
    expect(await listed('waiting')).toHaveLength(5)
    clock.advance(86_400_000)
    await booked(60)
    expect(await listed('waiting')).toHaveLength(6)
  })

  it('409 for one that was answered, for a match of a person, and for one that was not drawn; 404, 403', async () => {
    const { id } = await booked()
    expect((await confirm(id)).status).toBe(200)
    expect((await confirm(id)).body.error).toMatchObject({ code: 'resource_conflict' })
    await bench.set({ mode: 'suggest' })
    const external = (number += 1)
    await bench.seed({
      invoices: [
        { id: external, client: 1, number: `INV-${external}`, date: '2025-04-01', due: '2025-04-15', total: '70.00' },
      ],
    })
    const line = await bench.line({ amount: 70, text: `Invoice INV-${external}`, ...PAYER })
    const byHand = await bench.create(line, { [`INV-${external}`]: 70 })
    await bench.pay()
    expect(await match(byHand.body.id)).toMatchObject({ status: 'applied', spot_check: null })
    expect((await confirm(byHand.body.id)).body.error).toMatchObject({ code: 'resource_conflict' })
    expect((await confirm('match_x')).status).toBe(404)
    const stranger = await app.tenant()
    expect((await stranger.call('POST', `/invoice-matches/${id}/confirm`)).status).toBe(404)
    const blind = await app.tenant({ permissions: ['matches:read'] })
    expect((await blind.call('POST', `/invoice-matches/${id}/confirm`)).status).toBe(403)
    expect((await bench.tenant.call('GET', '/invoice-matches?spot_check=x')).status).toBe(400)
  })

  it('of equal answers at the same moment one wins', async () => {
    const { id } = await booked()
    const answers = await Promise.all([confirm(id), confirm(id), confirm(id)])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409])
  })
})
