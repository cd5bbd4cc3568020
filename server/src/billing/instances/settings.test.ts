import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWhmcs, DEFAULT_CREDENTIAL, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { type BillingBench, createBillingBench } from '../../../test/setup/factories-billing.ts'
import { createModuleBench } from '../../../test/setup/factories-module.ts'

let app: TestApp
let whmcs: WhmcsSimulator
let bench: BillingBench
let tenant: TestTenant

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  whmcs = await createWhmcs({ basePath: '/billing' })
  bench = await createBillingBench(app, [whmcs])
  tenant = await app.tenant()
})
afterEach(() => bench.stop())

const credential = { api_identifier: DEFAULT_CREDENTIAL.identifier, api_secret: DEFAULT_CREDENTIAL.secret }
const post = (change: object) =>
  bench.call(tenant, 'POST', '/whmcs-instances', { system_url: whmcs.url, ...credential, ...change })
const patch = (id: string, body: object) => bench.call(tenant, 'PATCH', `/whmcs-instances/${id}`, body)
const asked = () => whmcs.control.calls('GetPaymentMethods').length
const DEFAULTS = { surplus: 'leave', confirmation_email: true, stripe_fees: false }

describe('settings of an installation', () => {
  it('201: have defaults, and what is given', async () => {
    const plain = await post({})
    expect([plain.status, plain.body.settings]).toEqual([201, DEFAULTS])
    const other = await app.tenant()
    const given = await bench.call(other, 'POST', '/whmcs-instances', {
      system_url: whmcs.url,
      ...credential,
      settings: { surplus: 'credit', confirmation_email: false },
    })
    expect(given.body.settings).toEqual({ surplus: 'credit', confirmation_email: false, stripe_fees: false })
    const listed = await bench.call(other, 'GET', '/whmcs-instances?surplus=credit')
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([given.body.id])
    expect((await bench.call(other, 'GET', '/whmcs-instances?surplus=leave')).body.data).toEqual([])
  })

  it('200: a change touches what it names, null restores a default, and the audit trail says what was', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    expect((await patch(id, { settings: { stripe_fees: true } })).body.settings).toEqual({
      ...DEFAULTS,
      stripe_fees: true,
    })
    expect((await patch(id, { settings: { surplus: 'credit' } })).body.settings).toEqual({
      surplus: 'credit',
      confirmation_email: true,
      stripe_fees: true,
    })
    expect((await patch(id, { settings: { stripe_fees: null } })).body.settings.stripe_fees).toBe(false)
    expect((await patch(id, { settings: {} })).body.settings).toEqual({ ...DEFAULTS, surplus: 'credit' })
    expect((await patch(id, {})).body.settings.surplus).toBe('credit')
    const { changes } = await app.store.read(tenant.id, (tx) =>
      tx.one<{ changes: { before: object; after: object } }>(
        `select entry -> 'changes' as changes from audit_events
          where tenant_id = $1 and action = 'whmcs_instance.change' order by sequence limit 1`,
        [tx.tenantUuid],
      ),
    )
    expect([changes.before, changes.after]).toMatchObject([
      { settings: { stripe_fees: false } },
      { settings: { stripe_fees: true } },
    ])
  })

  it('400: names that do not exist, and values that are none', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    for (const settings of [{ surplus: 'keep' }, { stripe_fees: 'yes' }, { noemail: true }, null, 'credit']) {
      expect((await patch(id, { settings })).status).toBe(400)
    }
  })
})

describe('the payment method', () => {
  it('422: one that WHMCS does not know is named with those it has, before anything is saved', async () => {
    const answer = await post({ payment_method: 'wire' })
    expect([answer.status, answer.body.error.details]).toEqual([
      422,
      [
        {
          field: 'payment_method',
          issue: expect.stringMatching(/no active payment method wire\. Activate it in WHMCS, or .*: banktransfer, /),
        },
      ],
    ])
    expect((await bench.call(tenant, 'GET', '/whmcs-instances')).body.data).toEqual([])
    const { id } = await bench.connect(tenant, whmcs)
    expect((await patch(id, { payment_method: 'wire' })).status).toBe(422)
    expect((await bench.call(tenant, 'GET', `/whmcs-instances/${id}`)).body.payment_method).toBe('banktransfer')
    expect((await patch(id, { payment_method: 'mailin' })).body.payment_method).toBe('mailin')
  })

  it('is asked after only when it changes', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    await patch(id, { payment_method: 'banktransfer', settings: { surplus: 'credit' } })
    await patch(id, { settings: { surplus: 'leave' } })
    expect(asked()).toBe(0)
    await patch(id, { payment_method: 'mailin' })
    expect(asked()).toBe(1)
  })

  it('is saved where WHMCS cannot be asked: the test says it later', async () => {
    const { id } = await bench.connect(tenant, whmcs)
    whmcs.control.setAccess({ roles: { full: ['GetInvoices'] } })
    expect((await patch(id, { payment_method: 'wire' })).status).toBe(200)
    whmcs.control.setAccess({ roles: { full: ['*'] } })
    const test = await bench.call(tenant, 'POST', `/whmcs-instances/${id}/test`)
    const step = test.body.steps.find((each: { step: string }) => each.step === 'payment_method')
    expect(step).toMatchObject({ ok: false, message: 'WHMCS has no active payment method wire' })
    const wrong = await app.tenant()
    const created = await bench.call(wrong, 'POST', '/whmcs-instances', {
      system_url: whmcs.url,
      ...credential,
      api_secret: 'not the secret',
      payment_method: 'wire',
    })
    expect(created.status).toBe(201)
  })

  it('is asked with the credential that comes in the same change', async () => {
    const { id } = await bench.connect(tenant, whmcs, { api_secret: 'not the secret' })
    expect((await patch(id, { payment_method: 'wire' })).status).toBe(200)
    expect((await patch(id, { payment_method: 'cash', api_secret: credential.api_secret })).status).toBe(422)
    expect((await patch(id, { payment_method: 'mailin', api_secret: credential.api_secret })).status).toBe(200)
  })

  it('of an installation with a module is compared with what the module told', async () => {
    const one = await createModuleBench(app)
    const change = (payment_method: string) =>
      one.tenant.call('PATCH', `/whmcs-instances/${one.instanceId}`, { payment_method })
    expect((await change('wire')).status).toBe(200)
    await one.module.state({ payment_methods: [{ name: 'banktransfer', title: 'Bank' }] })
    const answer = await change('cash')
    expect([answer.status, answer.body.error.details[0].issue]).toEqual([
      422,
      'WHMCS has no active payment method cash. Activate it in WHMCS, or set payment_method to one of: banktransfer.',
    ])
    expect((await change('banktransfer')).status).toBe(200)
  })
})
