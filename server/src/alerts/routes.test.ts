import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AlertApp, createAlertApp } from '../../test/setup/factories-alerts.ts'
import type { TestTenant } from '../../test/setup/app.ts'
import { countOpenAlerts } from './index.ts'

let alerts: AlertApp
let tenant: TestTenant
beforeAll(async () => {
  alerts = await createAlertApp()
  tenant = await alerts.tenant()
  await alerts.open(tenant, { code: 'consent_ending', message: 'Hausbank Zürich: the consent ends.' })
  await alerts.open(tenant, {
    code: 'payment_quarantined',
    severity: 'critical',
    subject: { type: 'payment', id: 'pay_1' },
  })
  await alerts.open(tenant, { code: 'webhook_failing', severity: 'info', subject: { type: 'webhook', id: 'hook_1' } })
  await alerts.close(tenant, 'webhook_failing', 'hook_1')
})
afterAll(() => alerts.stop())

const list = async (query: string) => (await tenant.call('GET', `/alerts?sort=created_at&${query}`)).body.data
const codes = async (query: string) => (await list(query)).map((alert: { code: string }) => alert.code)

describe('GET /alerts', () => {
  it('200 with every alert as the contract names it, newest first', async () => {
    const { body } = await tenant.call('GET', '/alerts')
    expect(body.pagination.total_items).toBe(3)
    expect(body.data.map((alert: { code: string }) => alert.code)).toEqual([
      'webhook_failing',
      'payment_quarantined',
      'consent_ending',
    ])
    expect(Object.keys(body.data[1])).toEqual([
      'id',
      'code',
      'severity',
      'subject',
      'message',
      'opened_at',
      'closed_at',
      'created_at',
      'updated_at',
    ])
    expect(body.data[1]).toMatchObject({
      id: expect.stringMatching(/^alr_/),
      severity: 'critical',
      subject: { type: 'payment', id: 'pay_1' },
      closed_at: null,
    })
    expect(body.data[0].closed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('200 filtered by what a person asks for', async () => {
    expect(await codes('open=true')).toEqual(['consent_ending', 'payment_quarantined'])
    expect(await codes('open=false')).toEqual(['webhook_failing'])
    expect(await codes('code=consent_ending')).toEqual(['consent_ending'])
    expect(await codes('severity=critical')).toEqual(['payment_quarantined'])
    expect(await codes('subject_id=pay_1')).toEqual(['payment_quarantined'])
    expect(await codes('subject_type=webhook')).toEqual(['webhook_failing'])
    expect(await codes('q=zurich+haus')).toEqual(['consent_ending'])
    expect(await codes('opened_at_from=2099-01-01')).toEqual([])
    expect(await codes('updated_since=2020-01-01')).toHaveLength(3)
  })

  it('400 for a filter that is none', async () => {
    expect((await tenant.call('GET', '/alerts?open=maybe')).status).toBe(400)
    expect((await tenant.call('GET', '/alerts?status=open')).status).toBe(400)
  })

  it('403 without reports:read, and closing asks for reports:write', async () => {
    const reader = await alerts.tenant(['reports:read'])
    const writer = await alerts.tenant(['reports:write'])
    await alerts.open(reader)
    const { id } = (await reader.call('GET', '/alerts')).body.data[0]
    expect((await reader.call('PATCH', `/alerts/${id}`, { status: 'closed' })).status).toBe(403)
    expect((await writer.call('GET', '/alerts')).status).toBe(403)
  })
})

describe('PATCH /alerts/{id}', () => {
  it('200 closes, once, with its audit row; noticed again it is a new alert', async () => {
    const other = await alerts.tenant()
    await alerts.open(other)
    const { id } = (await other.call('GET', '/alerts')).body.data[0]
    const closed = await other.call('PATCH', `/alerts/${id}`, { status: 'closed' })
    expect(closed).toMatchObject({ status: 200, body: { id, closed_at: expect.any(String) } })
    expect((await other.call('PATCH', `/alerts/${id}`, { status: 'closed' })).body).toEqual(closed.body)
    expect((await other.call('GET', `/alerts/${id}`)).body).toEqual(closed.body)
    const audits = await alerts.app.store.read(other.id, (tx) =>
      tx.many<{ actor: string; resource: string }>(
        `select entry->'actor'->>'type' as actor, resource_id as resource from audit_events where tenant_id = $1 and action = 'alert.close'`,
        [tx.tenantUuid],
      ),
    )
    expect(audits).toEqual([{ actor: 'api_key', resource: id }])
    await alerts.open(other)
    const after = (await other.call('GET', '/alerts?open=true')).body.data
    expect(after).toHaveLength(1)
    expect(after[0].id).not.toBe(id)
  })

  it.each([{}, { status: 'open' }, { status: 'closed', message: 'x' }])('400 for %j', async (body) => {
    const { id } = (await list('open=true'))[0]
    expect((await tenant.call('PATCH', `/alerts/${id}`, body)).status).toBe(400)
  })

  it("404, the same for another tenant's alert as for none", async () => {
    const other = await alerts.tenant()
    const { id } = (await list('open=true'))[0]
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { status: 'closed' }],
    ] as const) {
      const [foreign, made] = [
        await other.call(method, `/alerts/${id}`, body),
        await other.call(method, '/alerts/alr_01jrfzq4v8m2k9d7t5x3w1c0ab', body),
      ]
      expect([foreign.status, made.status]).toEqual([404, 404])
      expect({ ...foreign.body.error, request_id: '' }).toEqual({ ...made.body.error, request_id: '' })
    }
  })
})

describe('an alert', () => {
  it('is told by an event that shows it exactly as the API does', async () => {
    const other = await alerts.tenant()
    await alerts.open(other)
    const shown = (await other.call('GET', '/alerts')).body.data[0]
    const [event] = await alerts.app.store.read(other.id, (tx) =>
      tx.many<{ body: string; resource_id: string }>(
        "select body, resource_id from events where tenant_id = $1 and type = 'alert.opened'",
        [tx.tenantUuid],
      ),
    )
    expect(JSON.parse(event!.body).data).toEqual(shown)
    expect(event!.resource_id).toBe(shown.id)
  })

  it('is counted over all tenants while it is open', async () => {
    const [one, two] = [await alerts.tenant(), await alerts.tenant()]
    const gone = await alerts.tenant()
    for (const of of [one, two, gone]) await alerts.open(of, { code: 'counted', severity: 'critical' })
    await alerts.close(two, 'counted', 'thing_1')
    await alerts.app.store.read(gone.id, (tx) =>
      tx.run("update tenants set status = 'deleted' where tenant_id = $1", [tx.tenantUuid]),
    )
    const counts = await alerts.app.store.directory(countOpenAlerts)
    expect(counts).toContainEqual({ code: 'counted', severity: 'critical', count: 1 })
    expect(counts.map((row) => row.code)).not.toContain('webhook_failing')
  })
})
