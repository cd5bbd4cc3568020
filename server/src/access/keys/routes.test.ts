import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../../test/setup/app.ts'
import { apiKeys } from '../credentials/api-key.ts'
import { createAuthenticate } from '../credentials/authenticate.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant()
})
afterAll(() => app.stop())

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
