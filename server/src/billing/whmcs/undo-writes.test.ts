import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  createWhmcs,
  DEFAULT_CREDENTIAL,
  type Switches,
  type WhmcsSimulator,
} from '../../../../sandbox/src/whmcs/index.ts'
import { Secret } from '../../base/secret.ts'
import { createBreaker, createBulkhead, createOutbound, type Outbound } from '../../outbound/index.ts'
import type { BillingSystem } from '../billing-system.ts'
import { createWhmcsClient } from './client.ts'
import { createWhmcsSystem } from './system.ts'

const opened: Outbound[] = []
let whmcs: WhmcsSimulator
afterEach(() => whmcs.close())
afterAll(async () => {
  for (const outbound of opened) await outbound.close()
})

async function start(switches: Partial<Switches> = {}): Promise<BillingSystem> {
  whmcs = await createWhmcs({
    switches,
    seed: {
      currencies: [{ code: 'EUR' }, { code: 'KWD' }],
      clients: [
        { id: 1, name: 'Ada Marlow', currency: 'EUR' },
        { id: 2, name: 'Kamal', currency: 'KWD' },
      ],
      invoices: [
        { id: 1050, client: 1, total: '120.00' },
        { id: 1051, client: 1, items: [{ type: 'AddFunds', amount: '10.00' }] },
        { id: 1052, client: 2, total: '5.00' },
      ],
      payments: [{ invoice: 1050, amount: '150.00', transid: 'PYM-IN', date: '2025-03-05' }],
    },
  })
  const outbound = createOutbound({ allowedPrivateHosts: [new URL(whmcs.url).host] })
  opened.push(outbound)
  const client = createWhmcsClient(
    {
      systemUrl: whmcs.url,
      identifier: DEFAULT_CREDENTIAL.identifier,
      secret: new Secret(DEFAULT_CREDENTIAL.secret),
      accessKey: null,
    },
    {
      outbound,
      bulkhead: createBulkhead({ limit: 2 }),
      breaker: createBreaker(),
      scaled: (ms) => ms,
      key: 'one',
      wait: async () => {},
    },
  )
  return createWhmcsSystem(client, () => {})
}

const OUT = {
  invoiceExternalId: '1050',
  transid: 'PYM-OUT',
  amountMinor: 15_000n,
  currency: 'EUR',
  paymentMethod: 'banktransfer',
  description: 'Payymo takes back PYM-IN',
}

const SHAPES: Partial<Switches>[] = [
  {},
  ...(['array', 'object', 'missing', 'inner'] as const).map((emptyList) => ({ emptyList })),
  ...(['bare', 'numbered'] as const).map((rows) => ({ rows })),
  { numbers: 'strings' },
  { version: '9.0' },
  { version: '7.10' },
]

describe.each(SHAPES)('an installation of the kind %j', (switches) => {
  it('gives money back, opens the invoice, and takes credit, each found again', async () => {
    const system = await start(switches)
    expect(await system.getLedger('1050', 'EUR')).toMatchObject({
      clientExternalId: '1',
      addsFunds: false,
      invoice: { status: 'paid', balanceMinor: -3_000n },
      rows: [{ transid: 'PYM-IN', amountMinor: 15_000n, refunds: null }],
    })
    expect(await system.getCredit('1', 'EUR')).toEqual({
      balanceMinor: 3_000n,
      movements: [{ description: 'Invoice #1050 Overpayment', amountMinor: 3_000n, invoiceExternalId: '1050' }],
    })
    expect(await system.getCredit('2', 'KWD')).toEqual({ balanceMinor: 0n, movements: [] })

    expect(await system.takeMoneyOut(OUT)).toEqual({ outcome: 'applied' })
    // This action insists on an id of its own.
    expect(await system.takeMoneyOut(OUT)).toMatchObject({
      outcome: 'refused',
      message: 'Transaction ID must be Unique',
    })
    expect(await system.findPayments('PYM-OUT', 'EUR')).toMatchObject([
      { amountMinor: -15_000n, invoiceExternalId: '1050' },
    ])
    expect(await system.getLedger('1050', 'EUR')).toMatchObject({
      invoice: { status: 'paid', balanceMinor: 12_000n },
      rows: [{ transid: 'PYM-IN' }, { transid: 'PYM-OUT', amountMinor: -15_000n }],
    })
    expect(await system.reopenInvoice('1050')).toEqual({ outcome: 'applied' })
    expect(await system.getInvoice('1050', 'EUR')).toMatchObject({ status: 'unpaid', balanceMinor: 12_000n })

    const credit = { clientExternalId: '1', currency: 'EUR', description: 'Payymo undo PYM-OUT' }
    expect(await system.removeCredit({ ...credit, amountMinor: 3_000n })).toEqual({ outcome: 'applied' })
    expect(await system.getCredit('1', 'EUR')).toMatchObject({
      balanceMinor: 0n,
      movements: [{}, { description: 'Payymo undo PYM-OUT', amountMinor: -3_000n }],
    })
    expect(await system.removeCredit({ ...credit, amountMinor: 1n })).toMatchObject({ outcome: 'refused' })
    expect(whmcs.control.warnings()).toEqual([])
    // No day: the format of the installation is not known (reference 1.8).
    expect(whmcs.control.calls('AddTransaction')[0]!.parameters.date).toBeUndefined()
  })
})

it('an invoice that buys credit is told apart; one that is not there is undefined', async () => {
  const system = await start()
  expect(await system.getLedger('1051', 'EUR')).toMatchObject({ addsFunds: true, rows: [] })
  expect(await system.getLedger('9', 'EUR')).toBeUndefined()
})

it('the words of WHMCS where it refuses, by switch and by role', async () => {
  const system = await start({ version: '9.0', reopen: 'refused', moneyOut: 'refused' })
  expect(await system.takeMoneyOut(OUT)).toEqual({
    outcome: 'refused',
    code: 'business',
    message: 'This is a Paid Invoice. You cannot modify an Invoice that is Paid.',
  })
  expect(await system.reopenInvoice('1050')).toMatchObject({ outcome: 'refused', message: 'Invalid status Unpaid' })
  whmcs.control.setAccess({ roles: { full: ['GetInvoice'] } })
  expect(await system.takeMoneyOut(OUT)).toMatchObject({ outcome: 'refused', code: 'permission_denied' })
  await expect(system.getCredit('1', 'EUR')).rejects.toMatchObject({ code: 'permission_denied' })
})

it('amounts that WHMCS cannot hold never leave', async () => {
  const system = await start()
  const kwd = { ...OUT, invoiceExternalId: '1052', currency: 'KWD' }
  expect(await system.takeMoneyOut({ ...kwd, amountMinor: 5_001n })).toMatchObject({ code: 'amount_not_representable' })
  const credit = { clientExternalId: '2', currency: 'KWD', description: 'x', amountMinor: 1n }
  expect(await system.removeCredit(credit)).toMatchObject({ code: 'amount_not_representable' })
  expect(whmcs.control.calls('AddTransaction')).toEqual([])
})

it.each(['drop_before', 'drop_after_commit', '500_after_commit', 'html_403', 'empty_body', 'truncated_body'] as const)(
  '%s leaves each write unknown, sent once',
  async (mode) => {
    const system = await start()
    for (const action of ['AddTransaction', 'UpdateInvoice', 'AddCredit']) whmcs.control.addFaults({ mode, action })
    const credit = { clientExternalId: '1', currency: 'EUR', description: 'x', amountMinor: 1n }
    expect([
      await system.takeMoneyOut(OUT),
      await system.reopenInvoice('1050'),
      await system.removeCredit(credit),
    ]).toMatchObject(Array.from({ length: 3 }, () => ({ outcome: 'unknown', sent: true })))
    for (const action of ['AddTransaction', 'UpdateInvoice', 'AddCredit'])
      expect(whmcs.control.calls(action)).toHaveLength(1)
  },
)
