import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createReconciliationBench, type ReconciliationBench } from '../../../test/setup/factories-reconciliation.ts'
import { createPayoutApp, NOW, type PayoutApp, type PayoutBench } from '../../../test/setup/factories-payouts.ts'
import { uuidOf } from '../../base/ids.ts'
import { createAsk } from '../../reconciliation/ask-aside.ts'
import { matchTransactions } from '../../reconciliation/match-transactions.ts'
import { composePayouts } from './compose-payouts.ts'
import { findBankLines } from './find-bank-lines.ts'
import { readPayouts } from './read-payouts.ts'
import { withholdPayoutLines } from './withhold-lines.ts'

let own: PayoutApp
const benches: ReconciliationBench[] = []
beforeAll(async () => {
  own = await createPayoutApp()
})
afterEach(async () => {
  own.clock.set(NOW)
  for (const bench of benches.splice(0)) await bench.stop()
})
afterAll(() => own.app.stop())

const STRIPE = { name: 'Stripe Technology Europe Ltd', text: 'STRIPE Q7W2' }

const read = async (bench: PayoutBench): Promise<void> => {
  await bench.walk()
  await readPayouts(own.deps, bench.ref, bench.stripe.feed)
  await composePayouts(own.deps, bench.ref, bench.stripe.feed)
}
const find = (bench: PayoutBench): Promise<void> => findBankLines(own.deps, bench.tenant.id)

/** A payout of 88.45 that is explained. */
async function paid(bench: PayoutBench, change: object = {}, amountMinor = 8_845n) {
  const payout = bench.stripe.pay({ amountMinor, items: [bench.stripe.row({ amountMinor })], ...change })
  await read(bench)
  return payout
}

describe('the line of a payout', () => {
  it('becomes a transfer, and the payout is reconciled, once', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    expect(await bench.events('payout.reconciled')).toEqual([])
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    await find(bench)
    expect(await bench.lineStatus(line)).toBe('transfer')
    expect(await bench.payout(id)).toMatchObject({
      bank_transaction_id: line,
      bank_found_by: 'amount_and_date',
      bank_candidates: [],
      reconciled_at: '2026-08-17T12:00:00Z',
    })
    expect(await bench.events('payout.reconciled')).toMatchObject([
      { external_id: id, bank_transaction_id: line, explained: { complete: true }, items: [{ amount: 88.45 }] },
    ])
    expect((await bench.events('transaction.updated')).map((body) => body.match_status)).toEqual(['transfer'])
    const aside = await bench.tenant.call('PATCH', `/transactions/${line}`, { status: 'ignored' })
    expect([aside.status, aside.body.error?.message]).toEqual([409, expect.stringContaining('a transfer between')])
    expect((await bench.tenant.call('PATCH', `/transactions/${line}`, { note: 'seen' })).status).toBe(200)
    const before = await bench.traces()
    await find(bench)
    await read(bench)
    await find(bench)
    expect(await bench.traces()).toEqual(before)
  })

  it('found first by its trace id, it is reconciled when it is explained', async () => {
    const bench = await own.bench()
    const row = bench.stripe.row({ amountMinor: 8_845n })
    const { id } = bench.stripe.pay({
      amountMinor: 8_845n,
      items: [row],
      reconciliationStatus: 'in_progress',
      traceId: 'AB12CD34EF',
    })
    await read(bench)
    const line = await bench.line({ amount: 88.45, text: 'AB12 CD34 EF' })
    await find(bench)
    expect(await bench.payout(id)).toMatchObject({
      bank_transaction_id: line,
      bank_found_by: 'trace_id',
      reconciled_at: null,
    })
    bench.stripe.change(id, { reconciliationStatus: 'completed' })
    await read(bench)
    expect(await bench.payout(id)).toMatchObject({ reconciled_at: '2026-08-17T12:00:00Z' })
    expect(await bench.events('payout.reconciled')).toHaveLength(1)
  })

  it('of a negative payout is a debit', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench, {}, -8_845n)
    await bench.line({ amount: 88.45, ...STRIPE })
    const debit = await bench.line({ amount: 88.45, direction: 'debit', ...STRIPE })
    await find(bench)
    expect(await bench.payout(id)).toMatchObject({ amount: -88.45, bank_transaction_id: debit })
    expect(await bench.lineStatus(debit)).toBe('transfer')
  })

  it('is only named where two fit, and a person chooses', async () => {
    const bench = await own.bench()
    const payout = await paid(bench)
    const lines = [
      await bench.line({ amount: 88.45, ...STRIPE }),
      await bench.line({ amount: 88.45, ...STRIPE, date: '2026-08-18' }),
    ]
    await find(bench)
    const shown = await bench.payout(payout.id)
    expect(shown).toMatchObject({ bank_transaction_id: null })
    expect(shown.bank_candidates.toSorted()).toEqual(lines.toSorted())
    expect(await Promise.all(lines.map(bench.lineStatus))).toEqual(['unmatched', 'unmatched'])
    const before = await bench.traces()
    await find(bench)
    expect(await bench.traces()).toEqual(before)
    const chosen = await bench.tenant.call('PATCH', `/payouts/${shown.id}`, { bank_transaction_id: lines[1] })
    expect(chosen).toMatchObject({
      status: 200,
      body: { bank_transaction_id: lines[1], bank_found_by: 'person', bank_candidates: [] },
    })
    expect(await bench.events('payout.reconciled')).toHaveLength(1)
    expect(await bench.lineStatus(lines[1]!)).toBe('transfer')
  })

  it('that a person clears is matched again and not taken again; another one is', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    await find(bench)
    const shown = await bench.payout(id)
    expect(
      (await bench.tenant.call('PATCH', `/payouts/${shown.id}`, { bank_transaction_id: null })).body,
    ).toMatchObject({
      bank_transaction_id: null,
      reconciled_at: null,
    })
    await find(bench)
    expect(await bench.lineStatus(line)).toBe('unmatched')
    expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: null, bank_candidates: [] })
    const other = await bench.line({ amount: 88.45, ...STRIPE, date: '2026-08-18' })
    await find(bench)
    expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: other })
  })

  it('several payouts in one line are named', async () => {
    const bench = await own.bench()
    const ids = [await paid(bench, {}, 100n), await paid(bench, {}, 23n)].map((payout) => payout.id)
    const line = await bench.line({ amount: 1.23, ...STRIPE })
    await find(bench)
    for (const id of ids)
      expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: null, bank_candidates: [line] })
  })
})

describe('many at the same moment', () => {
  it('end in one line, one event, and nothing taken twice', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    const { id: payoutId } = await bench.payout(id)
    const answers = await Promise.all([
      ...[1, 2, 3, 4].map(async () => find(bench)),
      ...[1, 2].map(async () => read(bench)),
      ...[1, 2, 3].map(async () => bench.tenant.call('PATCH', `/payouts/${payoutId}`, { bank_transaction_id: line })),
    ])
    expect(answers.filter(Boolean).every((answer) => answer!.status === 200 || answer!.status === 409)).toBe(true)
    expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: line })
    expect(await bench.events('payout.reconciled')).toHaveLength(1)
    expect((await bench.events('transaction.updated')).map((body) => body.match_status)).toEqual(['transfer'])
  })

  it('a failure that comes between leaves no line behind', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    bench.stripe.fail(id)
    await Promise.all([find(bench), read(bench), find(bench)])
    expect(await bench.lineStatus(line)).toBe('unmatched')
    expect(await bench.payout(id)).toMatchObject({ status: 'failed', bank_transaction_id: null })
  })
})

describe('a payout that fails', () => {
  it('gives its line free', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    await find(bench)
    bench.stripe.fail(id)
    await read(bench)
    expect(await bench.lineStatus(line)).toBe('unmatched')
    expect(await bench.payout(id)).toMatchObject({ status: 'failed', bank_transaction_id: null, reconciled_at: null })
    expect(await bench.events('payout.failed')).toMatchObject([{ external_id: id, bank_transaction_id: null }])
    const { rows } = await own.app.database.pool.query(
      "select 1 from pgboss.job where name = 'match-transactions' and data->>'tenantId' = $1 and state = 'created'",
      [bench.tenant.id],
    )
    expect(rows.length).toBeGreaterThan(0)
    await find(bench)
    expect(await bench.lineStatus(line)).toBe('unmatched')
  })

  it('and the two lines of its way there and back are a pair', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const came = await bench.line({ amount: 88.45, ...STRIPE })
    await find(bench)
    bench.stripe.fail(id)
    await read(bench)
    const went = await bench.line({
      amount: 88.45,
      direction: 'debit',
      date: '2026-08-19',
      ...STRIPE,
      text: 'RETURN STRIPE',
    })
    await find(bench)
    expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: null, returned_transaction_ids: [came, went] })
    expect([await bench.lineStatus(came), await bench.lineStatus(went)]).toEqual(['transfer', 'transfer'])
    const before = await bench.traces()
    await find(bench)
    expect(await bench.traces()).toEqual(before)
  })
})

describe('what a person must see', () => {
  it('a payout that is not there five working days after it should be, once', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    own.clock.set('2026-08-24T12:00:00Z')
    await find(bench)
    expect(await bench.alerts()).toEqual([])
    own.clock.set('2026-08-25T12:00:00Z')
    await find(bench)
    const shown = await bench.payout(id)
    const [alert] = await bench.alerts()
    expect(alert).toMatchObject({ code: 'payout_not_found', subject: shown.id, open: true })
    expect(alert!.message).toMatch(/^Payout po_\d+ of 88\.45 EUR should have arrived on 2026-08-17 and is not found/)
    // A person has closed it: not told again.
    const [{ id: alertId }] = (await bench.tenant.call('GET', '/alerts')).body.data
    await bench.tenant.call('PATCH', `/alerts/${alertId}`, { status: 'closed' })
    await find(bench)
    expect(await bench.alerts()).toMatchObject([{ open: false }])
  })

  it('not of currencies without a bank account', async () => {
    const bench = await own.bench()
    await paid(bench, { currency: 'USD' })
    own.clock.set('2026-08-25T12:00:00Z')
    await find(bench)
    expect((await bench.alerts()).map(({ code }) => code)).not.toContain('payout_not_found')
  })

  it('a line of Stripe without a payout, until somebody decides', async () => {
    const bench = await own.bench()
    const line = await bench.line({ amount: 500, ...STRIPE })
    await find(bench)
    expect(await bench.alerts()).toEqual([])
    own.clock.set('2026-08-25T12:00:00Z')
    await find(bench)
    expect(await bench.alerts()).toMatchObject([{ code: 'bank_line_without_payout', subject: line, open: true }])
    await bench.tenant.call('PATCH', `/transactions/${line}`, { status: 'ignored' })
    await find(bench)
    expect(await bench.alerts()).toMatchObject([{ open: false }])
  })

  it('a line that is the payout and pays an invoice: it is not touched', async () => {
    const bench = await own.bench()
    const { id } = await paid(bench)
    const line = await bench.line({ amount: 88.45, ...STRIPE })
    await own.app.database.pool.query("update transactions set match_status = 'applied' where id = $1", [uuidOf(line)])
    await find(bench)
    expect(await bench.lineStatus(line)).toBe('applied')
    expect(await bench.payout(id)).toMatchObject({ bank_transaction_id: null, bank_candidates: [line] })
    expect(await bench.alerts()).toMatchObject([{ code: 'payout_line_decided', subject: line }])
  })
})

describe('matching with invoices', () => {
  const open = async (settings: object = { mode: 'auto' }) => {
    const bench = await createReconciliationBench(own.app, own.clock, {
      settings,
      seed: {
        clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' }],
        invoices: [{ id: 1, client: 1, number: 'INV-1001', date: '2026-08-01', due: '2026-08-15', total: '88.45' }],
      },
    })
    benches.push(bench)
    return bench
  }
  const LINE = {
    amount: 88.45,
    text: 'STRIPE Invoice INV-1001 Marlow Hosting',
    name: 'Marlow Hosting',
    date: '2026-08-17',
  }
  const match = (bench: ReconciliationBench) =>
    matchTransactions(
      {
        store: own.app.store,
        today: () => '2026-08-17',
        ask: createAsk(),
        before: (tenantId) => findBankLines(own.deps, tenantId),
        withhold: withholdPayoutLines,
      },
      bench.tenant.id,
    )
  const connect = (bench: ReconciliationBench) =>
    own.app.database.pool.query(
      `insert into stripe_connections (tenant_id, id, kind, livemode, status, backfill_from, backfilled_at)
       values ($1, gen_random_uuid(), 'restricted_key', true, 'active', '2026-07-18', now())`,
      [uuidOf(bench.tenant.id)],
    )

  it('a line that reads like Stripe is never applied by itself while an account is connected', async () => {
    const bench = await open()
    await connect(bench)
    const line = await bench.line(LINE)
    await match(bench)
    expect(await bench.status(line)).toBe('suggested')
    expect((await bench.matches(line))[0]).toMatchObject({ status: 'suggested', reasons: expect.any(Array) })
    const { rows } = await own.app.database.pool.query('select withheld from matches where transaction_id = $1', [
      uuidOf(line),
    ])
    expect(rows[0].withheld).toMatchObject([{ code: 'looks_like_payout' }])
    const before = await bench.traces()
    await match(bench)
    expect(await bench.traces()).toEqual(before)
  })

  it('without an account it is a payment like any other', async () => {
    const bench = await open()
    const line = await bench.line(LINE)
    await match(bench)
    expect(await bench.status(line)).toBe('matched')
  })

  it('a suggestion gives way when the line turns out to be a payout, and the line pays nothing', async () => {
    const payouts = await own.bench()
    const bench = await open()
    // One tenant: the payout's connection moves to the one that has invoices.
    await connect(bench)
    const line = await bench.line(LINE)
    await match(bench)
    const { rows } = await own.app.database.pool.query('select id from stripe_connections where tenant_id = $1', [
      uuidOf(bench.tenant.id),
    ])
    await own.app.database.pool.query(
      `insert into payouts (tenant_id, id, connection_id, external_id, amount_minor, currency, status, automatic, arrival_on, occurred_at)
       values ($1, gen_random_uuid(), $2, 'po_hand', 8845, 'EUR', 'paid', false, '2026-08-17', now())`,
      [uuidOf(bench.tenant.id), rows[0].id],
    )
    await match(bench)
    expect(await bench.status(line)).toBe('transfer')
    expect(await bench.matches(line)).toMatchObject([{ status: 'superseded' }])
    const { body } = await bench.create(line, { 'INV-1001': 88.45 })
    expect(body.error).toMatchObject({ code: 'resource_conflict' })
    expect(await payouts.payouts()).toEqual([])
  })

  it('a tenant without Stripe costs one look', async () => {
    const bench = await open()
    const before = await bench.traces()
    await findBankLines(own.deps, bench.tenant.id)
    expect(await bench.traces()).toEqual(before)
  })
})
