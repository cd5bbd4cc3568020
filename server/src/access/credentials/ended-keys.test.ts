import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../../test/setup/app.ts'

let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  app = await createTestApp()
  tenant = await app.tenant({ permissions: ['*'] })
})
afterAll(() => app.stop())

const statusOf = async (key: string) => (await app.call(key, 'GET', '/webhooks')).status
/** A key this process has just seen, and therefore believes. */
async function believedKey() {
  const made = (await app.call(tenant.key, 'POST', '/api-keys', { name: 'seen', permissions: ['webhooks:read'] })).body
  expect(await statusOf(made.key)).toBe(200)
  return made as { id: string; key: string }
}
const operator = (method: string, body?: object) => app.call(OPERATOR_KEY, method, `/tenants/${tenant.id}`, body)

describe('in the process that ends it, a key is refused from the next call on', () => {
  it('revoked', async () => {
    const { id, key } = await believedKey()
    expect((await app.call(tenant.key, 'DELETE', `/api-keys/${id}`)).status).toBe(204)
    expect(await statusOf(key)).toBe(401)
  })

  it('rotated without overlap', async () => {
    const { id, key } = await believedKey()
    await app.call(tenant.key, 'POST', `/api-keys/${id}/rotate`, { overlap_seconds: 0 })
    expect(await statusOf(key)).toBe(401)
  })

  it('its tenant suspended, until it is resumed; deleted', async () => {
    const { key } = await believedKey()
    await operator('PATCH', { status: 'suspended' })
    expect(await statusOf(key)).toBe(401)
    await operator('PATCH', { status: 'active' })
    expect(await statusOf(key)).toBe(200)
    expect((await operator('DELETE')).status).toBe(204)
    expect(await statusOf(key)).toBe(401)
  })
})

describe('ended by another process, a key is refused at once', () => {
  it('where keys, members and secrets are touched: a new one, the end of one', async () => {
    const own = await app.tenant()
    const id = (await own.call('GET', '/api-keys')).body.data[0].id as string
    // What another process does, this one hears of only when it asks.
    await app.store.read(own.id, (tx) =>
      tx.run('update api_keys set revoked_at = now() where tenant_id = $1', [tx.tenantUuid]),
    )
    const { status } = await own.call('POST', '/api-keys', { name: 'left behind', permissions: ['*'] })
    expect(status).toBe(401)
    expect((await own.call('DELETE', `/api-keys/${id}`)).status).toBe(401)
  })
})
