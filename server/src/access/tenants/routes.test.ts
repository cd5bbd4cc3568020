import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

describe('tenants', () => {
  it('201 for the operator: a tenant and its first key', async () => {
    const made = await app.call(OPERATOR_KEY, 'POST', '/tenants', { name: 'Northbyte', slug: 'northbyte' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      kind: 'customer',
      tier: 'standard',
      environment: 'live',
      status: 'active',
      parent_id: null,
    })
    const key = await app.call(OPERATOR_KEY, 'POST', `/tenants/${made.body.id}/api-keys`, {
      name: 'first',
      permissions: ['*'],
    })
    expect(key.status).toBe(201)
    expect((await app.call(key.body.key, 'GET', `/tenants/${made.body.id}`)).body.slug).toBe('northbyte')
    const again = await app.call(OPERATOR_KEY, 'POST', '/tenants', { name: 'Other', slug: 'northbyte' })
    expect([again.status, again.body.error.code]).toEqual([409, 'resource_conflict'])
  })

  it('403 for a tenant that would make tenants; 404 for another tenant', async () => {
    expect((await tenant.call('POST', '/tenants', { name: 'X', slug: 'x' })).status).toBe(403)
    const other = await app.tenant()
    expect((await tenant.call('GET', `/tenants/${other.id}`)).status).toBe(404)
    expect((await tenant.call('PATCH', `/tenants/${other.id}`, { name: 'Mine' })).status).toBe(404)
  })

  it('200: settings merge, null restores the default, money keeps its digits', async () => {
    await tenant.call('PATCH', `/tenants/${tenant.id}`, {
      settings: { matching: { mode: 'auto', max_auto_amount: '250.00' } },
    })
    const changed = await app.http.inject({
      method: 'PATCH',
      url: `/api/v1/tenants/${tenant.id}`,
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/merge-patch+json' },
      payload: '{"settings":{"matching":{"auto_threshold":0.995}}}',
    })
    expect(changed.body).toContain('"max_auto_amount":250.00')
    expect(changed.json().settings.matching).toMatchObject({ mode: 'auto', auto_threshold: 0.995 })
    const restored = await tenant.call('PATCH', `/tenants/${tenant.id}`, { settings: { matching: { mode: null } } })
    expect(restored.body.settings.matching.mode).toBeUndefined()
  })

  it('400: unknown settings and impossible values are named', async () => {
    const answer = await tenant.call('PATCH', `/tenants/${tenant.id}`, {
      settings: { matching: { mode: 'yolo', colour: 1 }, timezone: 'Mars' },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((detail: { field: string }) => detail.field).sort()).toEqual([
      'settings.matching.colour',
      'settings.matching.mode',
      'settings.timezone',
    ])
  })
})
