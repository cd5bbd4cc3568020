import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import { createWebhookApp } from '../../../test/setup/factories-webhooks.ts'
import { type Id, newId, type TenantId, uuidOf } from '../../base/ids.ts'
import { listPendingConsents } from '../../banking/consent-queries.ts'
import { listDueConnections, listEndingConnections } from '../../banking/queries.ts'
import { listDue } from '../../billing/instances/queries.ts'
import { applyPayment } from '../../billing/payments/apply-payment.ts'
import { createClaim } from '../../billing/payments/claim.ts'
import { systemActor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { forActiveTenants } from './active-jobs.ts'
import { changeTenant } from './change-tenant.ts'
import { deleteTenant } from './delete-tenant.ts'

const ACTOR = systemActor('test')
const atRest: Record<string, (store: Store, id: TenantId) => Promise<unknown>> = {
  suspended: (store, id) => changeTenant({ store }, id, ACTOR, { status: 'suspended' }),
  deleted: (store, id) => deleteTenant(store, id, ACTOR),
}
const states = Object.keys(atRest)
const resume = (store: Store, id: TenantId) => changeTenant({ store }, id, ACTOR, { status: 'active' })

describe('payments of a tenant at rest', () => {
  let bench: PaymentBench
  beforeAll(async () => {
    bench = await createPaymentBench()
  })
  afterAll(() => bench.stop())

  it.each(states)(
    '%s: none is sent; one in doubt is looked up, settled when it is there, else left alone',
    async (state) => {
      const tenant = await bench.otherTenant()
      const waiting = await tenant.makePayment()
      const [there, lost] = [await tenant.makePayment(), await tenant.makePayment()]
      bench.billing.onAdd = [
        async (wanted, book) => {
          if (wanted.transid === there.transid) book()
          return { outcome: 'unknown', sent: true, reason: 'timeout' }
        },
      ]
      await bench.run(
        `update payments set next_attempt_at = now() + interval '1 day' where transid = '${waiting.transid}'`,
      )
      await bench.visit()
      expect((await tenant.payment(lost.id)).state).toBe('unknown')
      bench.billing.onAdd = []
      await atRest[state]!(bench.store, tenant.tenantId)
      Object.assign(bench.billing.calls, { find: 0, add: 0 })
      for (let round = 0; round < 3; round++) {
        await bench.passTime()
        await bench.visit()
      }
      expect(bench.billing.calls.add).toBe(0)
      expect(bench.billing.calls.find).toBeGreaterThan(0)
      const after = async (id: Id<'pay'>) => {
        const { state: reached, reasonCode } = await tenant.payment(id)
        return [reached, reasonCode]
      }
      expect(await after(waiting.id)).toEqual(['pending', null])
      expect(await after(there.id)).toEqual(['applied', null])
      expect(await after(lost.id)).toEqual(['unknown', 'tenant_not_active'])
      if (state === 'deleted') return
      await resume(bench.store, tenant.tenantId)
      await bench.passTime()
      await bench.visit()
      expect((await tenant.payment(lost.id)).state).toBe('applied')
    },
  )

  it('one leased a moment before is not sent', async () => {
    const tenant = await bench.otherTenant()
    const payment = await tenant.makePayment()
    const [leased] = await createClaim(bench)(1)
    // Suspended between the look-up and the send.
    const find = bench.billing.findPayments
    bench.billing.findPayments = async (...about) => {
      await atRest.suspended!(bench.store, tenant.tenantId)
      return find(...about)
    }
    bench.billing.calls.add = 0
    await applyPayment(bench, leased!)
    expect(bench.billing.calls.add).toBe(0)
    expect((await tenant.payment(payment.id)).state).toBe('pending')
  })
})

describe('deliveries of a tenant at rest', () => {
  it.each(states)('%s: none is sent, and none is lost', async (state) => {
    const hooks = await createWebhookApp()
    const [tenant, other] = [await hooks.tenant(), await hooks.tenant()]
    await hooks.subscribe(tenant, { path: '/resting' })
    await hooks.subscribe(other, { path: '/working' })
    for (const each of [tenant, other]) await hooks.say(each)
    await atRest[state]!(hooks.store, tenant.id)
    expect(await hooks.deliver()).toBe(1)
    expect(hooks.receiver.requests.map(({ path }) => path)).toEqual(['/working'])
    if (state === 'suspended') {
      await resume(hooks.store, tenant.id)
      expect(await hooks.deliver()).toBe(1)
    }
    await hooks.stop()
  })
})

describe('work of a tenant at rest', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterAll(() => app.stop())

  it('jobs queued before do nothing', async () => {
    const [tenant, other] = [await app.tenant(), await app.tenant()]
    const done: string[] = []
    const [job] = forActiveTenants(app.store, [
      {
        queue: 'work',
        concurrency: 1,
        expireInSeconds: 1,
        retryLimit: 0,
        retryDelaySeconds: 1,
        handle: async ({ tenantId }) => void done.push(tenantId),
      },
    ])
    await atRest.suspended!(app.store, tenant.id)
    for (const { id } of [tenant, other]) await job!.handle({ tenantId: id })
    await resume(app.store, tenant.id)
    await job!.handle({ tenantId: tenant.id })
    expect(done).toEqual([other.id, tenant.id])
  })

  it.each(states)('%s: no bank and no installation is read for it', async (state) => {
    const tenant = await app.tenant()
    await seedDue(tenant.id)
    const due = () =>
      app.store.directory(async (tx) =>
        [
          await listDueConnections(tx, 10),
          await listEndingConnections(tx, 0, 10),
          await listPendingConsents(tx, 10),
          await listDue(tx, 10),
        ].map((rows) => rows.filter(({ tenantId }) => tenantId === tenant.id).length),
      )
    expect(await due()).toEqual([1, 1, 1, 1])
    await atRest[state]!(app.store, tenant.id)
    expect(await due()).toEqual([0, 0, 0, 0])
  })

  it('onResumed is told once, inside the change, and only of a tenant that comes back', async () => {
    const tenant = await app.tenant()
    let told = 0
    const change = (status: 'active' | 'suspended') =>
      changeTenant({ store: app.store, onResumed: () => (told += 1) }, tenant.id, ACTOR, { status })
    await change('active')
    await change('suspended')
    await change('suspended')
    expect(told).toBe(0)
    await change('active')
    await change('active')
    expect(told).toBe(1)
  })

  /** A connection to read, a consent to ask for, and an installation to mirror. */
  async function seedDue(tenantId: TenantId): Promise<void> {
    await app.store.read(tenantId, async (tx) => {
      const [bank, consent, whm] = [newId('bank'), newId('key'), newId('whm')].map(uuidOf)
      await tx.run(
        `insert into bank_connections (tenant_id, id, provider, name, institution_id, bank_name, status, next_sync_at, consent_expires_at)
         values ($1, $2, 'gocardless', 'Bank', 'X', 'Bank', 'active', now(), now())`,
        [tx.tenantUuid, bank],
      )
      await tx.run(
        `insert into bank_consents (tenant_id, id, connection_id, requisition_id, reference_digest, redirect_url, max_history_days, access_days, status, next_poll_at, expires_at)
         values ($1, $2, $3, 'r', $4, 'https://x.example', 90, 90, 'pending', now(), now())`,
        [tx.tenantUuid, consent, bank, Buffer.from(tenantId)],
      )
      await tx.run(
        `insert into whmcs_instances (tenant_id, id, system_url, installation, mode, status, sealed_webhook_secret, proof_token, next_sync_at)
         values ($1, $2, 'https://w.example', 'w.example', 'api', 'active', '', 'x', now())`,
        [tx.tenantUuid, whm],
      )
    })
  }
})
