import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { newId, uuidOf } from '../../base/ids.ts'
import { withTenant } from '../../database/transaction.ts'
import { openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { checkAlerts, checkDue, checkJobs } from './work.ts'

let app: TestApp
let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
  other = await app.tenant()
})
afterAll(() => app.stop())

const alert = (who: { id: TestTenant['id'] }, severity: 'info' | 'warning' | 'critical', code: string) =>
  app.store.change(who.id, systemActor('test'), (tx) =>
    openAlert(tx, { code, severity, subject: { type: 'tenant', id: who.id }, message: 'The canary of Ann Example' }),
  )

describe('work', () => {
  it('jobs: what waits, what is late, what was given up', async () => {
    const { pool } = app.database
    expect(await checkJobs(pool)).toMatchObject({ state: 'ok' })
    await app.store.change(tenant.id, systemActor('test'), async (tx) => tx.job('match-transactions', {}))
    const one = await checkJobs(pool)
    expect(one).toMatchObject({ state: 'ok', facts: { waiting: 1, queues: ['match-transactions 1 waiting 0 failed'] } })
    await pool.query("update pgboss.job set start_after = now() - interval '10 minutes'")
    expect(await checkJobs(pool)).toMatchObject({ state: 'warning', next: expect.stringContaining('PAYYMO_ROLE') })
    await pool.query("update pgboss.job set start_after = now() - interval '2 hours'")
    expect(await checkJobs(pool)).toMatchObject({ state: 'problem' })
    await pool.query("update pgboss.job set state = 'failed', completed_on = now()")
    expect(await checkJobs(pool)).toMatchObject({ state: 'warning', facts: { waiting: 0, failed: 1 } })
    await pool.query("update pgboss.job set completed_on = now() - interval '2 days'")
    expect(await checkJobs(pool)).toMatchObject({ state: 'ok', facts: { failed: 0 } })
  })

  it('mails that nobody takes; those of a suspended tenant wait rightly', async () => {
    const queued = (who: TestTenant, minutes: number) =>
      withTenant(app.database.pool, who.id, (tx) =>
        tx.run(
          "insert into mails (tenant_id, id, recipient, content, due_at) values ($1, $2, '', '', now() - $3 * interval '1 minute')",
          [tx.tenantUuid, uuidOf(newId('evt')), minutes],
        ),
      )
    const mails = async () => (await checkDue(app.database.pool)).find(({ check }) => check === 'work.mails')
    expect(await mails()).toMatchObject({ state: 'ok', facts: { due: 0 } })
    await queued(tenant, 10)
    expect(await mails()).toMatchObject({ state: 'warning', facts: { due: 1 } })
    await queued(other, 120)
    expect(await mails()).toMatchObject({ state: 'problem', facts: { due: 2 } })
    await withTenant(app.database.pool, other.id, (tx) =>
      tx.run("update tenants set status = 'suspended' where tenant_id = $1", [tx.tenantUuid]),
    )
    expect(await mails()).toMatchObject({ state: 'warning', facts: { due: 1 } })
  })
})

describe('alerts', () => {
  it('by tenant and severity, the gravest first, without what they say', async () => {
    const { pool } = app.database
    expect(await checkAlerts(pool)).toMatchObject({ state: 'ok', found: 'No alert is open.' })
    await alert(tenant, 'info', 'note')
    expect(await checkAlerts(pool)).toMatchObject({ state: 'ok', facts: { alerts: [`${tenant.id} 1 info`] } })
    await alert(other, 'warning', 'consent_ending')
    await alert({ id: OPERATOR_TENANT }, 'critical', 'mail_server_failing')
    const all = await checkAlerts(pool)
    expect(all).toMatchObject({
      state: 'problem',
      next: expect.stringContaining('--tenant operator'),
      facts: {
        alerts: ['operator 1 critical', `${other.id} 1 warning`, `${tenant.id} 1 info`],
        faults: ['mail_server_failing', 'consent_ending', 'note'],
      },
    })
    expect(JSON.stringify(all)).not.toContain('Ann')
    expect(await checkAlerts(pool, other.id)).toMatchObject({
      state: 'warning',
      facts: { alerts: [`${other.id} 1 warning`] },
    })
  })
})
