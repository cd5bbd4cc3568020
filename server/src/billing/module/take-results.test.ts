import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { fakeModule, type FakeResult } from '../../../test/setup/fake-module.ts'
import { silentLog } from '../../base/log.ts'
import { settleMatch } from '../../reconciliation/index.ts'
import { createClaim } from '../payments/claim.ts'
import { paymentDeps } from './payment-deps.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
  for (const id of ['7', '8', '9']) bench.whmcs.addInvoice({ id, total: '49.00', number: `INV-${id}` })
  await bench.module.pushAll()
})

const one = async () => (await bench.approve('49.00', { '7': '49.00' }))[0]!
const offered = async () => (await bench.module.work())[0]!
const report = async (change: Partial<FakeResult> | ((result: FakeResult) => Partial<FakeResult>)) => {
  const offer = await offered()
  const result = bench.module.book(offer)
  const changed = typeof change === 'function' ? change(result) : change
  return bench.module.results([{ ...result, ...changed }])
}
const match = async (id: string) => (await bench.tenant.call('GET', `/invoice-matches/${id}`)).body.status

describe('work', () => {
  it('gives an approved payment to one module for a quarter of an hour, as sending before the answer leaves', async () => {
    const payment = await one()
    const offer = await offered()
    expect(offer).toMatchObject({
      payment_id: payment.id,
      fence: 1,
      action: 'pay',
      invoice_id: '7',
      transid: payment.transid,
      amount: '49.00',
      currency: 'EUR',
      gateway: 'banktransfer',
      date: '2025-04-10',
      fees: null,
      no_email: false,
      surplus: false,
    })
    expect(Date.parse(offer.leased_until) - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'sending', attempts: 1 })
    expect(await bench.module.work()).toEqual([])
    expect((await bench.module.state()).pending_payments).toBe(1)
  })

  it('gives nothing before the installation is proven, and none of our workers takes it either', async () => {
    const payment = await one()
    await bench.sql('update whmcs_instances set verified_at = null where tenant_id = :tenant')
    expect(await bench.module.work()).toEqual([])
    await bench.prove()
    const deps = paymentDeps({
      store: app.store,
      connections: bench.billing.connections,
      scaled: (plannedMs) => plannedMs,
      log: silentLog,
      onSettled: settleMatch,
    })
    const claim = createClaim(deps)
    expect((await claim(100)).filter((each) => each.tenantId === bench.tenant.id)).toEqual([])
    expect(await offered()).toMatchObject({ payment_id: payment.id })
  })

  it('gives nothing of an installation in error, of another tenant, or beyond the limit', async () => {
    await bench.approve('98.00', { '7': '49.00', '8': '49.00' })
    const other = await createModuleBench(app)
    expect(await other.module.work()).toEqual([])
    expect(await bench.module.work(1)).toHaveLength(1)
    expect(await bench.module.work(50)).toHaveLength(1)
  })

  it('one at a time per invoice', async () => {
    bench.whmcs.addInvoice({ id: '10', total: '98.00' })
    await bench.module.push(['10'])
    await bench.approve('20.00', { '10': '20.00' })
    await bench.approve('30.00', { '10': '30.00' })
    const first = await bench.module.work()
    expect(first).toHaveLength(1)
    expect(await bench.module.work()).toEqual([])
    await bench.module.results(first.map(bench.module.book))
    expect(await bench.module.work()).toHaveLength(1)
  })

  it('two modules with one secret share the payments out', async () => {
    const ids = (await bench.approve('147.00', { '7': '49.00', '8': '49.00', '9': '49.00' })).map(
      (payment) => payment.id,
    )
    const twin = fakeModule(bench.billing, bench.whmcs, bench.instanceId, bench.module.secret)
    const both = (await Promise.all([bench.module.work(), twin.work(), bench.module.work(2), twin.work(1)])).flat()
    expect(both.map((offer) => offer.payment_id).sort()).toEqual(ids.sort())
  })

  it('is offered again when the lease has run out, and not before', async () => {
    const payment = await one()
    await offered()
    await bench.passTime()
    expect(await offered()).toMatchObject({ payment_id: payment.id, fence: 2 })
    expect(await bench.payment(payment.id)).toMatchObject({ attempts: 2 })
  })

  it('what the API sent has to settle first', async () => {
    await one()
    await bench.sql(
      "update payments set state = 'unknown', attempts = 1, settled_at = now() + interval '1 minute' where tenant_id = :tenant",
    )
    expect(await bench.module.work()).toEqual([])
    await bench.sql('update payments set settled_at = now() where tenant_id = :tenant')
    expect(await bench.module.work()).toHaveLength(1)
  })

  it('goes before a person after five offers without a result, with an alert', async () => {
    const payment = await one()
    for (let n = 1; n <= 5; n++) {
      expect(await bench.module.work()).toHaveLength(1)
      await bench.passTime()
    }
    expect(await bench.module.work()).toEqual([])
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'quarantined', attempts: 5 })
    expect(await bench.alerts()).toEqual(['payment_quarantined'])
    await bench.tenant.call('POST', `/payments/${payment.id}/resolve`, { resolution: 'retry' })
    expect(await bench.module.work()).toHaveLength(1)
  })

  it('nothing for a tenant at rest, whose results still count', async () => {
    const payment = await one()
    const result = bench.module.book(await offered())
    await bench.approve('49.00', { '8': '49.00' })
    await bench.sql("update tenants set status = 'suspended' where tenant_id = :tenant")
    expect((await bench.module.call('work', {})).status).toBe(409)
    expect(await bench.module.results([result])).toEqual([{ payment_id: payment.id, state: 'applied' }])
  })

  it('a refusal of amounts that WHMCS cannot hold comes before any offer', async () => {
    const payment = await one()
    await bench.sql('update transactions set amount_minor = 49010 where tenant_id = :tenant')
    await bench.sql("update payments set currency = 'KWD', amount_minor = 4901 where tenant_id = :tenant")
    expect(await bench.module.work()).toEqual([])
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'refused', attempts: 0 })
  })
})

describe('results', () => {
  it('applied: the match is applied, the invoice mirrored, and all is said once', async () => {
    const payment = await one()
    expect(await report({})).toEqual([{ payment_id: payment.id, state: 'applied' }])
    expect(await match(payment.matchId)).toBe('applied')
    expect(await bench.invoice('7')).toMatchObject({ status: 'paid', balance: 0 })
    const events = await bench.events()
    for (const type of ['match.applied', 'invoice.paid']) expect(events.filter((each) => each === type)).toHaveLength(1)
    expect(await bench.alerts()).toEqual([])
  })

  it.each<[string, (result: FakeResult) => Partial<FakeResult>]>([
    ['shows no row', () => ({ transactions: [], invoice: null })],
    [
      'shows another amount',
      (result) => ({ transactions: result.transactions.map((row) => ({ ...row, amount_in: '48.99' })), invoice: null }),
    ],
    [
      'shows another invoice',
      (result) => ({ transactions: result.transactions.map((row) => ({ ...row, invoice_id: '8' })), invoice: null }),
    ],
    [
      'shows two rows',
      (result) => ({
        transactions: [...result.transactions, ...result.transactions.map((row) => ({ ...row, id: '77' }))],
      }),
    ],
    ['shows the invoice in another currency', (result) => ({ invoice: { ...result.invoice, currency: 'USD' } })],
    [
      'shows a row under an id in other letters',
      (result) => ({ transactions: result.transactions.map((row) => ({ ...row, transid: 'pym-x' })), invoice: null }),
    ],
  ])('applied, and %s: before a person, with the facts of both sides', async (_, change) => {
    const payment = await one()
    expect(await report(change)).toEqual([{ payment_id: payment.id, state: 'quarantined' }])
    const { reason } = await bench.payment(payment.id)
    expect(reason).toContain(payment.transid)
    expect(reason).toContain('INV-7')
    expect(await bench.alerts()).toEqual(['payment_quarantined'])
    expect(await match(payment.matchId)).toBe('approved')
  })

  it('refused: the match has failed and the words of WHMCS are kept; an earlier silent offer makes it a matter for a person', async () => {
    const payment = await one()
    bench.whmcs.invoices.get('7')!.status = 'Cancelled'
    expect(await report({})).toEqual([{ payment_id: payment.id, state: 'refused' }])
    expect((await bench.payment(payment.id)).reason).toContain('Cancelled')
    expect(await match(payment.matchId)).toBe('failed')
    bench.whmcs.invoices.get('8')!.status = 'Cancelled'
    const [second] = await bench.approve('49.00', { '8': '49.00' })
    await offered()
    await bench.passTime()
    expect(await report({})).toEqual([{ payment_id: second!.id, state: 'quarantined' }])
  })

  it('refused, unknown or conflict, and the row is there as wanted: it is applied', async () => {
    for (const [id, outcome] of [
      ['7', 'refused'],
      ['8', 'unknown'],
      ['9', 'conflict'],
    ] as const) {
      const [payment] = await bench.approve('49.00', { [id]: '49.00' })
      expect(await report({ outcome })).toEqual([{ payment_id: payment!.id, state: 'applied' }])
    }
  })

  it('conflict: before a person', async () => {
    const payment = await one()
    bench.whmcs.ledger.push({
      id: '5',
      transid: payment.transid,
      invoice_id: '8',
      amount_in: '49.00',
      amount_out: '0.00',
      fees: '0.00',
      date: '2025-04-09',
      gateway: 'x',
    })
    expect(await report({})).toEqual([{ payment_id: payment.id, state: 'quarantined' }])
    expect((await bench.payment(payment.id)).reason).toContain('invoice id 8')
  })

  it.each<[string, Partial<FakeResult>]>([
    ['unknown', { outcome: 'unknown', transactions: [], invoice: null }],
    ['rows that cannot be read', { transactions: [{ id: 'seven', amount_in: 1.5 }], invoice: null }],
  ])('%s: stays in doubt, the invoice is asked for, and it is offered again after its lease', async (_, change) => {
    const payment = await one()
    const offer = await offered()
    expect(await bench.module.results([{ ...bench.module.book(offer), ...change }])).toEqual([
      { payment_id: payment.id, state: 'unknown' },
    ])
    expect(await bench.module.work()).toEqual([])
    expect((await bench.module.state()).wanted.invoices).toEqual(['7'])
    await bench.passTime()
    expect(await report({})).toEqual([{ payment_id: payment.id, state: 'applied' }])
    expect(bench.whmcs.ledger).toHaveLength(1)
  })

  it('an old fence, a repeated result, a payment of another installation: the state as it is, and nothing changes', async () => {
    const payment = await one()
    const offer = await offered()
    await bench.passTime()
    const again = await offered()
    const stale = { ...bench.module.book(offer), outcome: 'refused', transactions: [], invoice: null }
    expect(await bench.module.results([stale])).toEqual([{ payment_id: payment.id, state: 'sending' }])
    const result = bench.module.book(again)
    expect(await bench.module.results([result, result])).toEqual([
      { payment_id: payment.id, state: 'applied' },
      { payment_id: payment.id, state: 'applied' },
    ])
    const events = await bench.events()
    expect(await bench.module.results([{ ...result, outcome: 'refused', transactions: [] }])).toEqual([
      { payment_id: payment.id, state: 'applied' },
    ])
    expect(await bench.events()).toEqual(events)
    const other = await createModuleBench(app)
    expect(await other.module.results([result])).toEqual([{ payment_id: payment.id, state: 'not_found' }])
    expect(await bench.module.results([{ ...result, payment_id: 'pay_nothing' }])).toEqual([
      { payment_id: 'pay_nothing', state: 'not_found' },
    ])
  })

  it('a late result under the present fence counts although the lease is over', async () => {
    const payment = await one()
    const result = bench.module.book(await offered())
    await bench.passTime()
    expect(await bench.module.results([result])).toEqual([{ payment_id: payment.id, state: 'applied' }])
  })

  it('one bad row holds up no other', async () => {
    const [first, second] = await bench.approve('98.00', { '7': '49.00', '8': '49.00' })
    const [a, b] = (await bench.module.work()).map(bench.module.book)
    const states = await bench.module.results([{ ...a!, transactions: [{ nothing: true }], invoice: { id: 'x' } }, b!])
    expect(new Map(states.map((each) => [each.payment_id, each.state]))).toEqual(
      new Map([
        [a!.payment_id, 'unknown'],
        [b!.payment_id, 'applied'],
      ]),
    )
    expect([first!.id, second!.id].sort()).toEqual([a!.payment_id, b!.payment_id].sort())
  })
})
