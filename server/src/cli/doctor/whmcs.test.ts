import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWhmcs, DEFAULT_CREDENTIAL, type WhmcsSimulator } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { createDoctorBench, type DoctorBench, keysText, of, one, urlOf } from '../../../test/setup/factories-doctor.ts'
import { readKeyRing } from '../../base/envelope.ts'
import { asReport } from './present.ts'

let whmcs: WhmcsSimulator
let app: TestApp
let bench: DoctorBench
let tenant: TestTenant
const keys = keysText('k1')
beforeAll(async () => {
  whmcs = await createWhmcs({ basePath: '/billing' })
  app = await createTestApp({
    config: { keyRing: readKeyRing(keys), allowedPrivateHosts: [new URL(whmcs.url).host] },
  })
  bench = createDoctorBench()
  tenant = await app.tenant()
})
afterAll(async () => {
  await app.stop()
  await whmcs.close()
  bench.close()
})

const visit = (options: { live?: boolean; tenant?: string }) =>
  bench.visit(
    {
      DATABASE_URL: urlOf(app.database),
      PAYYMO_ENCRYPTION_KEYS: keys,
      PAYYMO_ALLOWED_PRIVATE_HOSTS: new URL(whmcs.url).host,
      // Nobody listens here.
      GOCARDLESS_BANK_DATA_URL: 'http://127.0.0.1:9',
    },
    options,
  )

async function connect(secret: string): Promise<string> {
  const { status, body } = await tenant.call('POST', '/whmcs-instances', {
    system_url: whmcs.url,
    api_identifier: DEFAULT_CREDENTIAL.identifier,
    api_secret: secret,
  })
  expect(status).toBe(201)
  return body.id
}

describe('WHMCS', () => {
  it('is called with --live and --tenant only, by its own test', async () => {
    expect(one(await visit({ live: true, tenant: tenant.id }), 'whmcs').found).toContain('no connected')
    const id = await connect(DEFAULT_CREDENTIAL.secret)
    expect(one(await visit({ tenant: tenant.id }), 'whmcs').state).toBe('skipped')
    expect(one(await visit({ live: true }), 'whmcs').found).toContain('--tenant')
    const unknown = await visit({ live: true, tenant: 'nobody' })
    expect(one(unknown, 'tenant')).toMatchObject({ state: 'problem', found: expect.stringContaining('"nobody"') })
    const before = await tenant.call('GET', '/audit-events?action=whmcs_instance.test')
    expect(before.body.data).toEqual([])
    const findings = await visit({ live: true, tenant: tenant.id })
    expect(one(findings, `whmcs.${id}`)).toMatchObject({ state: 'ok' })
    expect(one(findings, `whmcs.${id}`).facts.steps).toContain('credentials ok')
    const after = await tenant.call('GET', '/audit-events?action=whmcs_instance.test')
    expect(after.body.data).toHaveLength(1)
    const { roles } = whmcs.control.settings().access
    whmcs.control.setAccess({
      roles: { full: ['GetInvoices', 'GetInvoice', 'GetTransactions', 'GetPaymentMethods', 'AddInvoicePayment'] },
    })
    expect(one(await visit({ live: true, tenant: tenant.id }), `whmcs.${id}`)).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('cannot be taken back'),
      next: expect.stringContaining('API Roles'),
    })
    whmcs.control.setAccess({ roles })
    await tenant.call('DELETE', `/whmcs-instances/${id}`)
  }, 60_000)

  it('that refuses the credential: which step, what to do, and nothing of it in the report', async () => {
    const id = await connect('canary-whmcs-secret')
    const findings = await visit({ live: true, tenant: tenant.id })
    const finding = one(findings, `whmcs.${id}`)
    expect(finding).toMatchObject({
      state: 'problem',
      facts: { steps: expect.arrayContaining(['credentials failed']) },
    })
    expect(finding.next).not.toBeNull()
    const report = asReport(findings, new Date())
    expect(report).toContain('credentials failed')
    expect(report).not.toContain('127.0.0.1')
    expect(JSON.stringify(findings) + report).not.toContain('canary')
    expect(of(findings, 'whmcs')).toEqual([])
  }, 60_000)
})
