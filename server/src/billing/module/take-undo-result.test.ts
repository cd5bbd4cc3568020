import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import type { FakeResult } from '../../../test/setup/fake-module.ts'

let app: TestApp
let bench: ModuleBench
let payment: { id: string; matchId: string; transid: string }

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
  bench.whmcs.addInvoice({ id: '7', total: '49.00', number: 'INV-7' })
  await bench.module.pushAll()
  payment = (await bench.approve('49.00', { '7': '49.00' }))[0]!
  await bench.module.results((await bench.module.work()).map(bench.module.book))
  await bench.passTime()
})

const reverse = async () => {
  const answer = await bench.tenant.call('PATCH', `/invoice-matches/${payment.matchId}`, { status: 'reversed' })
  expect(answer.status).toBe(202)
}
const match = async () => (await bench.tenant.call('GET', `/invoice-matches/${payment.matchId}`)).body
const report = async (change: Partial<FakeResult>) =>
  bench.module.results((await bench.module.work()).map((offer) => ({ ...bench.module.book(offer), ...change })))
const balance = () =>
  bench.whmcs.ledger.reduce(
    (sum, row) => sum + BigInt(row.amount_in.replace('.', '')) - BigInt(row.amount_out.replace('.', '')),
    0n,
  )

describe('taking back, by the module', () => {
  it('is offered with what it takes back, done once, and the match is reversed', async () => {
    await reverse()
    const [offer] = await bench.module.work()
    expect(offer).toMatchObject({
      payment_id: payment.id,
      action: 'undo',
      undoes: payment.transid,
      client_id: '1',
      amount: '49.00',
      invoice_id: '7',
    })
    expect(offer!.transid).not.toBe(payment.transid)
    expect(await bench.module.work()).toEqual([])
    expect(await bench.module.results([bench.module.book(offer!)])).toEqual([{ payment_id: payment.id, state: 'done' }])
    expect(await match()).toMatchObject({ status: 'reversed', reversal: { state: 'done' } })
    expect((await bench.payment(payment.id)).state).toBe('reversed')
    expect(await bench.invoice('7')).toMatchObject({ status: 'unpaid', balance: 49 })
    expect(await bench.module.work()).toEqual([])
    expect([balance(), bench.whmcs.ledger.length]).toEqual([0n, 2])
    await bench.module.push(['7'])
    expect(await bench.alerts()).toEqual([])
  })

  it('silence, and doubt: offered again after the lease, and still done once', async () => {
    await reverse()
    for (const offer of await bench.module.work()) bench.module.book(offer)
    await bench.passTime()
    expect(await report({ outcome: 'unknown' })).toEqual([{ payment_id: payment.id, state: 'unknown' }])
    expect(await bench.module.work()).toEqual([])
    await bench.passTime()
    expect(await report({})).toEqual([{ payment_id: payment.id, state: 'done' }])
    expect([balance(), bench.whmcs.ledger.length]).toEqual([0n, 2])
  })

  it('what WHMCS did not do is left to a person, in its words', async () => {
    await reverse()
    expect(await report({ left: ['The invoice is still Paid.'] })).toEqual([
      { payment_id: payment.id, state: 'needs_person' },
    ])
    expect(await match()).toMatchObject({ status: 'applied', reversal: { state: 'needs_person' } })
    expect((await match()).reversal.left.join(' ')).toContain('The invoice is still Paid.')
    expect(await bench.alerts()).toEqual(['undo_needs_person'])
  })

  it.each<[string, Partial<FakeResult>]>([
    ['refused', { outcome: 'refused', transactions: [], words: 'There is no such payment' }],
    ['applied and shows nothing', { outcome: 'applied', transactions: [] }],
    ['conflict', { outcome: 'conflict', transactions: [], words: 'It is another' }],
    ['not understood', { outcome: 'refused', code: 'not_understood', transactions: [], left: undefined }],
  ])('%s: a person', async (_, change) => {
    await reverse()
    expect(await report({ ...change, invoice: null })).toEqual([{ payment_id: payment.id, state: 'needs_person' }])
  })

  it('an old result of the booking itself changes nothing, and an old fence neither', async () => {
    await reverse()
    const [offer] = await bench.module.work()
    const result = bench.module.book(offer!)
    const { left: _, ...booking } = { ...result, transactions: [], invoice: null }
    expect(await bench.module.results([booking])).toEqual([{ payment_id: payment.id, state: 'applied' }])
    await bench.passTime()
    await bench.module.work()
    expect(await bench.module.results([{ ...result, outcome: 'refused', transactions: [] }])).toEqual([
      { payment_id: payment.id, state: 'sending' },
    ])
  })

  it('goes before a person after five offers without a result', async () => {
    await reverse()
    for (let n = 1; n <= 5; n++) {
      expect(await bench.module.work()).toHaveLength(1)
      await bench.passTime()
    }
    expect(await bench.module.work()).toEqual([])
    expect((await match()).reversal).toMatchObject({ state: 'needs_person' })
  })

  it('money that somebody else gave back stops it before it is offered', async () => {
    bench.whmcs.ledger.push({
      ...bench.whmcs.ledger[0]!,
      id: '50',
      transid: 'refund 1',
      amount_in: '0.00',
      amount_out: '49.00',
    })
    await bench.module.push(['7'])
    await reverse()
    expect(await bench.module.work()).toEqual([])
    expect((await match()).reversal).toMatchObject({ state: 'needs_person' })
  })
})
