import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { apiKeys } from './api-key.ts'
import { createAuthenticate } from './authenticate.ts'
import { looksLikeStripeKey, makeKey, readKey } from './key-format.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

describe('the form of a key', () => {
  it('has the public part, 256 bits and a checksum, so that a mistyped one is known without the database', () => {
    const { text, keyId, prefix } = makeKey('live')
    expect(text).toMatch(/^pk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/)
    expect(text.startsWith(prefix)).toBe(true)
    expect(readKey(text)).toEqual({ keyId })
    const mistyped = text.slice(0, 30) + (text[30] === 'a' ? 'b' : 'a') + text.slice(31)
    expect(readKey(mistyped)).toBeUndefined()
    expect(makeKey('sandbox').text).toMatch(/^pk_test_/)
    expect(looksLikeStripeKey(text)).toBe(false)
    expect(
      ['sk_live_51HabcdefghijklmnopQ', 'rk_test_51HabcdefghijklmnopQ', 'pk_live_51HabcdefghijklmnopQ'].every(
        looksLikeStripeKey,
      ),
    ).toBe(true)
  })
})

describe('API keys', () => {
  it('201, then usable; listed without the secret; 204 when revoked, then 401 in a process that never saw it and 404 to read', async () => {
    const made = await tenant.call('POST', '/api-keys', { name: 'export', permissions: ['transactions:read'] })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/api-keys/${made.body.id}`)
    expect((await app.call(made.body.key, 'GET', '/transactions')).status).toBe(200)
    const list = await tenant.call('GET', '/api-keys?name=export')
    expect(list.body.data).toHaveLength(1)
    expect(JSON.stringify(list.body)).not.toContain(made.body.key)
    expect(list.body.data[0]).toMatchObject({ prefix: made.body.key.slice(0, 20), permissions: ['transactions:read'] })

    expect((await tenant.call('DELETE', `/api-keys/${made.body.id}`)).status).toBe(204)
    const elsewhere = createAuthenticate([apiKeys({ store: app.store, pepper: app.pepper })])
    await expect(elsewhere(`Bearer ${made.body.key}`, { ip: '127.0.0.1', requestId: 'req_x' })).rejects.toMatchObject({
      message: 'Invalid or expired API key',
    })
    expect((await tenant.call('GET', `/api-keys/${made.body.id}`)).status).toBe(404)
    expect((await tenant.call('DELETE', `/api-keys/${made.body.id}`)).status).toBe(404)
  })

  it('401 after it has expired, in the same words as for any other fault', async () => {
    const made = await tenant.call('POST', '/api-keys', {
      name: 'old',
      permissions: ['*'],
      expires_at: '2020-01-01T00:00:00Z',
    })
    const answer = await app.call(made.body.key, 'GET', '/transactions')
    expect([answer.status, answer.body.error.message]).toEqual([401, 'Invalid or expired API key'])
  })

  it('403: no key grants more than it holds', async () => {
    const small = await app.tenant({ permissions: ['api_keys:write', 'transactions:read'] })
    const answer = await small.call('POST', '/api-keys', {
      name: 'more',
      permissions: ['transactions:read', 'payments:write', '*'],
    })
    expect(answer.status).toBe(403)
    expect(answer.body.error.details.map((detail: { issue: string }) => detail.issue)).toEqual(['payments:write', '*'])
  })

  it("404: another tenant's key answers like none", async () => {
    const other = await app.tenant()
    const { data } = (await other.call('GET', '/api-keys')).body
    expect((await tenant.call('DELETE', `/api-keys/${data[0].id}`)).status).toBe(404)
    expect((await other.call('GET', '/api-keys')).status).toBe(200)
  })
})

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
