import { generateKeyPairSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestAnswer, type TestApp } from '../../test/setup/app.ts'
import { callThrough, httpOf } from '../../test/setup/factories-alerts.ts'
import type { TenantId } from '../base/ids.ts'
import { type CredentialsOf, perTenant, providersSlice } from './index.ts'

let app: TestApp
let http: FastifyInstance
let credentialsOf: CredentialsOf
beforeAll(async () => {
  app = await createTestApp()
  const slice = providersSlice({ store: app.store, vault: app.vault })
  credentialsOf = slice.credentialsOf
  http = httpOf(app, slice)
})
afterAll(async () => {
  await http.close()
  await app.stop()
})

interface Someone {
  id: TenantId
  call(method: string, path: string, body?: unknown): Promise<TestAnswer>
}
const someone = async (options: Parameters<TestApp['tenant']>[0] = {}): Promise<Someone> => {
  const tenant = await app.tenant(options)
  return {
    id: tenant.id,
    call: (method, path, body) => callThrough(http, tenant.key, method, `/provider-credentials${path}`, body),
  }
}
const BANK_DATA = { secret_id: '0b7a2f5e-6c1d-4e0f-9a53-2d1c8be41234', secret_key: 'canary-of-the-secret-key-9f0c' }
const STRIPE = { secret_key: 'sk_live_canary000000000000Xq2', client_id: 'ca_canary0000000000a1B2' }
const rsa = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

describe('PUT /provider-credentials/{provider}', () => {
  it('200 keeps them sealed and shows them masked, here and in the list; the whole is never seen again', async () => {
    const tenant = await someone()
    const put = await tenant.call('PUT', '/gocardless', BANK_DATA)
    expect(put.status).toBe(200)
    const shown = {
      provider: 'gocardless',
      secret_id: '••••1234',
      secret_key: '••••9f0c',
      webhook_secret: null,
      access_token: null,
    }
    expect(put.body).toMatchObject(shown)
    const key = rsa(2048)
    const bank = await tenant.call('PUT', '/enablebanking', { application_id: 'short', private_key: key })
    expect(bank.body).toMatchObject({ provider: 'enablebanking', application_id: '••••', private_key: '••••' })
    await tenant.call('PUT', '/stripe', STRIPE)
    const list = await tenant.call('GET', '?sort=provider')
    expect(list.body.data.map((row: { provider: string }) => row.provider)).toEqual([
      'enablebanking',
      'gocardless',
      'stripe',
    ])
    expect(list.body.data[1]).toEqual(put.body)
    expect((await tenant.call('GET', '?provider=stripe')).body.data).toHaveLength(1)
    const dump = JSON.stringify([
      put.body,
      list.body,
      (await app.database.pool.query('select * from provider_credentials')).rows,
      (await app.database.pool.query('select entry::text from audit_events')).rows,
    ])
    expect(dump).not.toMatch(/canary|BEGIN PRIVATE/)
    expect(dump).not.toContain(Buffer.from('canary').toString('hex'))
  })

  it('200 replaces all that was there, each change audited by the names of the fields', async () => {
    const tenant = await someone()
    await tenant.call('PUT', '/stripe', STRIPE)
    const second = await tenant.call('PUT', '/stripe', { secret_key: 'rk_live_0000000000000000new1' })
    expect(second.body).toMatchObject({ secret_key: '••••new1', client_id: null })
    expect((await tenant.call('DELETE', '/stripe')).status).toBe(204)
    expect((await tenant.call('DELETE', '/stripe')).status).toBe(204)
    expect((await tenant.call('GET', '')).body.data).toEqual([])
    const audits = await app.store.read(tenant.id, (tx) =>
      tx.many<{ entry: { action: string; changes: unknown } }>(
        "select entry from audit_events where tenant_id = $1 and action like 'provider_credentials.%' order by sequence",
        [tx.tenantUuid],
      ),
    )
    expect(audits.map(({ entry }) => [entry.action, entry.changes])).toEqual([
      ['provider_credentials.put', { before: null, after: { fields: ['client_id', 'secret_key'] } }],
      [
        'provider_credentials.put',
        { before: { fields: ['client_id', 'secret_key'] }, after: { fields: ['secret_key'] } },
      ],
      ['provider_credentials.delete', { before: { fields: ['secret_key'] }, after: null }],
    ])
  })

  it.each([
    ['gocardless', { secret_id: 'with blank' }, ['secret_id']],
    ['gocardless', { secret_key: 5 }, ['secret_key']],
    ['enablebanking', {}, ['application_id', 'private_key']],
    ['stripe', { client_id: 'ca_1' }, ['secret_key']],
    ['stripe', { ...STRIPE, access_token: 'x' }, ['access_token']],
  ])('400 for %s %j', async (provider, body, fields) => {
    const answer = await (await someone()).call('PUT', `/${provider}`, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.details.map((detail: { field: string }) => detail.field)).toEqual(fields)
  })

  it.each([
    ['live', 'stripe', { secret_key: 'sk_test_0000000000' }, 'secret_key'],
    ['live', 'stripe', { secret_key: 'rk_test_0000000000' }, 'secret_key'],
    ['sandbox', 'stripe', { secret_key: 'sk_live_0000000000' }, 'secret_key'],
    ['live', 'stripe', { secret_key: 'pk_live_0000000000' }, 'secret_key'],
    ['live', 'stripe', { secret_key: 'something_else' }, 'secret_key'],
    ['live', 'gocardless', { access_token: 'sandbox_0000000000' }, 'access_token'],
    ['sandbox', 'gocardless', { access_token: 'live_0000000000' }, 'access_token'],
    ['live', 'gocardless', {}, 'secret_id'],
    ['live', 'gocardless', { secret_id: 'only-one-half' }, 'secret_key'],
    ['live', 'gocardless', { ...BANK_DATA, webhook_secret: 'of-nothing' }, 'access_token'],
    ['live', 'enablebanking', { application_id: 'app-1', private_key: 'not a key' }, 'private_key'],
    ['live', 'enablebanking', { application_id: 'app-1', private_key: rsa(1024) }, 'private_key'],
  ] as const)('422 in a %s tenant for %s %j', async (environment, provider, body, field) => {
    const tenant = await someone({ environment })
    const answer = await tenant.call('PUT', `/${provider}`, body)
    expect([answer.status, answer.body.error.details[0].field]).toEqual([422, field])
    expect((await tenant.call('GET', '')).body.data).toEqual([])
  })

  it('200 for a test key in a sandbox tenant', async () => {
    const tenant = await someone({ environment: 'sandbox' })
    expect((await tenant.call('PUT', '/stripe', { secret_key: 'sk_test_0000000000' })).status).toBe(200)
    expect((await tenant.call('PUT', '/gocardless', { access_token: 'sandbox_0000000000' })).status).toBe(200)
  })

  it('403 without bank_connections:write; reading asks for bank_connections:read', async () => {
    const reader = await someone({ permissions: ['bank_connections:read'] })
    const writer = await someone({ permissions: ['bank_connections:write'] })
    expect((await reader.call('PUT', '/gocardless', BANK_DATA)).status).toBe(403)
    expect((await reader.call('DELETE', '/gocardless')).status).toBe(403)
    expect((await writer.call('PUT', '/gocardless', BANK_DATA)).status).toBe(200)
    expect((await writer.call('GET', '')).status).toBe(403)
  })

  it('404 for a provider that is none, 405 for reading one', async () => {
    const tenant = await someone()
    expect((await tenant.call('PUT', '/paypal', {})).status).toBe(404)
    expect((await tenant.call('GET', '/gocardless')).status).toBe(405)
  })
})

describe('credentialsOf', () => {
  it("gives a tenant's own, as they are now, and nothing of another's", async () => {
    const [tenant, other] = [await someone(), await someone()]
    expect(await credentialsOf(tenant.id, 'gocardless')).toBeUndefined()
    await tenant.call('PUT', '/gocardless', BANK_DATA)
    const own = (await credentialsOf(tenant.id, 'gocardless'))!
    expect(own.fields.secret_key!.reveal()).toBe(BANK_DATA.secret_key)
    expect(own.fields.access_token).toBeUndefined()
    expect(JSON.stringify(own)).not.toContain('canary')
    expect(await credentialsOf(other.id, 'gocardless')).toBeUndefined()
  })

  it('makes one client of them, until they change or go, whichever process changed them', async () => {
    const tenant = await someone()
    const made: string[] = []
    const clientOf = perTenant(credentialsOf, 'gocardless', ({ secret_key }) => {
      if (!secret_key) return undefined
      made.push(secret_key.reveal())
      return { of: secret_key.reveal() }
    })
    expect(await clientOf(tenant.id)).toBeUndefined()
    await tenant.call('PUT', '/gocardless', BANK_DATA)
    const [one, two] = await Promise.all([clientOf(tenant.id), clientOf(tenant.id)])
    expect(one).toBe(two)
    await tenant.call('PUT', '/gocardless', { ...BANK_DATA, secret_key: 'canary-second' })
    expect(await clientOf(tenant.id)).toEqual({ of: 'canary-second' })
    // For payments only: the platform's stay in use for bank data.
    await tenant.call('PUT', '/gocardless', { access_token: 'live_0000000000' })
    expect(await clientOf(tenant.id)).toBeUndefined()
    await tenant.call('DELETE', '/gocardless')
    expect(await clientOf(tenant.id)).toBeUndefined()
    expect(made).toEqual([BANK_DATA.secret_key, 'canary-second'])
  })
})
