import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import '../../../test/setup/properties.ts'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { pushed } from '../../../test/setup/fake-whmcs.ts'
import { readInvoice } from './read-rows.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
})

const row = (change: object = {}) => ({ ...pushed(bench.whmcs, bench.whmcs.invoices.get('7')!), ...change })
const send = (invoices: object[], clients: object[] = [bench.whmcs.clients.get('1')!]) =>
  bench.module.push([], { invoices, clients })

describe('push', () => {
  beforeEach(() => {
    bench.whmcs.addInvoice({ id: '7', total: '49.00', number: 'INV-7' })
  })

  it('stores invoices, clients, items and payments as the API mirror does', async () => {
    bench.whmcs.addClient({
      id: '1',
      first_name: 'Ann',
      last_name: 'O&#039;Neil',
      company: 'Smith &amp; Sons',
      email: 'ann@example.net',
    })
    bench.whmcs.addInvoicePayment({
      invoiceId: '7',
      transid: 'by hand',
      amount: '9.00',
      date: '2025-04-02',
      gateway: 'mailin',
    })
    expect(await bench.module.push(['7'])).toEqual({ taken: 1, rejected: [] })
    expect(await bench.invoice('7')).toMatchObject({
      number: 'INV-7',
      status: 'unpaid',
      total: 49,
      balance: 40,
      currency: 'EUR',
      issued_on: '2025-04-01',
      due_on: '2025-04-15',
      client: { external_id: '1', name: "Ann O'Neil", company: 'Smith & Sons', email: 'ann@example.net' },
      items: [{ description: 'Hosting S', amount: 49 }],
    })
    const instance = await bench.instance()
    expect(instance).toMatchObject({ mirrored_at: null })
    expect(instance.last_sync_at).not.toBeNull()
  })

  it('tells what changed by the same events, and an unchanged invoice by none', async () => {
    await bench.module.pushAll()
    const before = (await bench.events()).length
    await bench.module.push(['7'])
    bench.whmcs.addInvoicePayment({
      invoiceId: '7',
      transid: 'x',
      amount: '49.00',
      date: '2025-04-02',
      gateway: 'mailin',
    })
    bench.whmcs.addInvoice({ id: '8', total: '5.00' })
    await bench.module.push(['7', '8'])
    expect((await bench.events()).slice(before).filter((type) => type.startsWith('invoice.'))).toEqual([
      'invoice.updated',
      'invoice.paid',
      'invoice.created',
    ])
    expect(await bench.invoice('7')).toMatchObject({ status: 'paid', balance: 0 })
  })

  it.each([
    ['status', { status: 'Overdue' }],
    ['total', { total: '1.234' }],
    ['balance', { balance: '1e3' }],
    ['balance', { balance: 'NaN' }],
    ['currency', { currency: 'XYZ' }],
    ['client_id', { client_id: 'seven' }],
    ['Client 99', { client_id: '99' }],
    ['items', { items: 'none' }],
    [
      'payments',
      {
        payments: [
          { id: '1', amount_in: '1.00', date: null },
          { id: '1', amount_in: '2.00', date: null },
        ],
      },
    ],
    ['payments.0.amount_in', { payments: [{ id: '1', amount_in: 1.5, date: null }] }],
    ['id', { id: '0' }],
  ])('refuses a row for its %s, with the reason, and takes the others', async (named, change) => {
    bench.whmcs.addInvoice({ id: '8', total: '5.00' })
    const answer = await send([row(change), pushed(bench.whmcs, bench.whmcs.invoices.get('8')!)])
    expect([answer.taken, answer.rejected.length]).toEqual([1, 1])
    expect(answer.rejected[0].reason).toContain(named)
    expect([await bench.invoice('7'), (await bench.invoice('8'))?.status]).toEqual([undefined, 'unpaid'])
  })

  it('an invoice keeps its currency; the last of two equal rows counts', async () => {
    await bench.module.push(['7'])
    const other = await send([row({ currency: 'USD' })])
    expect(other.rejected).toMatchObject([{ id: '7', reason: expect.stringContaining('EUR') }])
    await send(
      [row({ balance: '3.00' }), row({ balance: '2.00' })],
      [...bench.whmcs.clients.values(), ...bench.whmcs.clients.values()],
    )
    expect((await bench.invoice('7')).balance).toBe(2)
  })

  it('text in entities, dates in four shapes of nothing, ids as numbers: all are understood', async () => {
    const answer = await send([
      row({
        id: 7,
        client_id: 1,
        number: '&quot;7&quot;',
        date: '0000-00-00',
        due_date: '',
        date_paid: null,
        updated_at: '-0001-11-30',
      }),
    ])
    expect(answer.taken).toBe(1)
    expect(await bench.invoice('7')).toMatchObject({ number: '"7"', issued_on: null, due_on: null })
  })

  it('a mass-payment container stands for its parts', async () => {
    await send([
      row({
        items: [
          { type: 'Invoice', rel_id: '5', description: 'Invoice #5', amount: '20.00' },
          { type: 'Invoice', rel_id: '6', description: 'Invoice #6', amount: '29.00' },
        ],
      }),
    ])
    const kept = await app.store.read(bench.tenant.id, (tx) =>
      tx.one<{ collects: string[] }>('select collects from invoices where tenant_id = $1', [tx.tenantUuid]),
    )
    expect(kept.collects).toEqual(['5', '6'])
  })

  it('gone: what WHMCS has no longer is owed no longer; what was never known leaves no trace', async () => {
    await bench.module.push(['7'])
    bench.whmcs.invoices.delete('7')
    expect(await bench.module.push(['7', '12345'])).toEqual({ taken: 0, rejected: [] })
    expect(await bench.invoice('7')).toMatchObject({ status: 'cancelled', balance: 0 })
    expect(await bench.invoice('12345')).toBeUndefined()
  })

  it('amounts never pass through a float: what is read is what was written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.constantFrom('EUR', 'USD', 'JPY', 'BHD'),
        (minor, currency) => {
          const decimals = { EUR: 2, USD: 2, JPY: 0, BHD: 3 }[currency]
          const digits = String(minor < 0n ? -minor : minor).padStart(decimals + 1, '0')
          const whole = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
          const text = `${minor < 0n ? '-' : ''}${whole}`
          const read = readInvoice({
            id: '7',
            client_id: '1',
            status: 'Unpaid',
            total: text,
            balance: text,
            currency,
            items: [],
            payments: [],
          })
          expect('row' in read ? read.row.invoice.balanceMinor : whole.split('.')[0]!.length > 13).toEqual(
            'row' in read ? minor : true,
          )
        },
      ),
    )
  })

  it('no row, however damaged, breaks the push or is stored in part', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('id', 'status', 'total', 'items', 'payments', 'currency', 'date', 'number', 'client_id'),
          fc.jsonValue({ maxDepth: 2 }),
          { maxKeys: 4 },
        ),
        async (damage) => {
          const answer = await bench.module.call('push', {
            invoices: [row({ ...damage, id: '7' })],
            clients: [damage, bench.whmcs.clients.get('1')!],
          })
          // A key that is no name, or an amount of a thousand digits, may be refused for the whole body, and then by name.
          expect([200, 400]).toContain(answer.status)
          if (answer.status === 200)
            expect(
              answer.body.taken + answer.body.rejected.filter((each: { id: string }) => each.id === '7').length,
            ).toBeGreaterThanOrEqual(1)
        },
      ),
      { numRuns: 40 },
    )
  })
})
