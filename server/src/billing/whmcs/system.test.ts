import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createWhmcs,
  DEFAULT_CREDENTIAL,
  type Switches,
  type WhmcsSimulator,
} from '../../../../sandbox/src/whmcs/index.ts'
import { Secret } from '../../base/secret.ts'
import { createBreaker, createBulkhead, createOutbound, type Outbound } from '../../outbound/index.ts'
import type { BilledStatus, BillingError, BillingSystem } from '../billing-system.ts'
import { createWhmcsClient } from './client.ts'
import { createWhmcsSystem } from './system.ts'

let whmcs: WhmcsSimulator
const opened: Outbound[] = []
let reported: BillingError[]

const SEED = {
  currencies: [{ code: 'EUR' }, { code: 'JPY' }],
  clients: [
    { id: 1, name: "Sean O'Neil", companyname: 'Smith & "Sons" <Ltd>', currency: 'EUR' },
    { id: 2, name: 'Yuki Mori', companyname: 'AT&T', currency: 'JPY', storedRaw: true },
  ],
  invoices: [
    { id: 1050, client: 1, number: 'INV/2025-7', date: '2025-03-01', due: '2025-03-15', total: '120.00' },
    { id: 1051, client: 2, date: '2025-03-02', total: '1500.00' },
    { id: 1052, client: 1, date: '2025-02-01', total: '49.00', status: 'Paid' as const },
    { id: 1053, client: 1, date: '2025-02-02', total: '5.00', status: 'Cancelled' as const },
    {
      id: 1054,
      client: 1,
      date: '2025-03-03',
      items: [{ type: 'Invoice', relid: 1050, amount: '120.00', description: 'Invoice #1050' }],
    },
    { id: 1055, client: 1, date: '2025-03-04', total: '7.00', status: 'Payment Pending' as const },
  ],
  payments: [{ invoice: 1050, amount: '20.00', transid: 'CASH-1', date: '2025-03-05' }],
}

afterAll(async () => {
  for (const outbound of opened.splice(0)) await outbound.close()
})

async function start(switches: Partial<Switches> = {}): Promise<BillingSystem> {
  whmcs = await createWhmcs({ seed: SEED, switches, basePath: '/billing' })
  return reach(whmcs.url)
}

function reach(systemUrl: string): BillingSystem {
  reported = []
  const access = {
    systemUrl,
    identifier: DEFAULT_CREDENTIAL.identifier,
    secret: new Secret(DEFAULT_CREDENTIAL.secret),
    accessKey: null,
  }
  const outbound = createOutbound({ allowedPrivateHosts: [new URL(systemUrl).host] })
  opened.push(outbound)
  const client = createWhmcsClient(access, {
    outbound,
    bulkhead: createBulkhead({ limit: 2 }),
    breaker: createBreaker(),
    scaled: (ms) => ms,
    key: 'one',
    wait: async () => {},
  })
  return createWhmcsSystem(client, (error) => void reported.push(error))
}

async function list(system: BillingSystem, status: BilledStatus) {
  const rows = []
  for await (const page of system.listInvoices(status)) rows.push(...page)
  return rows
}

const SHAPES: Partial<Switches>[] = [
  {},
  ...(['array', 'object', 'missing', 'inner'] as const).map((emptyList) => ({ emptyList })),
  ...(['bare', 'numbered'] as const).map((rows) => ({ rows })),
  { numbers: 'strings' },
  { version: '9.0' },
  { version: '7.10' },
  { rows: 'numbered', numbers: 'strings', emptyList: 'missing', version: '9.0' },
]

describe.each(SHAPES)('an installation of the kind %j', (switches) => {
  let system: BillingSystem
  beforeAll(async () => {
    system = await start(switches)
  })
  afterAll(() => whmcs.close())

  it('lists invoices by status, texts decoded once, unset days as null', async () => {
    const open = await list(system, 'unpaid')
    expect(open.map((row) => row.externalId)).toEqual(['1050', '1051', '1054'])
    expect(open[0]).toMatchObject({
      client: { externalId: '1', name: "Sean O'Neil", company: 'Smith & "Sons" <Ltd>' },
      number: 'INV/2025-7',
      status: 'unpaid',
      totalMinor: 12000n,
      currency: 'EUR',
      issuedOn: '2025-03-01',
      dueOn: '2025-03-15',
      closedOn: null,
    })
    expect(open[1]).toMatchObject({ client: { company: 'AT&T' }, totalMinor: 1500n, currency: 'JPY' })
    expect((await list(system, 'payment_pending')).map((row) => row.externalId)).toEqual(['1055'])
    expect((await list(system, 'paid')).map((row) => row.externalId)).toEqual(['1052'])
    expect(await list(system, 'collections')).toEqual([])
    expect(reported).toEqual([])
  })

  it('reads an invoice with its balance, items, payments and what it collects', async () => {
    expect(await system.getInvoice('1050', 'EUR')).toMatchObject({
      externalId: '1050',
      status: 'unpaid',
      totalMinor: 12000n,
      balanceMinor: 10000n,
      items: [{ description: 'Services', amountMinor: 12000n }],
      collects: [],
      payments: [
        {
          invoiceExternalId: '1050',
          transid: 'CASH-1',
          amountMinor: 2000n,
          paidOn: '2025-03-05',
          gateway: 'banktransfer',
        },
      ],
    })
    expect(await system.getInvoice('1054', 'EUR')).toMatchObject({ collects: ['1050'], payments: [] })
    expect(await system.getInvoice('1052', 'EUR')).toMatchObject({ status: 'paid', balanceMinor: 0n })
    expect(await system.getInvoice('999', 'EUR')).toBeUndefined()
  })

  it('finds payments by their id and by nothing else', async () => {
    expect(await system.findPayments('CASH-1', 'EUR')).toMatchObject([
      { amountMinor: 2000n, invoiceExternalId: '1050' },
    ])
    expect(await system.findPayments('cash-1', 'EUR')).toEqual([])
    expect(await system.findPayments('PYM-NONE', 'EUR')).toEqual([])
  })

  it('books one payment with the amount and day given', async () => {
    const payment = { invoiceExternalId: '1050', transid: 'PYM-ONE', amountMinor: 3000n, currency: 'EUR' }
    const rest = { paidOn: '2025-03-09', paymentMethod: 'banktransfer' }
    expect(await system.addPayment({ ...payment, ...rest })).toEqual({ outcome: 'applied' })
    expect(await system.findPayments('PYM-ONE', 'EUR')).toMatchObject([{ amountMinor: 3000n, paidOn: '2025-03-09' }])
    expect(await system.getInvoice('1050', 'EUR')).toMatchObject({ balanceMinor: 7000n, status: 'unpaid' })
    expect(await system.addPayment({ ...payment, ...rest, invoiceExternalId: '1053' })).toMatchObject({
      outcome: 'refused',
      code: 'business',
      message: expect.stringContaining('Cancelled') as string,
    })
  })
})

describe('a payment for which WHMCS asks a day', () => {
  it('carries it', async () => {
    const system = await start({ paymentDate: 'required', unknownGateway: 'refused' })
    const payment = {
      invoiceExternalId: '1050',
      transid: 'PYM-D',
      amountMinor: 1n,
      currency: 'EUR',
      paidOn: '2025-03-09',
    }
    expect(await system.addPayment({ ...payment, paymentMethod: 'banktransfer' })).toEqual({ outcome: 'applied' })
    expect(await system.addPayment({ ...payment, paymentMethod: 'nothing' })).toMatchObject({ outcome: 'refused' })
    await whmcs.close()
  })
})

describe('paging', () => {
  it('shows each of over 300 invoices once, although some are paid meanwhile', async () => {
    const system = await start()
    whmcs.control.seed({
      invoices: Array.from({ length: 320 }, (_, n) => ({
        id: 2000 + n,
        client: 1,
        total: '10.00',
        date: '2025-03-10',
      })),
    })
    const seen: string[] = []
    for await (const page of system.listInvoices('unpaid')) {
      seen.push(...page.map((row) => row.externalId))
      whmcs.control.seed({
        invoices: [1050, 2000, 2001].map((id) => ({ id, client: 1, total: '10.00', status: 'Paid' as const })),
      })
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(['1050', '1051', '1054', ...Array.from({ length: 320 }, (_, n) => String(2000 + n))])
    expect(whmcs.control.calls('getinvoices').length).toBe(2)
    await whmcs.close()
  })
})

describe('what stands in the way', () => {
  let system: BillingSystem
  beforeEach(async () => {
    system = await start()
    return () => whmcs.close()
  })
  const fault = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: BillingError) => error,
    )

  it('an address that is not listed, and one that is banned', async () => {
    whmcs.control.setAccess({ allowedIps: [], seenIp: '203.0.113.9' })
    expect(await fault(system.getInvoice('1050', 'EUR'))).toMatchObject({
      code: 'ip_not_allowed',
      subject: '203.0.113.9',
    })
    whmcs.control.setAccess({ bannedIps: ['203.0.113.9'] })
    expect(await fault(system.getInvoice('1050', 'EUR'))).toMatchObject({ code: 'ip_banned', subject: '203.0.113.9' })
  })

  it.each(['Invalid or missing credentials', 'Authentication Failed'] as const)(
    'a wrong secret, told as %s',
    async (text) => {
      whmcs.control.setSwitches({ credentialError: text })
      whmcs.control.setAccess({ credentials: [] })
      expect(await fault(list(system, 'unpaid'))).toMatchObject({ code: 'bad_credentials' })
    },
  )

  it('an action that no role allows', async () => {
    whmcs.control.setAccess({ roles: { full: ['GetInvoices'] } })
    expect(await list(system, 'unpaid')).toHaveLength(3)
    expect(await fault(system.getInvoice('1050', 'EUR'))).toMatchObject({
      code: 'permission_denied',
      subject: 'getinvoice',
    })
  })

  it('a role without API access', async () => {
    whmcs.control.setAccess({ credentials: [{ ...DEFAULT_CREDENTIAL, roles: ['full'], apiAccess: false }] })
    expect(await fault(system.getInvoice('1050', 'EUR'))).toMatchObject({ code: 'permission_denied' })
  })

  it.each([
    ['html_403', 'blocked_by_firewall', 1],
    ['redirect', 'redirected', 1],
    ['html_error_page', 'not_whmcs', 1],
    ['empty_body', 'not_whmcs', 1],
    ['502_html', 'unreachable', 3],
    ['429_html', 'blocked_by_firewall', 3],
    ['maintenance', 'blocked_by_firewall', 3],
    ['drop_before', 'unreachable', 3],
    ['truncated_body', 'unreachable', 3],
  ] as const)('%s: %s after %i calls', async (mode, code, calls) => {
    whmcs.control.addFaults({ mode })
    expect(await fault(system.getInvoice('1050', 'EUR'))).toMatchObject({ code })
    expect(whmcs.control.calls('getinvoice')).toHaveLength(calls)
  })

  it.each(['php_warning_before_json', 'bom'] as const)('%s does not', async (mode) => {
    whmcs.control.addFaults({ mode })
    expect(await list(system, 'unpaid')).toHaveLength(3)
    expect(await system.findPayments('CASH-1', 'EUR')).toHaveLength(1)
  })

  it('one failure among good answers does not either', async () => {
    whmcs.control.addFaults({ mode: '502_html', count: 2 })
    expect(await list(system, 'unpaid')).toHaveLength(3)
  })

  it.each([
    'drop_before',
    'drop_after_commit',
    '500_after_commit',
    '502_html',
    'html_403',
    'empty_body',
    'truncated_body',
    'redirect',
  ] as const)('%s leaves a payment unknown, sent once', async (mode) => {
    whmcs.control.addFaults({ mode, action: 'AddInvoicePayment' })
    const outcome = await system.addPayment({
      invoiceExternalId: '1050',
      transid: 'PYM-F',
      amountMinor: 100n,
      currency: 'EUR',
      paidOn: '2025-03-09',
      paymentMethod: 'banktransfer',
    })
    expect(outcome).toMatchObject({ outcome: 'unknown', sent: true })
    expect(whmcs.control.calls('addinvoicepayment')).toHaveLength(1)
  })
})

describe('a closed port', () => {
  it('is unreachable, and a payment knows that nothing was sent', async () => {
    await start()
    const { url } = whmcs
    await whmcs.close()
    const gone = reach(url)
    await expect(gone.getInvoice('1', 'EUR')).rejects.toMatchObject({ code: 'unreachable', temporary: true })
    const payment = { invoiceExternalId: '1', transid: 'PYM-X', amountMinor: 1n, currency: 'EUR', paidOn: '2025-03-09' }
    expect(await gone.addPayment({ ...payment, paymentMethod: 'banktransfer' })).toMatchObject({
      outcome: 'unknown',
      sent: false,
    })
  })
})
