import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AlertApp, createAlertApp } from '../../test/setup/factories-alerts.ts'
import type { TestTenant } from '../../test/setup/app.ts'
import { OPERATOR_TENANT } from '../http/route.ts'

let alerts: AlertApp
let tenant: TestTenant
beforeEach(async () => {
  alerts = await createAlertApp()
  tenant = await alerts.tenant()
})
afterEach(() => alerts.stop())

/** As if the last mail had gone out so many minutes earlier. */
const later = (minutes: number) =>
  alerts.app.store.read(tenant.id, (tx) =>
    tx.run("update alert_mails set last_at = last_at - $2 * interval '1 minute' where tenant_id = $1", [
      tx.tenantUuid,
      minutes,
    ]),
  )

const openMany = async (count: number, severity: 'warning' | 'critical' = 'warning') => {
  for (let n = 1; n <= count; n++) {
    await alerts.open(tenant, {
      severity,
      subject: { type: 'thing', id: `thing_${severity}_${n}` },
      message: `Thing ${n} broke. Mend it.`,
    })
  }
}

describe('owners', () => {
  it('each get one mail about an alert, once', async () => {
    alerts.owners.push({ email: 'bob@example.com', name: 'Bob' })
    await openMany(1)
    await alerts.sweep()
    await alerts.sweep()
    expect(alerts.mails.map((mail) => mail.to)).toEqual(['ann@example.com', 'bob@example.com'])
    expect(alerts.mails[0]).toMatchObject({ tenantId: tenant.id, subject: 'Test Hosting: Thing 1 broke' })
    expect(alerts.mails[0]!.text).toContain('Thing 1 broke. Mend it.')
    // What is about nothing with a page of its own is found in the list.
    expect(alerts.mails[0]!.text).toContain('Mend it.\nhttps://pay.example/alerts')
  })

  it('get the way to what is to be mended', async () => {
    await alerts.open(tenant, { code: 'payment_quarantined', subject: { type: 'payment', id: 'pay_1' } })
    await alerts.sweep()
    expect(alerts.mails[0]!.text).toContain('\nhttps://pay.example/review?view=quarantined&item=pay_1\n')
  })

  it('get a flood as one mail, the urgent first, and what follows ten minutes later as the next', async () => {
    await openMany(25)
    await openMany(1, 'critical')
    await alerts.sweep()
    expect(alerts.mails).toHaveLength(1)
    expect(alerts.mails[0]!.subject).toBe('Test Hosting: 26 things to look at')
    expect(alerts.mails[0]!.text.indexOf('Urgent: Thing 1 broke')).toBeLessThan(
      alerts.mails[0]!.text.indexOf('Thing 2 broke'),
    )
    expect(alerts.mails[0]!.text).toContain('And 6 more.')
    await alerts.open(tenant, { code: 'second' })
    await later(9)
    await alerts.sweep()
    expect(alerts.mails).toHaveLength(1)
    await alerts.open(tenant, { code: 'third' })
    await later(1)
    await alerts.sweep()
    expect(alerts.mails).toHaveLength(2)
    expect(alerts.mails[1]!.subject).toBe('Test Hosting: 2 things to look at')
  })

  it('get no mail twice when several processes look at once', async () => {
    await openMany(3)
    await Promise.all([alerts.sweep(), alerts.sweep(), alerts.sweep(), alerts.sweep()])
    expect(alerts.mails).toHaveLength(1)
  })

  it.each([
    ['is only for information', () => alerts.open(tenant, { severity: 'info' })],
    ['is about mail itself', () => alerts.open(tenant, { code: 'mail_failed' })],
    [
      'ended before anybody was told',
      async () => {
        await alerts.open(tenant)
        await alerts.close(tenant, 'test', 'thing_1')
      },
    ],
    [
      'belongs to a suspended tenant',
      async () => {
        await alerts.open(tenant)
        await alerts.app.store.read(tenant.id, (tx) =>
          tx.run("update tenants set status = 'suspended' where tenant_id = $1", [tx.tenantUuid]),
        )
      },
    ],
  ])('are left alone by what %s, and it does not delay what matters', async (_what, cause) => {
    await cause()
    await alerts.sweep()
    expect(alerts.mails).toEqual([])
    await alerts.app.store.read(tenant.id, (tx) =>
      tx.run("update tenants set status = 'active' where tenant_id = $1", [tx.tenantUuid]),
    )
    await alerts.open(tenant, { code: 'matters', message: 'This matters. Look.' })
    await alerts.sweep()
    expect(alerts.mails.map((mail) => mail.subject)).toEqual(['Test Hosting: This matters'])
  })

  it('of the installation get its alerts, and those of another tenant are its own affair', async () => {
    const other = await alerts.tenant()
    await openMany(1)
    await alerts.open(other)
    await alerts.open({ id: OPERATOR_TENANT }, { code: 'installation' })
    await alerts.sweep()
    expect(alerts.mails.map((mail) => mail.tenantId).sort()).toEqual([OPERATOR_TENANT, tenant.id, other.id].sort())
  })

  it('who do not exist yet do not hold up the others, nor does one with an address that is none', async () => {
    alerts.owners.splice(0)
    await openMany(1)
    await alerts.sweep()
    alerts.owners.push({ email: 'not an address', name: 'X' }, { email: 'ann@example.com', name: 'Ann' })
    await alerts.open(tenant, { code: 'next' })
    await alerts.sweep()
    expect(alerts.mails.map((mail) => mail.to)).toEqual(['ann@example.com'])
  })
})
