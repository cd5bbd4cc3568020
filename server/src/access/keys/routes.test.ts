import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPERATOR_KEY, type TestTenant } from '../../../test/setup/app.ts'
import { createKeysApp, type KeysApp } from '../../../test/setup/factories-keys.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import { apiKeys } from '../credentials/api-key.ts'
import { createAuthenticate } from '../credentials/authenticate.ts'

let bench: KeysApp
let tenant: TestTenant
beforeAll(async () => {
  bench = await createKeysApp()
  tenant = await bench.tenant()
})
afterAll(async () => {
  await bench.watch.check()
  await bench.stop()
})

/** Another process: it has seen no key yet. */
const elsewhere = (key: string) =>
  createAuthenticate([apiKeys({ store: bench.app.store, pepper: bench.app.pepper, clock: bench.clock })])(
    `Bearer ${key}`,
    { ip: '127.0.0.1', requestId: 'req_x' },
  )
const refused = { message: 'Invalid or expired API key' }
const make = async (body: object = {}, of = tenant) =>
  (await of.call('POST', '/api-keys', { name: 'export', permissions: ['api_keys:read'], ...body })).body
const later = (ms: number) => new Date(bench.clock.now().getTime() + ms)

describe('POST /api-keys', () => {
  it('201, then usable; listed without the secret', async () => {
    const made = await tenant.call('POST', '/api-keys', { name: 'first', permissions: ['api_keys:read'] })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/api-keys/${made.body.id}`)
    expect((await bench.call(made.body.key, 'GET', '/api-keys')).status).toBe(200)
    const list = await tenant.call('GET', '/api-keys?name=first')
    expect(list.body.data).toHaveLength(1)
    expect(JSON.stringify(list.body)).not.toContain(made.body.key)
    expect(list.body.data[0]).toMatchObject({ prefix: made.body.key.slice(0, 20), permissions: ['api_keys:read'] })
  })

  it('401 from the moment it expires, also in a process that knows it, in the same words as for any other fault', async () => {
    const made = await make({ expires_at: later(60_000).toISOString() })
    expect((await bench.call(made.key, 'GET', '/api-keys')).status).toBe(200)
    bench.clock.advance(60_000)
    const answer = await bench.call(made.key, 'GET', '/api-keys')
    expect([answer.status, answer.body.error.message]).toEqual([401, refused.message])
  })

  it('a permission named twice is held once', async () => {
    const made = await make({ permissions: ['webhooks:read', 'api_keys:read', 'webhooks:read'] })
    expect(made.permissions).toEqual(['webhooks:read', 'api_keys:read'])
  })

  it('403: no key grants more than it holds', async () => {
    const small = await bench.tenant({ permissions: ['api_keys:write', 'transactions:read'] })
    const answer = await small.call('POST', '/api-keys', {
      name: 'more',
      permissions: ['transactions:read', 'payments:write', '*'],
    })
    expect(answer.status).toBe(403)
    expect(answer.body.error.details.map((detail: { issue: string }) => detail.issue)).toEqual(['payments:write', '*'])
  })

  it('422: a key that would have expired already', async () => {
    const answer = await tenant.call('POST', '/api-keys', {
      name: 'old',
      permissions: ['*'],
      expires_at: bench.clock.now().toISOString(),
    })
    expect([answer.status, answer.body.error.details]).toEqual([
      422,
      [{ field: 'expires_at', issue: 'Must be in the future' }],
    ])
  })
})

describe('DELETE /api-keys/{id}', () => {
  it('204, then 401 in a process that never saw it and 404 to read; the key in use may end itself', async () => {
    const made = await make({ permissions: ['api_keys:write', 'api_keys:read'] })
    expect((await bench.call(made.key, 'DELETE', `/api-keys/${made.id}`)).status).toBe(204)
    await expect(elsewhere(made.key)).rejects.toMatchObject(refused)
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/usage'],
    ] as const) {
      expect((await tenant.call(method, `/api-keys/${made.id}${path}`)).status).toBe(404)
    }
    expect((await tenant.call('POST', `/api-keys/${made.id}/rotate`, {})).status).toBe(404)
  })

  it("404: another tenant's key answers like none", async () => {
    const other = await bench.tenant()
    const { data } = (await other.call('GET', '/api-keys')).body
    expect((await tenant.call('DELETE', `/api-keys/${data[0].id}`)).status).toBe(404)
    expect((await other.call('GET', '/api-keys')).status).toBe(200)
  })
})

describe('POST /api-keys/{id}/rotate', () => {
  it('201: a new key with the same name, permissions and expiry; the old one holds for a day, and says what replaced it', async () => {
    const old = await make({ name: 'rotated', expires_at: later(90 * 86_400_000).toISOString() })
    const answer = await tenant.call('POST', `/api-keys/${old.id}/rotate`, {})
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/api/v1/api-keys/${answer.body.id}`)
    expect(answer.body).toMatchObject({ name: old.name, permissions: old.permissions, expires_at: old.expires_at })
    expect([answer.body.id, answer.body.key]).not.toContain(old.id)
    expect((await tenant.call('GET', `/api-keys/${old.id}`)).body).toMatchObject({
      expires_at: `${later(86_400_000).toISOString().slice(0, 19)}Z`,
      replaced_by: answer.body.id,
    })
    for (const key of [old.key, answer.body.key])
      await expect(elsewhere(key)).resolves.toMatchObject({ kind: 'tenant' })
    bench.clock.advance(86_400_000)
    await expect(elsewhere(old.key)).rejects.toMatchObject(refused)
    await expect(elsewhere(answer.body.key)).resolves.toMatchObject({ kind: 'tenant' })
    const [row] = await bench.audited(tenant.id, 'api_key.rotate')
    expect(row).toMatchObject({ resource: { id: old.id }, changes: { after: { replaced_by: answer.body.id } } })
    expect(JSON.stringify(row)).not.toContain(answer.body.key)
  })

  it('201 with no overlap: the old key ends at once', async () => {
    const old = await make()
    expect((await tenant.call('POST', `/api-keys/${old.id}/rotate`, { overlap_seconds: 0 })).status).toBe(201)
    await expect(elsewhere(old.key)).rejects.toMatchObject(refused)
  })

  it('201: an overlap never lets the old key live longer than it had', async () => {
    const old = await make({ expires_at: later(60_000).toISOString() })
    await tenant.call('POST', `/api-keys/${old.id}/rotate`, { overlap_seconds: 604_800 })
    expect((await tenant.call('GET', `/api-keys/${old.id}`)).body.expires_at).toBe(old.expires_at)
  })

  it('400: an overlap of more than seven days, of less than none, and what is not known', async () => {
    const old = await make()
    for (const body of [{ overlap_seconds: 604_801 }, { overlap_seconds: -1 }, { overlap_seconds: 1.5 }, { days: 1 }]) {
      expect((await tenant.call('POST', `/api-keys/${old.id}/rotate`, body)).status).toBe(400)
    }
  })

  it('403: nobody rotates a key that may more than they do', async () => {
    const strong = await make({ permissions: ['*'] })
    const weak = await make({ permissions: ['api_keys:write'] })
    const answer = await bench.call(weak.key, 'POST', `/api-keys/${strong.id}/rotate`, {})
    expect([answer.status, answer.body.error.details]).toEqual([403, [{ field: 'permissions', issue: '*' }]])
  })

  it('409: rotated before, or expired', async () => {
    const old = await make({ expires_at: later(60_000).toISOString() })
    const next = (await tenant.call('POST', `/api-keys/${old.id}/rotate`, {})).body
    const again = await tenant.call('POST', `/api-keys/${old.id}/rotate`, {})
    expect([again.status, again.body.error.message]).toEqual([409, expect.stringContaining(next.id)])
    bench.clock.advance(60_000)
    expect((await tenant.call('POST', `/api-keys/${next.id}/rotate`, {})).status).toBe(409)
  })

  it('of twenty rotations at once one wins', async () => {
    const old = await make()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tenant.call('POST', `/api-keys/${old.id}/rotate`, {})),
    )
    expect(Map.groupBy(answers, (answer) => answer.status).get(201)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19)
  })
})

describe('/tenants/{id}/api-keys', () => {
  it("200 and 201 for the operator, as the tenant's own list shows them", async () => {
    const other = await bench.tenant()
    const made = await bench.call(OPERATOR_KEY, 'POST', `/tenants/${other.id}/api-keys`, {
      name: 'by the operator',
      permissions: ['*'],
    })
    expect([made.status, made.headers.location]).toEqual([201, `/api/v1/tenants/${other.id}/api-keys/${made.body.id}`])
    const [theirs, own] = [
      await bench.call(OPERATOR_KEY, 'GET', `/tenants/${other.id}/api-keys`),
      await other.call('GET', '/api-keys'),
    ]
    expect(theirs.status).toBe(200)
    // Asking for its own list is a use of the tenant's key.
    const shown = (list: typeof own) => list.body.data.map((key: object) => ({ ...key, last_used_at: null }))
    expect(shown(theirs)).toEqual(shown(own))
    expect(theirs.body.data).toHaveLength(2)
  })

  it('201 with a Location that whoever made the key can read; 404 once it is revoked, and below another tenant', async () => {
    const [other, third] = [await bench.tenant(), await bench.tenant()]
    const body = { name: 'by the operator', permissions: ['*'] }
    const { key, ...made } = (await bench.call(OPERATOR_KEY, 'POST', `/tenants/${other.id}/api-keys`, body)).body
    const path = `/tenants/${other.id}/api-keys/${made.id}`
    const read = (where: string) => bench.call(OPERATOR_KEY, 'GET', where)
    expect((await read(path)).body).toEqual(made)
    expect((await read(`/tenants/${third.id}/api-keys/${made.id}`)).status).toBe(404)
    expect((await bench.call(key, 'DELETE', `/api-keys/${made.id}`)).status).toBe(204)
    expect((await read(path)).status).toBe(404)
  })

  it('200 and 201 for a partner and its children, with no more than the partner holds; 404 for anybody else', async () => {
    const partner = await bench.tenant({
      kind: 'partner',
      permissions: ['tenants:read', 'tenants:write', 'invoices:read'],
    })
    const child = await bench.tenant({ parentId: partner.id })
    const path = (of: { id: string }) => `/tenants/${of.id}/api-keys`
    const made = await partner.call('POST', path(child), { name: 'first', permissions: ['invoices:read'] })
    expect(made.status).toBe(201)
    expect((await bench.call(made.body.key, 'GET', path(child))).status).toBe(403)
    expect((await partner.call('GET', `${path(child)}?name=first`)).body.data).toMatchObject([{ id: made.body.id }])
    expect((await partner.call('POST', path(child), { name: 'more', permissions: ['payments:write'] })).status).toBe(
      403,
    )
    for (const other of [tenant, child]) {
      expect((await other.call('GET', path(partner))).status).toBe(404)
      expect((await other.call('POST', path(partner), { name: 'x', permissions: ['*'] })).status).toBe(404)
    }
    expect((await partner.call('GET', path(tenant))).status).toBe(404)
  })

  it('403 without tenants:read', async () => {
    const small = await bench.tenant({ permissions: ['api_keys:read'] })
    expect((await small.call('GET', `/tenants/${small.id}/api-keys`)).status).toBe(403)
  })

  it('404: another tenant, one that never was, and a key of the operator itself', async () => {
    const other = await bench.tenant()
    expect((await tenant.call('GET', `/tenants/${other.id}/api-keys`)).status).toBe(404)
    expect((await bench.call(OPERATOR_KEY, 'GET', `/tenants/ten_01jrfzq4v8m2k9d7t5x3w1c0ab/api-keys`)).status).toBe(404)
    const body = { name: 'x', permissions: ['*'] }
    expect((await bench.call(OPERATOR_KEY, 'POST', `/tenants/${OPERATOR_TENANT}/api-keys`, body)).status).toBe(404)
  })
})
