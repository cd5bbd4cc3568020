import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../../test/setup/app.ts'
import { createOAuthApp, type OAuthApp } from '../../../test/setup/factories-oauth.ts'
import { redirectFault } from './check-redirect-uris.ts'
import { covers, intersect, SCOPES } from './scope.ts'

const PATH = '/oauth-applications'
let bench: OAuthApp
let tenant: TestTenant

beforeAll(async () => {
  bench = await createOAuthApp()
  tenant = bench.adopt(await bench.tenant())
})
afterAll(() => bench.stop())

const wanted = (change: object = {}) => ({
  name: 'Ledger',
  redirect_uris: ['https://ledger.example.com/callback'],
  permissions: ['transactions:read'],
  ...change,
})
const make = async (change: object = {}) => {
  const made = await tenant.call('POST', PATH, wanted(change))
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body
}

describe('POST /oauth-applications', () => {
  it('201 with the secret, which nobody sees again', async () => {
    const { status, body, headers } = await tenant.call('POST', PATH, wanted())
    expect([status, headers.location]).toEqual([201, `/api/v1${PATH}/${body.id}`])
    expect(body).toMatchObject({
      id: expect.stringMatching(/^app_/),
      client_id: body.id,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      status: 'active',
      client_secret: expect.stringMatching(/^ps_[0-9A-Za-z]{43}$/),
    })
    const shown = await tenant.call('GET', `${PATH}/${body.id}`)
    expect(shown.body).not.toHaveProperty('client_secret')
    const [row] = (await bench.audited(tenant.id, 'oauth_application.create')).slice(-1)
    expect(row).toMatchObject({ resource: { id: body.id }, changes: { after: { permissions: ['transactions:read'] } } })
    expect(JSON.stringify(row)).not.toContain(body.client_secret)
  })

  it('400 names every bad field', async () => {
    const answer = await tenant.call('POST', PATH, {
      name: 'turned \u202e round',
      redirect_uris: Array.from({ length: 11 }, (_, n) => `https://example.com/${n}`),
      permissions: ['money:take'],
      grant_types: ['password'],
      client_secret: 'mine',
    })
    expect(answer.status).toBe(400)
    const fields = answer.body.error.details.map((detail: { field: string }) => detail.field)
    expect(fields.sort()).toEqual(['client_secret', 'grant_types.0', 'name', 'permissions.0', 'redirect_uris'])
  })

  it('403: nobody hands out what he does not hold, nor without api_keys:write', async () => {
    const weak = bench.adopt(await bench.tenant({ permissions: ['api_keys:write', 'transactions:read'] }))
    expect((await weak.call('POST', PATH, wanted())).status).toBe(201)
    for (const permissions of [['transactions:read', 'payments:write'], ['*']]) {
      const answer = await weak.call('POST', PATH, wanted({ permissions }))
      expect([answer.status, answer.body.error.details]).toEqual([
        403,
        [{ field: 'permissions', issue: permissions.at(-1) }],
      ])
    }
    const reader = bench.adopt(await bench.tenant({ permissions: ['api_keys:read'] }))
    expect((await reader.call('POST', PATH, wanted())).status).toBe(403)
  })

  it('403 for a person whose sign-in is older than ten minutes', async () => {
    const ada = await bench.member(tenant)
    const token = await ada.token()
    bench.clock.advance(601_000)
    const answer = await bench.api(await ada.token(), 'POST', PATH, wanted())
    expect([answer.status, answer.body.error.details]).toEqual([
      403,
      [{ field: 'reason', issue: 'fresh_sign_in_required' }],
    ])
    expect(token).toMatch(/^pu_/)
  })

  it('422 names addresses of no use, and grant types that do not go together', async () => {
    const uris = await tenant.call(
      'POST',
      PATH,
      wanted({
        redirect_uris: [
          'http://ledger.example.com/callback',
          'https://ledger.example.com/callback#top',
          'https://ada:pw@ledger.example.com/',
          'ledger:callback',
          'https://ok.example.com/',
          'https://ok.example.com/',
        ],
      }),
    )
    expect(uris.status).toBe(422)
    expect(uris.body.error.details.map((detail: { field: string }) => detail.field)).toEqual(
      [0, 1, 2, 3, 5].map((index) => `redirect_uris.${index}`),
    )
    for (const [change, field] of [
      [{ redirect_uris: [] }, 'redirect_uris'],
      [{ grant_types: ['refresh_token', 'client_credentials'] }, 'grant_types'],
      [{ grant_types: ['client_credentials', 'client_credentials'] }, 'grant_types'],
      [{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' }, 'grant_types'],
    ] as const) {
      const answer = await tenant.call('POST', PATH, wanted(change))
      expect([answer.status, answer.body.error.details[0].field]).toEqual([422, field])
    }
  })
})

describe('GET /oauth-applications', () => {
  it('200 for the own ones, found by words, state and permission', async () => {
    const fresh = bench.adopt(await bench.tenant())
    const names = ['Ledger export', 'Straßen-Büro', 'Ledger import']
    const ids = []
    for (const name of names) ids.push((await fresh.call('POST', PATH, wanted({ name }))).body.id)
    await fresh.call('PATCH', `${PATH}/${ids[2]}`, { status: 'disabled', permissions: ['invoices:read'] })
    const found = async (query: string) =>
      (await fresh.call('GET', `${PATH}?${query}`)).body.data.map((row: { name: string }) => row.name)
    expect(await found('')).toEqual([...names].reverse())
    expect(await found('sort=name&q=ledger')).toEqual(['Ledger export', 'Ledger import'])
    expect(await found('q=strassen')).toEqual(['Straßen-Büro'])
    expect(await found('status=disabled')).toEqual(['Ledger import'])
    expect(await found('permissions=invoices:read')).toEqual(['Ledger import'])
    const page = (await fresh.call('GET', `${PATH}?per_page=2`)).body
    expect(page.pagination).toMatchObject({ total_items: 3, total_pages: 2 })
    expect((await fresh.call('GET', `${PATH}?cursor=${page.pagination.next_cursor}`)).body.data).toHaveLength(1)
    expect((await fresh.call('GET', `${PATH}?client=x`)).status).toBe(400)
  })
})

describe('PATCH and DELETE /oauth-applications/{id}', () => {
  it('200: merges, and null restores the default', async () => {
    const { id } = await make({ grant_types: ['authorization_code', 'client_credentials'] })
    const changed = await tenant.call('PATCH', `${PATH}/${id}`, { name: 'New', grant_types: null })
    expect(changed.body).toMatchObject({
      name: 'New',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://ledger.example.com/callback'],
    })
    expect((await bench.audited(tenant.id, 'oauth_application.change')).at(-1)).toMatchObject({
      changes: { before: { name: 'Ledger' }, after: { name: 'New' } },
    })
    expect((await tenant.call('PATCH', `${PATH}/${id}`, { redirect_uris: null })).status).toBe(422)
    expect((await tenant.call('PATCH', `${PATH}/${id}`, { permissions: null })).status).toBe(400)
  })

  it('403 for an application that may more than whoever changes it; anybody may switch it off', async () => {
    const { id } = await make({ permissions: ['payments:write'] })
    const { body: weak } = await tenant.call('POST', '/api-keys', {
      name: 'weak',
      permissions: ['api_keys:write', 'transactions:read'],
    })
    const patch = (body: object) => bench.api(weak.key, 'PATCH', `${PATH}/${id}`, body)
    expect((await patch({ redirect_uris: ['https://evil.example.com/'] })).status).toBe(403)
    expect((await patch({ status: 'disabled', name: 'x' })).status).toBe(403)
    expect((await patch({ status: 'disabled' })).status).toBe(200)
    expect((await patch({ status: 'active' })).status).toBe(403)
    expect((await patch({ status: 'active', permissions: ['transactions:read'] })).status).toBe(200)
  })

  it('204, then 404 like one that never was, and like one of another tenant', async () => {
    const { id } = await make()
    const stranger = bench.adopt(await bench.tenant())
    const foreign = await stranger.call('GET', `${PATH}/${id}`)
    expect((await stranger.call('DELETE', `${PATH}/${id}`)).status).toBe(404)
    expect((await stranger.call('PATCH', `${PATH}/${id}`, { name: 'mine' })).status).toBe(404)
    expect((await tenant.call('DELETE', `${PATH}/${id}`)).status).toBe(204)
    const gone = await tenant.call('GET', `${PATH}/${id}`)
    const never = await tenant.call('GET', `${PATH}/app_01jrfzq4v8m2k9d7t5x3w1c0ab`)
    const bare = ({ status, body }: typeof gone) => [status, { ...body.error, request_id: '' }]
    expect(bare(gone)).toEqual(bare(never))
    expect(bare(foreign)).toEqual(bare(never))
    expect(gone.status).toBe(404)
    expect((await tenant.call('DELETE', `${PATH}/${id}`)).status).toBe(404)
  })
})

describe('redirect addresses', () => {
  it.each([
    ['https://app.example.com/callback', true],
    ['https://app.example.com:8443/cb?tenant=1', true],
    ['http://127.0.0.1:8123/cb', true],
    ['http://[::1]/cb', true],
    ['http://localhost:3000', true],
    ['http://127.0.0.1.example.com/', false],
    ['http://10.0.0.1/', false],
    ['https:app.example.com', false],
    ['https:///app.example.com', false],
    ['https://app.example.com/\\evil', false],
    ['https://@app.example.com/', false],
    ['https://app.example.com/#', false],
    ['https://app.example.com/a b', false],
    ['https://app.example.com/ü', false],
    ['javascript:alert(1)', false],
    ['com.example.app:/cb', false],
    ['', false],
  ])('%s', (uri, usable) => {
    expect(redirectFault(uri) === undefined).toBe(usable)
  })
})

describe('what two sides allow together', () => {
  const permissions = fc.uniqueArray(fc.constantFrom(...SCOPES), { maxLength: 6 })

  it('is never more than either side allows, and all of what both name', () => {
    fc.assert(
      fc.property(permissions, permissions, (one, other) => {
        const both = intersect(one, other)
        expect(covers(one, both) && covers(other, both)).toBe(true)
        for (const permission of one) if (other.includes(permission)) expect(covers(both, [permission])).toBe(true)
        const turned = intersect(other, one)
        expect(covers(turned, both) && covers(both, turned)).toBe(true)
      }),
    )
  })
})
