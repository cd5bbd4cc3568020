import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import { type Id, newId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { createAsk } from './ask-aside.ts'
import { reconciliationSlice } from './index.ts'
import { matchTransactions } from './match-transactions.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench
let stranger: TestTenant
let number = 100

beforeAll(async () => {
  app = await createTestApp({ clock })
  bench = await createReconciliationBench(app, clock, {
    settings: { mode: 'off', start_on: '2025-01-01' },
    seed: { clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }] },
  })
  stranger = await app.tenant()
})
afterAll(async () => {
  await bench.stop()
  await app.stop()
})

async function invoice(total: string, more: object = {}): Promise<string> {
  const id = (number += 1)
  const row = { id, client: 1, number: `INV-2025-${id}`, date: '2025-04-01', due: '2025-04-15', total, ...more }
  await bench.seed({ invoices: [row] })
  return row.number
}

/** Money that surely pays an invoice of its own. */
async function sure(total: string): Promise<{ line: Id<'txn'>; name: string }> {
  const name = await invoice(total)
  return { line: await bench.line({ amount: total, text: `Invoice ${name}`, name: 'Marlow Hosting' }), name }
}

const run = (body?: unknown) => bench.tenant.call('POST', '/invoice-matches/run', body)
const dry = async (more: object = {}) => {
  const answer = await run({ dry_run: true, ...more })
  expect(answer.status).toBe(200)
  return answer.body
}
const jobs = () =>
  app.database.pool.query<{ data: { transactionIds?: string } }>(
    "select data from pgboss.job where name = 'match-transactions' and data ->> 'tenantId' = $1 order by created_on",
    [bench.tenant.id],
  )

describe('POST /invoice-matches/run', () => {
  it('200: says what mode auto would do now, whatever the mode is, and keeps nothing', async () => {
    const one = await sure('51.00')
    const other = await sure('52.50')
    const nothing = await bench.line({ amount: 7.77, text: 'no idea' })
    const before = await bench.traces()
    const told = await dry()
    expect(told).toMatchObject({
      dry_run: true,
      looked: 3,
      looked_capped: false,
      would_apply: { count: 2, totals: [{ currency: 'EUR', amount: 103.5, count: 2 }] },
      would_suggest: 0,
      already_booked: 0,
      no_invoice: 1,
      results_capped: false,
    })
    expect(told.results.map((result: { transaction_id: string }) => result.transaction_id)).toEqual([
      one.line,
      other.line,
      nothing,
    ])
    expect(told.results[1]).toMatchObject({
      decision: 'auto',
      transaction: { amount: 52.5, currency: 'EUR', transaction_date: '2025-04-10T00:00:00Z' },
      allocations: [
        {
          invoice_id: await bench.invoice(other.name),
          invoice_number: other.name,
          client: { id: expect.stringMatching(/^cli_/), name: expect.any(String) },
          amount: 52.5,
          currency: 'EUR',
        },
      ],
      withheld: [],
    })
    expect(told.results[2]).toMatchObject({ transaction: { payer: '', description: 'no idea' }, allocations: [] })
    expect(told.results[1].confidence).toBeGreaterThan(0.99)
    expect(await bench.traces()).toEqual(before)
    // What it said is what happens.
    await bench.set({ mode: 'auto' })
    expect(await bench.run()).toMatchObject({ looked: 3, applied: 2 })
    await bench.set({ mode: 'off' })
    expect(await dry()).toMatchObject({ looked: 1, no_invoice: 1 })
  })

  it('200: with other settings in place of the present ones', async () => {
    const { line } = await sure('80.00')
    const of = async (policy: object) => {
      const told = await dry({ policy, transaction_ids: [line] })
      expect(told.looked).toBe(1)
      const [{ decision, withheld }] = told.results
      return [decision, ...withheld.map(({ code }: { code: string }) => code)]
    }
    expect(await of({})).toEqual(['auto'])
    expect(await of({ max_auto_amount: '79.99' })).toEqual(['review', 'veto_max_amount'])
    expect(await of({ max_auto_amount: 80 })).toEqual(['auto'])
    expect((await of({ start_on: '2025-04-11' }))[0]).toBe('review')
    expect((await of({ auto_threshold: 1 }))[0]).toBe('review')
    expect((await bench.get(`/tenants/${bench.tenant.id}`)).settings.matching).toEqual({
      mode: 'off',
      start_on: '2025-01-01',
    })
  })

  it('200: the lines left out of the answer want their invoices too', async () => {
    const name = await invoice('33.00')
    const lines = [
      await bench.line({ amount: 33, text: `Invoice ${name}`, name: 'Marlow Hosting' }),
      await bench.line({ amount: 33, text: `Invoice ${name}`, name: 'Marlow Hosting' }),
    ]
    const told = await dry({ transaction_ids: [lines[1]] })
    expect(told.results.map((result: { decision: string }) => result.decision)).not.toContain('auto')
  })

  it('200: what somebody booked by hand, and what a person put together', async () => {
    const id = (number += 1)
    await bench.seed({
      invoices: [{ id, client: 1, number: `INV-2025-${id}`, date: '2025-04-01', total: '44.00', status: 'Paid' }],
      payments: [{ invoice: id, amount: '44.00', transid: 'by hand', date: '2025-04-09' }],
    })
    const booked = await bench.line({ amount: 44, text: `Invoice INV-2025-${id}`, name: 'Marlow Hosting' })
    const { line, name: other } = await sure('45.00')
    expect((await bench.create(line, { [other]: 20 }, { apply: false })).status).toBe(201)
    const told = await dry({ transaction_ids: [booked, line] })
    expect(told.results[0]).toMatchObject({ transaction_id: booked, decision: 'already_booked' })
    expect(told.results[1]).toMatchObject({ decision: 'review', allocations: [{ amount: 20 }] })
    expect(told).toMatchObject({ already_booked: 1, would_suggest: 1, would_apply: { count: 0, totals: [] } })
  })

  it('202: all, or some only, which a run over everything does not swallow', async () => {
    const [one, other] = [await sure('61.00'), await sure('62.00')]
    expect((await run()).body).toEqual({ status: 'queued' })
    expect((await run({ transaction_ids: [one.line] })).status).toBe(202)
    expect((await run({})).status).toBe(202)
    const queued = (await jobs()).rows.map(({ data }) => data.transactionIds)
    expect(queued.filter((ids) => ids === one.line)).toHaveLength(1)
    expect(queued.filter((ids) => ids === undefined)).toHaveLength(1)
    await bench.set({ mode: 'suggest' })
    const found = await matchTransactions(
      { store: app.store, today: () => TODAY, ask: createAsk() },
      bench.tenant.id,
      new Set([other.line]),
    )
    expect(found).toMatchObject({ looked: 1, suggested: 1 })
    expect(await bench.status(other.line)).toBe('suggested')
    expect(await bench.status(one.line)).toBe('unmatched')
    await bench.set({ mode: 'off' })
  })

  it('400: all faults of the body', async () => {
    const id = newId('txn')
    const answer = await run({
      transaction_ids: [id, id],
      dry_run: 'yes',
      policy: { auto_threshold: 2, max_auto_amount: -1, start_on: '2025-02-30', mode: 'auto' },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((one: { field: string }) => one.field).toSorted()).toEqual([
      'dry_run',
      'policy.auto_threshold',
      'policy.max_auto_amount',
      'policy.mode',
      'policy.start_on',
      'transaction_ids',
    ])
    const decimals = await run({ dry_run: true, policy: { max_auto_amount: '1.001' } })
    expect(decimals.status).toBe(400)
    expect(decimals.body.error.details[0].field).toBe('policy.max_auto_amount')
  })

  it('401, 403, 409, 422', async () => {
    expect((await app.call(undefined, 'POST', '/invoice-matches/run', { dry_run: true })).status).toBe(401)
    const reader = await app.tenant({ permissions: ['matches:read'] })
    expect((await reader.call('POST', '/invoice-matches/run', { dry_run: true })).status).toBe(403)
    const { line } = await sure('70.00')
    for (const ids of [[newId('txn')], [line]]) {
      const foreign = await stranger.call('POST', '/invoice-matches/run', { transaction_ids: ids })
      expect(foreign.status).toBe(422)
      expect(foreign.body.error.details).toEqual([
        { field: 'transaction_ids', issue: `There is no transaction ${ids[0]}` },
      ])
    }
    const kept = await run({ policy: { auto_threshold: 0.5 } })
    expect(kept.status).toBe(422)
    expect(kept.body.error.details[0].field).toBe('policy')
    await app.store.read(stranger.id, (tx) =>
      tx.run(
        `insert into whmcs_instances (tenant_id, id, system_url, installation, mode, sealed_webhook_secret, status, proof_token)
         values ($1, gen_random_uuid(), 'https://second.example', 'second.example', 'api', '', 'pending', 'token')`,
        [tx.tenantUuid],
      ),
    )
    const early = await stranger.call('POST', '/invoice-matches/run', { dry_run: true })
    expect(early.status).toBe(409)
    expect(early.headers['retry-after']).toBe('60')
  })

  it('429: one dry run of a tenant at a time', async () => {
    const answers = await Promise.all([run({ dry_run: true }), run({ dry_run: true })])
    expect(answers.map(({ status }) => status)).toContain(200)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    expect((await run({ dry_run: true })).status).toBe(200)
  })
})

it('while a tenant rests its run is put off, and what is asked for by name is not', async () => {
  const rests = { leftMs: () => 20_000, ran: () => {} }
  const { jobs: kinds } = reconciliationSlice({ store: app.store, today: () => TODAY, log: silentLog, rests })
  // Of others a run is queued already, and one is enough.
  const tenant = await app.tenant()
  const put = async (): Promise<number> =>
    (
      await app.database.pool.query(
        "select 1 from pgboss.job where data->>'tenantId' = $1 and start_after > now() + interval '10 seconds'",
        [tenant.id],
      )
    ).rows.length
  const before = await put()
  await kinds![0]!.handle({ tenantId: tenant.id, transactionIds: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab' })
  expect(await put()).toBe(before)
  await kinds![0]!.handle({ tenantId: tenant.id })
  expect(await put()).toBe(before + 1)
})
