import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { systemActor } from '../../events/audit.ts'
import { getPayment } from '../payments/queries.ts'
import { listTenantsToUndo } from '../payments/undo/queries.ts'
import { requestUndo } from '../payments/undo/request-undo.ts'

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

const set = (settings: object) => bench.tenant.call('PATCH', `/whmcs-instances/${bench.instanceId}`, { settings })
const offered = async () => (await bench.module.work())[0]!
const shown = async (id: string) => (await bench.tenant.call('GET', `/payments/${id}`)).body

describe('what the installation is set to', () => {
  it('comes with every offer, and with the state', async () => {
    await bench.approve('49.00', { '7': '49.00' })
    expect(await offered()).toMatchObject({ no_email: false, surplus: false, surplus_amount: null, fees: null })
    expect((await bench.module.state()).settings.no_email).toBe(false)
    await set({ surplus: 'credit', confirmation_email: false, stripe_fees: true })
    const [payment] = await bench.approve('60.00', { '8': '49.00' })
    await bench.sql(
      `update payments set fees_minor = 145 where tenant_id = :tenant and transid = '${payment!.transid}'`,
    )
    expect(await offered()).toMatchObject({
      payment_id: payment!.id,
      amount: '60.00',
      no_email: true,
      surplus: true,
      surplus_amount: '11.00',
      fees: '1.45',
    })
    expect((await bench.module.state()).settings.no_email).toBe(true)
  })

  it('a surplus is booked with its payment, and taken back with it', async () => {
    await set({ surplus: 'credit' })
    const [payment] = await bench.approve('60.00', { '8': '49.00' })
    await bench.module.results([bench.module.book(await offered())])
    expect(await shown(payment!.id)).toMatchObject({ state: 'applied', amount: 60, surplus: 11 })
    expect(await bench.invoice('8')).toMatchObject({ status: 'paid', balance: -11 })
    await bench.passTime()
    const reversing = await bench.tenant.call('PATCH', `/invoice-matches/${payment!.matchId}`, { status: 'reversed' })
    expect(reversing.body.reversal.left.join(' ')).toContain('11.00 EUR were more than was owed')
    const undo = await offered()
    expect(undo).toMatchObject({ action: 'undo', amount: '60.00', surplus: true, surplus_amount: '11.00', fees: null })
    expect(await bench.module.results([bench.module.book(undo)])).toEqual([{ payment_id: payment!.id, state: 'done' }])
    expect(await bench.invoice('8')).toMatchObject({ status: 'unpaid', balance: 49 })
  })
})

describe('takings back of a module', () => {
  it('wake no worker of ours', async () => {
    const [payment] = await bench.approve('49.00', { '7': '49.00' })
    await bench.module.results([bench.module.book(await offered())])
    await bench.passTime()
    const { transactionId, matchId } = (await app.store.read(bench.tenant.id, (tx) => getPayment(tx, payment!.id)))!
    await app.store.change(bench.tenant.id, systemActor('test'), (tx) => requestUndo(tx, { matchId, transactionId }))
    const woken = () => app.store.directory(listTenantsToUndo)
    expect(await woken()).not.toContain(bench.tenant.id)
    // Nobody fetches it any more once the installation is gone: then it is ours to end.
    await bench.sql(`update whmcs_instances set status = 'disconnected' where tenant_id = :tenant`)
    expect(await woken()).toContain(bench.tenant.id)
  })
})

/** What the module reports, what it shows of the invoice, and what people read. */
const REFUSALS: [code: string, words: string, change: object, reason: RegExp][] = [
  ['not_payable', 'The invoice is Cancelled.', { status: 'Cancelled' }, /is Cancelled .* Set it to Unpaid/],
  ['not_payable', 'The invoice is Draft.', { status: 'Draft' }, /is a Draft .* Publish it/],
  ['not_payable', 'The invoice is Refunded.', { status: 'Refunded' }, /is Refunded .* make a new invoice/],
  ['not_payable', 'The invoice is Collections.', { status: 'Collections' }, /Collections .* Ask whoever collects/],
  ['not_payable', 'It is Payment Pending.', { status: 'Payment Pending' }, /Payment Pending .* See there/],
  ['already_paid', 'The invoice is already Paid.', { status: 'Paid' }, /already Paid .* Payymo recognises it/],
  ['balance_too_small', 'Less is open.', { total: '40.00' }, /has 40\.00 EUR open .* Match the money anew/],
  ['currency_differs', 'The invoice is in USD.', { currency: 'USD' }, /The invoice is in USD\. Choose an invoice/],
  ['invoice_missing', 'Invoice ID Not Found', {}, /Invoice ID Not Found\. Look in WHMCS for its successor/],
  ['amount_not_representable', 'Two decimals.', {}, /Two decimals\. Book it in WHMCS by hand/],
  ['fee_not_representable', 'The fee has more.', {}, /The fee has more\. Switch settings\.stripe_fees/],
  ['whmcs_refused', 'Gateway "x" is off', {}, /refuses the payment: Gateway "x" is off\. Put right in WHMCS/],
  ['not_understood', 'This offer: surplus_amount', {}, /Bring the Payymo module in WHMCS up to date/],
  ['a_word_of_tomorrow', '', {}, /It gave no reason\. Put right in WHMCS/],
]

describe('refused by the module, in words that say what to do', () => {
  it.each(REFUSALS)('%s: %s %j', async (code, words, change, reason) => {
    const [payment] = await bench.approve('49.00', { '7': '49.00' })
    const offer = await offered()
    Object.assign(bench.whmcs.invoices.get('7')!, change)
    const result = bench.module.book({ ...offer, transid: offer.transid, amount: '999.00' })
    await bench.module.results([{ ...result, outcome: 'refused', code, words, transactions: [] }])
    expect(await shown(payment!.id)).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason) })
  })
})
