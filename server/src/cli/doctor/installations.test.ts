import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { insertInvoice, insertLine, seedInstance } from '../../../test/setup/factories-payments.ts'
import { type Id, newId } from '../../base/ids.ts'
import { requestPayment, requestUndo } from '../../billing/index.ts'
import { systemActor } from '../../events/audit.ts'
import type { Finding } from './finding.ts'
import { checkInstallations } from './installations.ts'
import { checkDue } from './work.ts'

let app: TestApp
let tenant: TestTenant
let instanceId: Id<'whm'>

/** A tenant whose WHMCS is to be paid into once. */
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  const seeded = await seedInstance(app.store, tenant.id, 'doctor.example.net')
  ;({ instanceId } = seeded)
  const invoiceId = newId('inv')
  const line = await app.store.read(tenant.id, async (tx) => {
    await insertInvoice(tx, { ...seeded, id: invoiceId, externalId: '7', balanceMinor: 500n })
    return insertLine(tx, { ...seeded, amountMinor: 500n, identityKey: 'doctor' })
  })
  await app.store.change(tenant.id, systemActor('test'), (tx) =>
    requestPayment(tx, { ...line, parts: [{ invoiceId, amountMinor: 500n }] }),
  )
})
afterAll(() => app.stop())

const set = (table: 'whmcs_instances' | 'payments' | 'undos' | 'tenants', change: string) =>
  app.store.read(tenant.id, async (tx) => {
    await tx.run(`update ${table} set ${change} where tenant_id = $1`, [tx.tenantUuid])
  })
const named = (findings: Finding[], check: string) => findings.find((finding) => finding.check === check)
const installations = () => checkInstallations(app.database.pool)
const due = async (check: string) => named(await checkDue(app.database.pool), check)

describe('installations', () => {
  it('all well', async () => {
    expect((await installations()).map(({ state }) => state)).toEqual(['ok', 'ok'])
  })

  it('one that cannot be read: which, why, and what to do; not of a tenant at rest', async () => {
    await set('whmcs_instances', `status = 'error', error_code = 'ip_not_allowed', error_message = 'canary'`)
    const finding = named(await installations(), 'work.installations_failing')
    expect(finding).toMatchObject({
      state: 'problem',
      found: expect.stringContaining(`${instanceId} of ${tenant.id} (ip_not_allowed)`),
      next: expect.stringContaining('--live --tenant'),
      facts: { failed: 1, faults: ['ip_not_allowed'] },
    })
    expect(JSON.stringify(finding)).not.toContain('canary')
    await set('tenants', `status = 'suspended'`)
    expect(named(await installations(), 'work.installations_failing')).toMatchObject({ state: 'ok' })
    await set('tenants', `status = 'active'`)
    await set('whmcs_instances', `status = 'active', error_code = null`)
  })

  it('one that is not proven, and how many payments wait for that', async () => {
    await set('whmcs_instances', 'verified_at = null')
    expect(named(await installations(), 'work.installations_unproven')).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('1 payments wait'),
      next: expect.stringContaining('/verify'),
      facts: { missing: 1, waiting: 1 },
    })
    await set('whmcs_instances', `status = 'disconnected'`)
    expect((await installations()).map(({ state }) => state)).toEqual(['ok', 'ok'])
    await set('whmcs_instances', `status = 'active', verified_at = now()`)
  })
})

describe('payments and what takes them back', () => {
  it('that nobody takes, and of which nothing is known', async () => {
    expect(await due('work.payments')).toMatchObject({ state: 'ok', facts: { due: 1 } })
    await set('payments', `next_attempt_at = now() - interval '10 minutes'`)
    expect(await due('work.payments')).toMatchObject({ state: 'warning', facts: { due: 1 } })
    await set('payments', `state = 'unknown', unknown_since = now() - interval '10 minutes', next_attempt_at = now()`)
    expect(await due('work.in_doubt')).toBeUndefined()
    await set('payments', `unknown_since = now() - interval '20 minutes'`)
    expect(await due('work.in_doubt')).toMatchObject({ state: 'problem', facts: { waiting: 1 } })
    await set('payments', `state = 'applied', applied_at = now(), unknown_since = null`)
    expect(await due('work.in_doubt')).toBeUndefined()
  })

  it('undos: due, in doubt, stopped', async () => {
    expect(await due('work.undos')).toMatchObject({ state: 'ok', facts: { due: 0 } })
    const { body } = await tenant.call('GET', '/payments')
    const { match_id: matchId } = body.data[0]
    const match = await tenant.call('GET', `/invoice-matches/${matchId}`)
    await app.store.change(tenant.id, systemActor('test'), (tx) =>
      requestUndo(tx, { matchId, transactionId: match.body.transaction_id }),
    )
    expect(await due('work.undos')).toMatchObject({ state: 'ok', facts: { due: 1 } })
    await set('undos', `next_attempt_at = now() - interval '2 hours'`)
    expect(await due('work.undos')).toMatchObject({ state: 'problem', found: expect.stringContaining('take back') })
    // The module's next call takes what is the module's.
    await set('whmcs_instances', `mode = 'module'`)
    expect(await due('work.undos')).toMatchObject({ state: 'ok', facts: { due: 0 } })
    await set('whmcs_instances', `mode = 'api'`)
    await set('undos', `state = 'unknown', unknown_since = now() - interval '20 minutes'`)
    expect(await due('work.in_doubt')).toMatchObject({ state: 'problem', facts: { waiting: 1 } })
    await set('undos', `state = 'needs_person', unknown_since = null`)
    expect(await due('work.undos_stopped')).toMatchObject({
      state: 'warning',
      next: expect.stringContaining('/resolve'),
      facts: { waiting: 1 },
    })
  })
})
