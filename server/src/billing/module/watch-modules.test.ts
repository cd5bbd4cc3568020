import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { silentLog } from '../../base/log.ts'
import { settleMatch } from '../../reconciliation/index.ts'
import { applyPayment } from '../payments/apply-payment.ts'
import { createClaim } from '../payments/claim.ts'
import { paymentDeps } from './payment-deps.ts'

let app: TestApp
let bench: ModuleBench

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  bench = await createModuleBench(app)
})

const silent = () =>
  bench.sql(
    "update whmcs_modules set called_at = now() - interval '25 hours', paired_at = now() - interval '9 days' where tenant_id = :tenant",
  )

it('a module that has not called for a day has an alert, once, and its next call closes it', async () => {
  await bench.module.state()
  await bench.watch()
  expect(await bench.alerts()).toEqual([])
  await silent()
  await bench.watch()
  await bench.watch()
  expect(await bench.alerts()).toEqual(['whmcs_module_silent'])
  expect(await bench.instance()).toMatchObject({ status: 'error', error: { code: 'module_silent' } })
  await bench.module.state()
  expect(await bench.alerts()).toEqual([])
  expect(await bench.instance()).toMatchObject({ status: 'active', error: null })
})

it('nobody waits for a module that was never paired, was disconnected, or whose tenant rests', async () => {
  const unpaired = await createModuleBench(app, { paired: false })
  await bench.module.state()
  await silent()
  await bench.sql("update tenants set status = 'suspended' where tenant_id = :tenant")
  await bench.watch()
  await bench.sql("update tenants set status = 'active' where tenant_id = :tenant")
  expect([await bench.alerts(), await unpaired.alerts()]).toEqual([[], []])
  await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)
  await bench.watch()
  expect(await bench.alerts()).toEqual([])
})

it('what was offered too often, and what a deleted tenant left in doubt, goes before a person without any call', async () => {
  for (const id of ['7', '8']) bench.whmcs.addInvoice({ id, total: '49.00' })
  await bench.module.pushAll()
  const [worn] = await bench.approve('49.00', { '7': '49.00' })
  const [lost] = await bench.approve('49.00', { '8': '49.00' })
  await bench.module.work()
  await bench.passTime()
  await bench.sql(`update payments set attempts = 5 where tenant_id = :tenant and transid = '${worn!.transid}'`)
  await bench.watch()
  const states = async () => [(await bench.payment(worn!.id)).state, (await bench.payment(lost!.id)).state]
  expect(await states()).toEqual(['quarantined', 'sending'])
  expect((await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)).status).toBe(409)
  await bench.sql("update tenants set status = 'deleted' where tenant_id = :tenant")
  await bench.watch()
  await bench.sql("update tenants set status = 'active' where tenant_id = :tenant")
  expect(await states()).toEqual(['quarantined', 'quarantined'])
  expect((await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)).status).toBe(204)
})

it('request ids and old hints are forgotten, present ones are not', async () => {
  await bench.module.work()
  await bench.module.hint({ event_id: 'e', event: 'module.ping', sent_at: '', data: {} })
  const kept = () =>
    app.store.read(bench.tenant.id, (tx) =>
      tx.one(
        `select (select count(*)::int from module_requests where tenant_id = $1) as requests,
                (select count(*)::int from module_events where tenant_id = $1) as events`,
        [tx.tenantUuid],
      ),
    )
  await bench.watch()
  expect(await kept()).toEqual({ requests: 1, events: 1 })
  await bench.sql('delete from module_requests where tenant_id = :tenant')
  await bench.sql(`insert into module_requests (tenant_id, instance_id, request_id, expires_at)
    select tenant_id, id, 'old', now() - interval '1 second' from whmcs_instances where tenant_id = :tenant`)
  await bench.sql(`insert into module_events (tenant_id, instance_id, event_id, event, received_at)
    select tenant_id, id, 'old', 'x', now() - interval '451 days' from whmcs_instances where tenant_id = :tenant`)
  await bench.watch()
  expect(await kept()).toEqual({ requests: 0, events: 1 })
})

it('a payment whose installation is gone is refused by a worker of ours; one that is no longer proven is waited for', async () => {
  for (const id of ['7', '8']) bench.whmcs.addInvoice({ id, total: '49.00' })
  await bench.module.pushAll()
  const [first] = await bench.approve('49.00', { '7': '49.00' })
  const deps = paymentDeps({
    store: app.store,
    connections: bench.billing.connections,
    scaled: (plannedMs) => plannedMs,
    log: silentLog,
    onSettled: settleMatch,
  })
  const workOff = async () => {
    const leased = await createClaim(deps)(100)
    await Promise.all(leased.map((payment) => applyPayment(deps, payment)))
  }
  await workOff()
  expect((await bench.payment(first!.id)).state).toBe('pending')
  await bench.sql('update whmcs_instances set verified_at = null where tenant_id = :tenant')
  await workOff()
  expect(await bench.payment(first!.id)).toMatchObject({
    state: 'pending',
    reason: expect.stringContaining('not proven'),
  })
  await bench.prove()
  const [second] = await bench.approve('49.00', { '8': '49.00' })
  await bench.billing.call(bench.tenant, 'DELETE', `/whmcs-instances/${bench.instanceId}`)
  await bench.passTime()
  await workOff()
  expect([(await bench.payment(first!.id)).state, (await bench.payment(second!.id)).state]).toEqual([
    'refused',
    'refused',
  ])
})
