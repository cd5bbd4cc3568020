import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWhmcs, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'
import { testClock } from '../../base/clock.ts'
import { type Id, uuidOf } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import {
  type InvoiceRow,
  listClosedInvoices,
  listInvoicePayments,
  listOpenInvoices,
  listPaymentsOn,
} from '../invoices/queries.ts'
import { getInstance } from '../instances/queries.ts'
import { keepInvoice, refreshInvoice } from './refresh-invoice.ts'
import { saveInvoices } from './save-invoices.ts'

const clock = testClock('2025-04-10T12:00:00Z')
let app: TestApp
let whmcs: WhmcsSimulator
let bench: BillingBench
let tenant: TestTenant
let id: Id<'whm'>

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())
beforeEach(async () => {
  clock.set('2025-04-10T12:00:00Z')
  whmcs = await createWhmcs({ sync: false })
  at('2025-04-10')
  whmcs.control.seed({
    currencies: [{ code: 'EUR' }, { code: 'JPY' }],
    clients: [
      { id: 1, name: "Sean O'Neil", companyname: 'Smith & Sons', currency: 'EUR' },
      { id: 2, name: 'Yuki Mori', currency: 'JPY' },
    ],
  })
  bench = await createBillingBench(app, [whmcs], clock)
  tenant = await app.tenant()
  id = (await bench.connect(tenant, whmcs)).id
})
afterEach(() => bench.stop())

/** Turns the installation's clock to noon of a day. */
function at(day: string): void {
  whmcs.control.setClock({ frozenAt: `${day}T12:00:00Z` })
}

const read = () =>
  app.store.read(tenant.id, async (tx) => ({
    instance: (await getInstance(tx, id))!,
    open: await listOpenInvoices(tx),
    closed: await listClosedInvoices(tx, '2024-03-06'),
    payments: await listInvoicePayments(tx, '2024-03-06'),
  }))

const byNumber = (rows: InvoiceRow[]) => rows.map((row) => [row.externalId, row.status, row.balanceMinor])

async function events(): Promise<[string, string][]> {
  const rows = await app.store.read(tenant.id, (tx) =>
    tx.many<{ type: string; body: string }>(
      "select type, body from events where tenant_id = $1 and type like 'invoice.%' order by id",
      [tx.tenantUuid],
    ),
  )
  return rows.map(({ type, body }) => [type, (JSON.parse(body) as { data: { external_id: string } }).data.external_id])
}

async function alerts(): Promise<[string, boolean][]> {
  const rows = await app.store.read(tenant.id, (tx) =>
    tx.many<{ code: string; open: boolean }>(
      'select code, closed_at is null as open from alerts where tenant_id = $1 order by id',
      [tx.tenantUuid],
    ),
  )
  return rows.map(({ code, open }) => [code, open])
}

async function waiting(queue: string): Promise<number> {
  const { rows } = await app.database.pool.query<{ count: string }>(
    "select count(*) as count from pgboss.job where name = $1 and state = 'created' and data->>'tenantId' = $2",
    [queue, tenant.id],
  )
  return Number.parseInt(rows[0]!.count, 10)
}

describe('the first reading', () => {
  it('holds open invoices and a year of closed ones with their payments, and says what is open', async () => {
    at('2023-01-15')
    whmcs.control.seed({ invoices: [{ id: 1, client: 1, date: '2023-01-15', total: '9.00', status: 'Paid' }] })
    at('2024-06-01')
    whmcs.control.seed({ invoices: [{ id: 2, client: 1, date: '2024-05-20', total: '49.00', status: 'Paid' }] })
    at('2025-04-01')
    whmcs.control.seed({
      invoices: [
        { id: 3, client: 1, number: 'R&D-3', date: '2025-03-20', due: '2025-04-03', total: '120.00' },
        { id: 4, client: 2, date: '2025-03-21', total: '1500.00' },
        {
          id: 5,
          client: 1,
          date: '2025-03-22',
          items: [3].map((relid) => ({ type: 'Invoice', relid, amount: '120.00' })),
        },
        { id: 6, client: 1, date: '2025-03-23', total: '8.00', status: 'Cancelled' },
        { id: 7, client: 1, date: '2025-03-24', total: '8.00', status: 'Draft' },
        { id: 8, client: 1, date: '2025-03-25', total: '8.00', status: 'Collections' },
      ],
      payments: [{ invoice: 3, amount: '20.00', transid: 'CASH-1', date: '2025-03-30' }],
    })
    await bench.mirror(tenant, id)
    const { instance, open, closed, payments } = await read()
    expect(byNumber(open)).toEqual([
      ['3', 'unpaid', 10000n],
      ['4', 'unpaid', 1500n],
      ['5', 'unpaid', 12000n],
      ['8', 'collections', 800n],
    ])
    expect(open[0]).toMatchObject({
      number: 'R&D-3',
      source: 'whmcs',
      instanceId: id,
      totalMinor: 12000n,
      currency: 'EUR',
      issuedOn: '2025-03-20',
      dueOn: '2025-04-03',
      closedOn: null,
      items: [{ description: 'Services', amountMinor: 12000n }],
      client: { externalId: '1', name: "Sean O'Neil", company: 'Smith & Sons', email: 'client1@example.com' },
    })
    expect(open[2]!.collects).toEqual(['3'])
    expect(closed.map((row) => [row.externalId, row.status, row.closedOn])).toEqual([
      ['2', 'paid', '2024-06-01'],
      ['6', 'cancelled', '2025-04-01'],
    ])
    expect(payments.map(({ transid, amountMinor, paidOn }) => [transid, amountMinor, paidOn])).toEqual(
      expect.arrayContaining([
        ['CASH-1', 2000n, '2025-03-30'],
        ['SEED-2', 4900n, '2024-05-20'],
      ]),
    )
    expect(payments).toHaveLength(2)
    expect(instance).toMatchObject({
      status: 'active',
      errorCode: null,
      mirroredAt: clock.now(),
      lastSyncAt: clock.now(),
    })
    expect(instance.nextSyncAt).not.toBeNull()
    expect(await events()).toEqual(['3', '4', '5', '8'].map((externalId) => ['invoice.created', externalId]))
    expect(await waiting('match-transactions')).toBe(1)
  })

  it('of more invoices than one run may ask for takes several, and is complete only then', async () => {
    whmcs.control.seed({
      invoices: Array.from({ length: 320 }, (_, n) => ({
        id: n + 1,
        client: 1,
        date: '2025-04-01',
        total: `${n + 1}.00`,
      })),
    })
    await bench.mirror(tenant, id, 200)
    const half = await read()
    expect([half.open.length, half.instance.mirroredAt]).toEqual([200, null])
    await bench.mirror(tenant, id, 200)
    const all = await read()
    expect(all.open.map((row) => row.externalId)).toEqual(Array.from({ length: 320 }, (_, n) => String(n + 1)))
    expect(all.instance.mirroredAt).not.toBeNull()
    expect(whmcs.control.calls('getinvoice')).toHaveLength(320)
    expect(whmcs.control.counts().total!.parallelMax).toBeLessThanOrEqual(2)
  })

  it('leaves out an invoice that cannot be read, and reports it', async () => {
    whmcs.control.seed({
      invoices: [
        { id: 1, client: 2, total: '108.50' },
        { id: 2, client: 1, total: '5.00' },
      ],
    })
    await bench.mirror(tenant, id)
    const { open, instance } = await read()
    expect([byNumber(open), instance.status]).toEqual([[['2', 'unpaid', 500n]], 'active'])
    expect(bench.reported).toMatchObject([{ code: 'unreadable' }])
  })

  it.each([
    { rows: 'numbered', emptyList: 'missing', numbers: 'strings' },
    { rows: 'bare', emptyList: 'inner', version: '9.0' },
    { emptyList: 'object', version: '7.10' },
  ] as const)('reads an installation of the kind %j alike', async (switches) => {
    whmcs.control.setSwitches(switches)
    whmcs.control.seed({
      invoices: [
        { id: 1, client: 1, total: '5.00' },
        { id: 2, client: 1, total: '6.00', status: 'Paid' },
      ],
    })
    await bench.mirror(tenant, id)
    const { open, closed } = await read()
    expect([byNumber(open), byNumber(closed)]).toEqual([[['1', 'unpaid', 500n]], [['2', 'paid', 0n]]])
  })
})

describe('a later reading', () => {
  beforeEach(async () => {
    at('2025-04-09')
    whmcs.control.seed({
      invoices: Array.from({ length: 5 }, (_, n) => ({ id: n + 1, client: 1, date: '2025-04-01', total: '50.00' })),
    })
    await bench.mirror(tenant, id)
    at('2025-04-10')
  })
  const since = async (before: [string, string][]) => (await events()).slice(before.length)

  it('asks for nothing that did not change, and says nothing', async () => {
    const before = await events()
    const calls = whmcs.control.calls('getinvoice').length
    await bench.mirror(tenant, id)
    expect(whmcs.control.calls('getinvoice')).toHaveLength(calls)
    expect(await since(before)).toEqual([])
  })

  it('notices part payments, full payments, cancellations and what has vanished', async () => {
    const before = await events()
    whmcs.control.seed({
      payments: [
        { invoice: 1, amount: '20.00', transid: 'PART' },
        { invoice: 2, amount: '50.00', transid: 'FULL', date: '2025-04-08' },
      ],
      invoices: [{ id: 3, client: 1, date: '2025-04-01', total: '50.00', status: 'Cancelled' }],
      remove: { invoices: [4] },
    })
    await bench.mirror(tenant, id)
    const { open, closed, payments } = await read()
    expect(byNumber(open)).toEqual([
      ['1', 'unpaid', 3000n],
      ['5', 'unpaid', 5000n],
    ])
    expect(closed.map((row) => [row.externalId, row.status, row.balanceMinor, row.closedOn])).toEqual([
      ['2', 'paid', 0n, '2025-04-10'],
      ['3', 'cancelled', 5000n, '2025-04-10'],
      ['4', 'cancelled', 0n, '2025-04-10'],
    ])
    expect(payments.map((row) => row.transid).sort()).toEqual(['FULL', 'PART'])
    expect((await since(before)).map((event) => event.join(' ')).sort()).toEqual([
      'invoice.paid 2',
      'invoice.updated 1',
      'invoice.updated 2',
      'invoice.updated 3',
      'invoice.updated 4',
    ])
  })

  it('shows what was written and paid between two readings', async () => {
    const before = await events()
    whmcs.control.seed({ invoices: [{ id: 9, client: 1, total: '7.00', status: 'Paid' }] })
    await bench.mirror(tenant, id)
    expect(await since(before)).toEqual([
      ['invoice.created', '9'],
      ['invoice.paid', '9'],
    ])
  })

  it('finds a payment that an old installation shows in no list, once a day', async () => {
    whmcs.control.seed({ invoices: [{ id: 6, client: 1, date: '2025-04-01', total: '50.00', updatedAt: null }] })
    await bench.mirror(tenant, id)
    whmcs.control.seed({ payments: [{ invoice: 6, amount: '10.00', transid: 'QUIET' }] })
    const balance = async () => (await read()).open.find((row) => row.externalId === '6')!.balanceMinor
    await app.store.read(tenant.id, (tx) =>
      tx.run("update invoices set read_at = now() - interval '25 hours' where tenant_id = $1 and external_id = '6'", [
        tx.tenantUuid,
      ]),
    )
    await bench.mirror(tenant, id)
    expect(await balance()).toBe(4000n)
  })

  it('knows a number that is given at the moment of payment', async () => {
    whmcs.control.setSwitches({ numbering: 'on_payment' })
    whmcs.control.seed({ payments: [{ invoice: 1, amount: '50.00', transid: 'FULL' }] })
    await bench.mirror(tenant, id)
    expect((await read()).closed[0]).toMatchObject({ externalId: '1', number: '2025-1', status: 'paid' })
  })
})

describe('a reading that a payment overtakes', () => {
  it('yields to what the payment stored', async () => {
    whmcs.control.seed({ invoices: [{ id: 1, client: 1, total: '50.00' }] })
    await bench.mirror(tenant, id)
    const system = await bench.connections.open(tenant.id, id)
    const startedAt = performance.now()
    const asItWas = (await system.getInvoice('1', 'EUR'))!
    whmcs.control.seed({ payments: [{ invoice: 1, amount: '50.00', transid: 'PYM-1' }] })
    const asItIs = (await system.getInvoice('1', 'EUR'))!
    const actor = systemActor('test')
    await app.store.change(tenant.id, actor, (tx) => keepInvoice(tx, { instanceId: id, invoice: asItIs }))
    const late = { externalId: '1', invoice: asItWas, listed: null, startedAt }
    expect(await app.store.change(tenant.id, actor, (tx) => saveInvoices(tx, id, [late], true))).toBe(0)
    expect((await read()).closed).toMatchObject([{ externalId: '1', status: 'paid', balanceMinor: 0n }])
  })
})

describe('a reading that fails', () => {
  it('for want of e-mail addresses does not fail', async () => {
    whmcs.control.seed({ invoices: [{ id: 1, client: 1, total: '50.00' }] })
    whmcs.control.setAccess({ roles: { full: ['GetInvoices', 'GetInvoice'] } })
    await bench.mirror(tenant, id)
    const { instance, open } = await read()
    expect([instance.status, open[0]!.client.email]).toEqual(['active', ''])
    expect(bench.reported).toMatchObject([{ code: 'permission_denied', subject: 'getclients' }])
  })

  it('shows at the instance and as an alert with what to do, until it works again', async () => {
    whmcs.control.setAccess({ allowedIps: [], seenIp: '203.0.113.9' })
    await bench.mirror(tenant, id)
    const shown = (await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body
    expect(shown).toMatchObject({ status: 'error', error: { code: 'ip_not_allowed' }, last_sync_at: null })
    expect(shown.error.message).toContain('203.0.113.9')
    await bench.mirror(tenant, id)
    expect(await alerts()).toEqual([['whmcs_ip_not_allowed', true]])
    whmcs.control.setAccess({ allowedIps: ['127.0.0.1'], seenIp: null, credentials: [] })
    await bench.mirror(tenant, id)
    expect(await alerts()).toEqual([
      ['whmcs_ip_not_allowed', false],
      ['whmcs_bad_credentials', true],
    ])
    await bench.call(tenant, 'DELETE', `/whmcs-instances/${id}`)
    expect((await alerts()).filter(([, open]) => open)).toEqual([])
    await bench.mirror(tenant, id)
    expect((await read()).instance.status).toBe('disconnected')
  })

  it('keeps what it had read before, and goes on there', async () => {
    whmcs.control.seed({
      invoices: Array.from({ length: 60 }, (_, n) => ({ id: n + 1, client: 1, date: '2025-04-01', total: '5.00' })),
    })
    whmcs.control.addFaults({ mode: '502_html', action: 'GetInvoice', after: 55 })
    await bench.mirror(tenant, id)
    const failed = await read()
    expect([failed.open.length, failed.instance.status, failed.instance.mirroredAt]).toEqual([55, 'error', null])
    expect(await alerts()).toEqual([['whmcs_unreachable', true]])
    whmcs.control.clearFaults()
    await bench.mirror(tenant, id)
    const mended = await read()
    expect([mended.open.length, mended.instance.status]).toEqual([60, 'active'])
    expect(await alerts()).toEqual([['whmcs_unreachable', false]])
  })
})

describe('two tenants of one installation', () => {
  it('have mirrors of their own', async () => {
    whmcs.control.seed({ invoices: [{ id: 1, client: 1, total: '5.00' }] })
    const other = await app.tenant()
    const theirs = await bench.connect(other, whmcs)
    await bench.mirror(tenant, id)
    await bench.mirror(other, theirs.id)
    const lists = await Promise.all([tenant, other].map((who) => bench.call(who, 'GET', '/invoices')))
    expect(lists.map((list) => list.body.pagination.total_items)).toEqual([1, 1])
    expect(lists[0]!.body.data[0].id).not.toBe(lists[1]!.body.data[0].id)
  })
})

describe('the sweep', () => {
  it('starts what is due once, and leaves alone what is not', async () => {
    await app.database.pool.query("delete from pgboss.job where name = 'mirror-invoices'")
    await bench.slice.sweeps![0]!.run()
    expect(await waiting('mirror-invoices')).toBe(0)
    await app.store.read(tenant.id, (tx) =>
      tx.run("update whmcs_instances set next_sync_at = now() - interval '1 second' where tenant_id = $1 and id = $2", [
        tx.tenantUuid,
        uuidOf(id),
      ]),
    )
    await Promise.all([bench.slice.sweeps![0]!.run(), bench.slice.sweeps![0]!.run()])
    expect(await waiting('mirror-invoices')).toBe(1)
    expect((await read()).instance.nextSyncAt!.getTime()).toBeGreaterThan(Date.now())
  })
})

describe('refreshInvoice', () => {
  it('reads one invoice anew and says what changed', async () => {
    whmcs.control.seed({ invoices: [{ id: 1, client: 1, total: '50.00' }] })
    await bench.mirror(tenant, id)
    const [invoice] = (await read()).open
    whmcs.control.seed({ payments: [{ invoice: 1, amount: '50.00', transid: 'BY-HAND', date: '2025-04-09' }] })
    const deps = { store: app.store, connections: bench.connections }
    const now = await refreshInvoice(deps, tenant.id, invoice!.id)
    expect(now).toMatchObject({ id: invoice!.id, status: 'paid', balanceMinor: 0n, closedOn: '2025-04-09' })
    expect(await app.store.read(tenant.id, (tx) => listPaymentsOn(tx, now.id))).toMatchObject([{ transid: 'BY-HAND' }])
    expect((await events()).at(-1)).toEqual(['invoice.paid', '1'])
    whmcs.control.addFaults({ mode: 'drop_before' })
    await expect(refreshInvoice(deps, tenant.id, invoice!.id)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(refreshInvoice(deps, tenant.id, 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab')).rejects.toMatchObject({
      code: 'resource_not_found',
    })
  })
})
