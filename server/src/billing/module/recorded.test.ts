import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
  for (const id of ['7', '8']) bench.whmcs.addInvoice({ id, total: '49.00', number: `INV-${id}` })
  await bench.module.pushAll()
})

/** An approved payment of money that came by card. */
async function card() {
  const [payment] = await bench.approve('49.00', { '7': '49.00' })
  await bench.sql(
    `insert into transaction_aliases (tenant_id, account_id, transaction_id, kind, value)
     select t.tenant_id, t.account_id, t.id, 'stripe', id.value
       from transactions t cross join (values ('ch_1'), ('pi_1')) as id (value) where t.tenant_id = :tenant`,
  )
  return payment!
}
const record = (invoiceId: string, transid: string) =>
  bench.whmcs.addInvoicePayment({ invoiceId, transid, amount: '49.00', date: '2025-04-10', gateway: 'stripe' })
const ours = () => bench.whmcs.ledger.filter((row) => row.transid.startsWith('PYM-'))
const status = async (id: string) => (await bench.tenant.call('GET', `/invoice-matches/${id}`)).body.status

describe('a card payment offered to a module', () => {
  it('comes with the ids under which a gateway may have recorded it; money of a bank has none', async () => {
    await card()
    await bench.approve('49.00', { '8': '49.00' })
    // The second line came after the ids were planted.
    const offers = await bench.module.work()
    expect(new Map(offers.map((offer) => [offer.invoice_id, offer.also_known_as]))).toEqual(
      new Map([
        ['7', ['ch_1', 'pi_1']],
        ['8', []],
      ]),
    )
  })

  it('is refused by the module that finds it recorded, and the invoice where it stands is asked for', async () => {
    const payment = await card()
    const [offer] = await bench.module.work()
    record('8', 'pi_1')
    expect(await bench.module.results([bench.module.book(offer!)])).toEqual([
      { payment_id: payment.id, state: 'refused' },
    ])
    expect(ours()).toEqual([])
    expect((await bench.payment(payment.id)).reason).toBe(
      'WHMCS holds this card payment already. Payymo recognises the transaction by it as soon as it has read that invoice. If it stands on the wrong invoice, or on none, put that right in WHMCS.',
    )
    expect(await status(payment.matchId)).toBe('failed')
    expect((await bench.module.state()).wanted.invoices).toContain('8')
  })

  it('is not offered once the mirror shows it recorded, whatever version the module is', async () => {
    const payment = await card()
    record('8', 'INV-8 ch_1')
    await bench.module.pushAll()
    expect(await bench.module.work()).toEqual([])
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'refused', attempts: 0 })
    expect((await bench.payment(payment.id)).reason).toMatch(/INV-8 ch_1, 49\.00 on invoice id 8/)
  })

  it('goes before a person where it was offered before without an end', async () => {
    const payment = await card()
    await bench.module.work()
    await bench.passTime()
    record('8', 'ch_1')
    await bench.module.pushAll()
    expect(await bench.module.work()).toEqual([])
    expect((await bench.payment(payment.id)).state).toBe('quarantined')
    expect(await bench.alerts()).toContain('payment_quarantined')
  })

  it('is booked where nothing of it is recorded', async () => {
    const payment = await card()
    record('8', 'ch_2')
    await bench.module.pushAll()
    await bench.module.cron()
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'applied' })
    expect(ours()).toHaveLength(1)
  })
})

describe('what the gateway kept of a card payment', () => {
  it('comes with its first offer where the installation says so, and stays as it was offered', async () => {
    let feeMinor = 145n
    bench = await createModuleBench(app, {
      feesOf: async (_tx, ids) => new Map(ids.map((id) => [id, feeMinor])),
    })
    bench.whmcs.addInvoice({ id: '7', total: '49.00', number: 'INV-7' })
    await bench.module.pushAll()
    await bench.sql('update whmcs_instances set stripe_fees = true where tenant_id = :tenant')
    await card()
    expect((await bench.module.work())[0]!.fees).toBe('1.45')
    feeMinor = 999n
    await bench.passTime()
    expect((await bench.module.work())[0]!.fees).toBe('1.45')
  })
})
