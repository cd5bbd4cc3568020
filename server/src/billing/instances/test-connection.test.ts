import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWhmcs, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'
import type { Id } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import { BillingError } from '../billing-system.ts'
import type { WhmcsClient } from '../whmcs/client.ts'
import { testConnection, type TestStep } from './test-connection.ts'

const TAKING_BACK = ['AddTransaction', 'UpdateInvoice', 'AddCredit', 'GetCredits', 'GetClientsDetails']
const READING_AND_BOOKING = ['GetInvoices', 'GetInvoice', 'GetTransactions', 'GetPaymentMethods', 'AddInvoicePayment']

let app: TestApp
let whmcs: WhmcsSimulator
let bench: BillingBench
let tenant: TestTenant
let id: Id<'whm'>

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  whmcs = await createWhmcs({ basePath: '/billing' })
  bench = await createBillingBench(app, [whmcs])
  tenant = await app.tenant()
  ;({ id } = await bench.connect(tenant, whmcs))
})
afterEach(() => bench.stop())

const test = async (): Promise<{ ok: boolean; steps: TestStep[] }> =>
  (await bench.call(tenant, 'POST', `/whmcs-instances/${id}/test`)).body
const missing = (steps: TestStep[]) => steps.filter(({ ok }) => !ok).map(({ step }) => step.replace('permission_', ''))

describe('the permissions of each action', () => {
  it.each(TAKING_BACK)('%s is missing: all else works, and the step says what it is for', async (action) => {
    const others = [...READING_AND_BOOKING, ...TAKING_BACK].filter((each) => each !== action)
    whmcs.control.setAccess({ roles: { full: others } })
    const { ok, steps } = await test()
    expect([ok, missing(steps)]).toEqual([true, [action]])
    expect(steps.find((step) => !step.ok)).toMatchObject({
      needed_for: 'taking_back',
      message: `The API role does not allow the action ${action.toLowerCase()}`,
      remedy: expect.stringContaining('Manage API Credentials > API Roles'),
    })
    // The installation is read at once, as after any test that ends well.
    expect((await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body.last_seen_at).not.toBeNull()
  })

  it.each(READING_AND_BOOKING.slice(1))('%s is missing: the test fails', async (action) => {
    const others = [...READING_AND_BOOKING, ...TAKING_BACK].filter((each) => each !== action)
    whmcs.control.setAccess({ roles: { full: others } })
    const { ok, steps } = await test()
    expect(ok).toBe(false)
    expect(missing(steps)).toContain(action)
  })
})

describe('nothing is written', () => {
  it.each(['8.13', '9.0', '7.10'] as const)('in WHMCS %s with invoices, money and credit', async (version) => {
    whmcs.control.setSwitches({ version })
    whmcs.control.seed({
      clients: [{ id: 1, credit: '20.00' }],
      invoices: [
        { client: 1, total: '5.00' },
        { client: 1, total: '6.00', status: 'Paid' },
      ],
      payments: [{ invoice: 2, amount: '6.00', transid: 'by hand', date: '2025-04-07' }],
    })
    const before = [whmcs.control.books(), whmcs.control.journal()]
    expect((await test()).ok).toBe(true)
    expect([whmcs.control.books(), whmcs.control.journal()]).toEqual(before)
  })

  /** What WHMCS is known to refuse a write for, each by itself (reference 2.7, 2.8, 2.11). An empty id or one that nobody has
   *  is none. */
  const REFUSALS: Record<string, Record<string, (form: Record<string, string>) => boolean>> = {
    AddInvoicePayment: {
      invoice: (form) => isNobody(form.invoiceid),
      transid: (form) => !form.transid,
      gateway: (form) => !form.gateway,
    },
    AddTransaction: {
      method: (form) => !form.paymentmethod,
      client: (form) => isNobody(form.userid),
      invoice: (form) => isNobody(form.invoiceid),
      currency: (form) => isNobody(form.currencyid),
      'nothing to book': (form) => !form.amountin && !form.amountout && !form.credit,
    },
    UpdateInvoice: {
      invoice: (form) => isNobody(form.invoiceid),
      'nothing to change': (form) => Object.keys(form).every((name) => name === 'invoiceid'),
    },
    AddCredit: {
      type: (form) => form.type !== 'add' && form.type !== 'remove',
      client: (form) => isNobody(form.clientid),
      amount: (form) => !form.amount,
    },
  }
  const isNobody = (text: string | undefined): boolean => !text || text === '2147483647'

  it.each(Object.keys(REFUSALS))('whatever %s looks at first: each reason to refuse is enough', async (action) => {
    const calls: { action: string; parameters: Record<string, string> }[] = []
    const client: WhmcsClient = {
      once: async (name, parameters) => {
        calls.push({ action: name, parameters })
        throw new BillingError('business', 'refused', { temporary: false })
      },
      read: () => Promise.reject(new Error('a test tries once')),
      write: () => Promise.reject(new Error('a test writes nothing')),
    }
    const deps = {
      store: app.store,
      scaled: (plannedMs: number) => plannedMs,
      connections: { client: async () => client },
    }
    await testConnection(deps, tenant.id, systemActor('test'), id)
    const sent = calls.filter((call) => call.action === action)
    expect(sent).toHaveLength(1)
    for (const [reason, holds] of Object.entries(REFUSALS[action]!)) {
      expect([reason, holds(sent[0]!.parameters)]).toEqual([reason, true])
    }
  })

  it('a WHMCS that says yes to an empty write is named', async () => {
    const client: WhmcsClient = {
      once: async (_, __, expects) => ({
        result: 'success',
        [expects]: [],
        paymentmethods: [{ module: 'banktransfer' }],
      }),
      read: () => Promise.reject(new Error('a test tries once')),
      write: () => Promise.reject(new Error('a test writes nothing')),
    }
    const deps = {
      store: app.store,
      scaled: (plannedMs: number) => plannedMs,
      connections: { client: async () => client },
    }
    const { ok, steps } = await testConnection(deps, tenant.id, systemActor('test'), id)
    expect([ok, missing(steps)]).toEqual([true, ['AddTransaction', 'UpdateInvoice', 'AddCredit']])
  })
})
