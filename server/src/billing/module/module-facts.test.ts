import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench } from '../../../test/setup/factories-module.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())

it('before the pairing nothing is known', async () => {
  const bench = await createModuleBench(app, { paired: false })
  expect((await bench.instance()).module).toEqual({
    paired_at: null,
    last_called_at: null,
    cron_last_at: null,
    last_push_at: null,
    module_version: null,
    php_version: null,
    whmcs_version: null,
    waiting: { payments: 0, undos: 0, invoices: 0 },
  })
})

it('what the module told, and what waits for its next call', async () => {
  const bench = await createModuleBench(app)
  await bench.module.state({ php_version: '8.2.7', cron_last_at: '2025-04-10T14:35:00+02:00' })
  for (const id of ['7', '8']) bench.whmcs.addInvoice({ id, total: '49.00' })
  await bench.module.pushAll()
  const [paid] = await bench.approve('49.00', { '7': '49.00' })
  await bench.approve('49.00', { '8': '49.00' })
  const instance = await bench.instance()
  expect(instance.module).toMatchObject({
    module_version: expect.stringMatching(/^\d+\.\d+/),
    php_version: '8.2.7',
    whmcs_version: instance.version,
    cron_last_at: '2025-04-10T12:35:00Z',
    waiting: { payments: 2, undos: 0, invoices: 0 },
  })
  for (const at of ['paired_at', 'last_called_at', 'last_push_at']) expect(instance.module[at]).not.toBeNull()
  await bench.sql(
    `update payments set state = 'applied', applied_at = now() where tenant_id = :tenant and transid = '${paid!.transid}'`,
  )
  await bench.sql(`update matches set status = 'applied' where tenant_id = :tenant`)
  await bench.tenant.call('PATCH', `/invoice-matches/${paid!.matchId}`, { status: 'reversed' })
  expect((await bench.instance()).module.waiting).toEqual({ payments: 1, undos: 1, invoices: 0 })
})

it('an installation that Payymo reaches itself has none', async () => {
  const bench = await createModuleBench(app)
  const patched = await bench.billing.call(bench.tenant, 'PATCH', `/whmcs-instances/${bench.instanceId}`, {
    mode: 'api',
    api_identifier: 'identifier',
    api_secret: 'secret',
  })
  expect(patched.status).toBe(200)
  expect((await bench.instance()).module).toBeNull()
})
