import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { strangeTransid } from '../../../test/setup/fake-module.ts'
import { pushed } from '../../../test/setup/fake-whmcs.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
})

describe('what the ledger shows of our payments', () => {
  const booked = async () => {
    bench.whmcs.addInvoice({ id: '7', total: '49.00' })
    await bench.module.pushAll()
    const [payment] = await bench.approve('49.00', { '7': '49.00' })
    await bench.module.results((await bench.module.work()).map(bench.module.book))
    expect((await bench.payment(payment!.id)).state).toBe('applied')
    return payment!
  }
  const checked = async () =>
    app.store.read(bench.tenant.id, (tx) =>
      tx.one<{ checked: boolean }>(
        "select checked_at > now() - interval '1 minute' as checked from payments where tenant_id = $1",
        [tx.tenantUuid],
      ),
    )

  it('is compared by each push, and asked for once a day', async () => {
    await booked()
    await bench.passTime()
    await bench.sql("update payments set checked_at = now() - interval '21 hours' where tenant_id = :tenant")
    expect((await bench.module.state()).wanted.invoices).toEqual(['7'])
    await bench.module.push(['7'])
    expect(await checked()).toEqual({ checked: true })
    expect((await bench.module.state()).wanted.invoices).toEqual([])
    expect(await bench.alerts()).toEqual([])
  })

  it.each([
    ['twice', () => void bench.whmcs.ledger.push({ ...bench.whmcs.ledger[0]!, id: '99' })],
    ['over another amount', () => void (bench.whmcs.ledger[0]!.amount_in = '48.00')],
  ])('a payment that stands there %s is an alert and never a second effect', async (_, damage) => {
    const payment = await booked()
    await bench.passTime()
    damage()
    await bench.module.push(['7'])
    expect(await bench.alerts()).toEqual(['ledger_difference'])
    expect((await bench.payment(payment.id)).state).toBe('applied')
    expect(await bench.module.work()).toEqual([])
  })

  it('a push that was gathered before the booking raises no alarm, changes nothing, and is asked for once more', async () => {
    bench.whmcs.addInvoice({ id: '7', total: '49.00' })
    await bench.module.pushAll()
    const before = structuredClone(pushed(bench.whmcs, bench.whmcs.invoices.get('7')!))
    await bench.approve('49.00', { '7': '49.00' })
    await bench.module.results((await bench.module.work()).map(bench.module.book))
    expect((await bench.module.push([], { invoices: [before], clients: [] })).taken).toBe(1)
    expect(await bench.alerts()).toEqual([])
    expect(await bench.invoice('7')).toMatchObject({ status: 'paid', balance: 0 })
    expect((await bench.module.state()).wanted.invoices).toEqual(['7'])
  })

  it('a payment like ours that is strange to us keeps the next one from being offered', async () => {
    bench.whmcs.addInvoice({ id: '7', total: '98.00' })
    bench.whmcs.addInvoicePayment({
      invoiceId: '7',
      transid: strangeTransid('another'),
      amount: '49.00',
      date: '2025-04-10',
      gateway: 'banktransfer',
    })
    await bench.module.pushAll()
    const [payment] = await bench.approve('49.00', { '7': '49.00' })
    expect(await bench.module.work()).toEqual([])
    expect(await bench.payment(payment!.id)).toMatchObject({ state: 'quarantined', attempts: 0 })
    await bench.tenant.call('POST', `/payments/${payment!.id}/resolve`, { resolution: 'retry' })
    expect(await bench.module.work()).toMatchObject([{ payment_id: payment!.id }])
  })
})
