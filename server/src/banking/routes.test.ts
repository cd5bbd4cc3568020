import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GocardlessSimulator } from '../../../sandbox/src/gocardless/index.ts'
import { createTestApp, OPERATOR_KEY, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { makeFileConnection } from '../../test/setup/factories-banking.ts'
import {
  BANK,
  bankSeed,
  bankSettings,
  comeBack,
  connect,
  initialize,
  REDIRECT,
  startBank,
} from '../../test/setup/factories-gocardless.ts'

const NEVER = 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab'

let bank: GocardlessSimulator
let app: TestApp
let tenant: TestTenant
beforeAll(async () => {
  bank = await startBank()
  app = await createTestApp({ config: bankSettings(bank) })
})
afterAll(async () => {
  await app.stop()
  await bank.close()
})
beforeEach(async () => {
  bank.control.seed(bankSeed())
  tenant = await app.tenant()
})

const fields = (answer: { body: { error: { details: { field: string }[] } } }): string[] =>
  answer.body.error.details.map((fault) => fault.field)

describe('200', () => {
  it('lists institutions by country and by the beginnings of words', async () => {
    const all = await tenant.call('GET', '/institutions?country=gb&per_page=100')
    expect(all.body.data).toContainEqual(
      expect.objectContaining({ id: BANK, name: 'Northern Bank', provider: 'gocardless', max_history_days: 730 }),
    )
    const found = await tenant.call('GET', '/institutions?country=GB&q=B%C3%A4n%20NORTH')
    expect(found.body).toMatchObject({ data: [{ id: BANK }], pagination: { total_items: 1, current_page: 1 } })
    expect((await tenant.call('GET', '/institutions?country=GB&q=orthern')).body.data).toEqual([])
  })

  it('pages institutions', async () => {
    const one = await tenant.call('GET', '/institutions?country=GB&per_page=1')
    const two = await tenant.call('GET', '/institutions?country=GB&per_page=1&page=2')
    expect(one.body.pagination).toMatchObject({
      per_page: 1,
      current_page: 1,
      total_pages: one.body.pagination.total_items,
    })
    expect(two.body.data[0].id).not.toBe(one.body.data[0].id)
  })

  it('lists connections with filters and sorting, newest first unless asked', async () => {
    const file = await makeFileConnection(tenant)
    const pending = (await initialize(tenant)).bank_connection_id
    const ids = async (query: string) =>
      (await tenant.call('GET', `/bank-connections${query}`)).body.data.map((row: { id: string }) => row.id)
    expect(await ids('')).toEqual([pending, file.id])
    expect(await ids('?sort=created_at')).toEqual([file.id, pending])
    expect(await ids('?status=pending')).toEqual([pending])
    expect(await ids('?provider=file')).toEqual([file.id])
    expect(await ids('?status=revoked')).toEqual([])
    const accounts = await tenant.call('GET', '/bank-accounts')
    expect(accounts.body.data).toMatchObject([{ id: file.accountId, bank_connection_id: file.id, balance: null }])
    expect((await tenant.call('GET', `/bank-accounts?bank_connection_id=${pending}`)).body.data).toEqual([])
  })

  it('renames, switches reading off and on, and leaves the rest', async () => {
    const id = await connect(app, tenant, bank)
    const before = (await tenant.call('GET', `/bank-connections/${id}`)).body
    const renamed = await tenant.call('PATCH', `/bank-connections/${id}`, { name: 'House bank' })
    expect(renamed.body).toEqual({ ...before, name: 'House bank', updated_at: expect.any(String) })
    const off = await tenant.call('PATCH', `/bank-connections/${id}`, { sync_enabled: false })
    expect(off.body).toMatchObject({ sync_enabled: false, name: 'House bank' })
    const on = await tenant.call('PATCH', `/bank-connections/${id}`, { sync_enabled: true })
    expect(on.body).toMatchObject({ sync_enabled: true, next_sync_at: expect.any(String) })
    expect((await tenant.call('PATCH', `/bank-connections/${id}`, {})).status).toBe(200)
  })
})

describe('201', () => {
  it('makes a connection for files, with its account', async () => {
    const made = await tenant.call('POST', '/bank-connections', {
      provider: 'file',
      name: 'House bank',
      account: { name: 'Business', currency: 'EUR', iban: 'DE89 3704 0044 0532 0130 00' },
    })
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/bank-connections/${made.body.id}` },
      body: {
        provider: 'file',
        status: 'active',
        accounts: [{ name: 'Business', currency: 'EUR', iban_last4: '3000' }],
      },
    })
    expect(JSON.stringify(made.body)).not.toContain('37040044')
  })

  it.each(['https://a.example/x?y=1', 'http://127.0.0.1:9/back', 'http://localhost/back', 'http://[::1]:8080/'])(
    'begins a consent that returns to %s',
    async (redirect_url) => {
      const started = await initialize(tenant, { redirect_url })
      const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
      const back = await comeBack(app, redirect_to)
      const url = new URL(String(back.headers.location))
      expect(url.href.startsWith(new URL(redirect_url).href)).toBe(true)
      expect(url.searchParams.get('status')).toBe('active')
    },
  )

  it('tells the provider only of our own address, and of no tenant', async () => {
    await initialize(tenant)
    const [requisition] = bank.control.state().requisitions
    expect(requisition!.redirect).toBe('http://127.0.0.1:8080/callbacks/gocardless')
    expect(requisition!.reference).toMatch(/^[\w-]{32}$/)
    const { rows } = await app.database.pool.query('select reference_digest, redirect_url from bank_consents')
    expect(JSON.stringify(rows)).not.toContain(requisition!.reference)
  })
})

describe('204', () => {
  it('revokes at the provider, keeps the history, and can be read after', async () => {
    const id = await connect(app, tenant, bank)
    expect(await tenant.call('DELETE', `/bank-connections/${id}`)).toMatchObject({ status: 204, body: '' })
    expect(bank.control.state().requisitions).toEqual([])
    expect((await tenant.call('GET', `/bank-connections/${id}`)).body).toMatchObject({
      status: 'revoked',
      next_sync_at: null,
    })
    expect((await tenant.call('GET', '/bank-accounts')).body.data).toHaveLength(1)
    const reconnect = { redirect_url: 'https://app.example.com/done' }
    for (const refused of [
      await tenant.call('POST', `/bank-connections/${id}/sync`),
      await tenant.call('POST', `/bank-connections/${id}/reconnect`, reconnect),
      await tenant.call('PATCH', `/bank-connections/${id}`, { sync_enabled: true }),
    ]) {
      expect(refused).toMatchObject({ status: 409, body: { error: { message: expect.stringMatching(/was revoked/) } } })
    }
    expect((await tenant.call('DELETE', `/bank-connections/${id}`)).status).toBe(204)
  })

  it('revokes here even when the provider cannot be reached', async () => {
    const id = await connect(app, tenant, bank)
    bank.control.addFault({ kind: 'drop', endpoint: 'requisitions', times: 0 })
    expect((await tenant.call('DELETE', `/bank-connections/${id}`)).status).toBe(204)
    expect((await tenant.call('GET', `/bank-connections/${id}`)).body.status).toBe('revoked')
  })

  it('ends a consent under way: whoever comes back later hears that it is revoked', async () => {
    const started = await initialize(tenant)
    const { redirect_to } = bank.control.decide(started.authorization_id, 'approve')
    await tenant.call('DELETE', `/bank-connections/${started.bank_connection_id}`)
    expect((await comeBack(app, redirect_to)).headers.location).toContain('status=failed&error=connection_revoked')
  })
})

describe('400', () => {
  it.each([
    'http://billing.example.com/back',
    'https://billing.example.com/back#top',
    'https://user:pw@billing.example.com/',
    'https://user@billing.example.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://billing.example.com/',
    '//billing.example.com/',
    '/back',
    'not an address',
    '',
    'http://127.0.0.1.example.com/',
    'http://10.0.0.5/back',
    `https://billing.example.com/${'x'.repeat(1_100)}`,
  ])('refuses to return to %s', async (redirect_url) => {
    const answer = await tenant.call('POST', '/bank-connections/initialize', { institution_id: BANK, redirect_url })
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } })
    expect(fields(answer)).toEqual(['redirect_url'])
    expect(bank.control.state().requisitions).toEqual([])
  })

  it('names all missing and wrong fields at once', async () => {
    expect(fields(await tenant.call('POST', '/bank-connections/initialize', {}))).toEqual([
      'institution_id',
      'redirect_url',
    ])
    const wrong = await tenant.call('POST', '/bank-connections/initialize', {
      institution_id: BANK,
      redirect_url: REDIRECT,
      max_history_days: 0,
      language: 'german',
      tenant_id: 'x',
    })
    expect(fields(wrong).toSorted((a, b) => a.localeCompare(b))).toEqual(['language', 'max_history_days', 'tenant_id'])
    const file = await tenant.call('POST', '/bank-connections', {
      provider: 'paper',
      name: '',
      account: { name: 'x', currency: 'XX' },
    })
    expect(fields(file).toSorted((a, b) => a.localeCompare(b))).toEqual(['account.currency', 'name', 'provider'])
  })

  it.each([
    '/institutions',
    '/institutions?country=Britain',
    '/institutions?country=GB&page=0',
    '/bank-connections?status=fine',
    '/bank-connections?x=1',
  ])('refuses GET %s', async (path) => {
    expect((await tenant.call('GET', path)).status).toBe(400)
  })
})

describe('401 and 403', () => {
  it('needs a key, of a tenant, with the permission', async () => {
    expect((await app.call(undefined, 'GET', '/bank-connections')).status).toBe(401)
    expect((await app.call(OPERATOR_KEY, 'GET', '/bank-connections')).status).toBe(403)
    const reader = await app.tenant({ permissions: ['bank_connections:read'] })
    const writer = await app.tenant({ permissions: ['bank_connections:write'] })
    expect((await reader.call('POST', '/bank-connections/initialize', {})).status).toBe(403)
    expect((await reader.call('DELETE', `/bank-connections/${NEVER}`)).status).toBe(403)
    expect((await writer.call('GET', '/bank-connections')).status).toBe(403)
    expect((await writer.call('GET', '/institutions?country=GB')).status).toBe(403)
  })
})

describe('404', () => {
  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/sync'],
    ['POST', '/reconnect'],
    ['GET', '/syncs'],
  ])('%s …%s', async (method, path) => {
    for (const id of [NEVER, 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab', 'x', '%00'])
      expect((await tenant.call(method, `/bank-connections/${id}${path}`)).status).toBe(404)
  })
})

describe('409 and 422', () => {
  it('does not read a connection whose consent is not given', async () => {
    const { bank_connection_id } = await initialize(tenant)
    expect((await tenant.call('POST', `/bank-connections/${bank_connection_id}/sync`)).status).toBe(409)
  })

  it('knows what files cannot do', async () => {
    const { id } = await makeFileConnection(tenant)
    expect((await tenant.call('POST', `/bank-connections/${id}/sync`)).status).toBe(422)
    expect((await tenant.call('POST', `/bank-connections/${id}/reconnect`, { redirect_url: REDIRECT })).status).toBe(
      422,
    )
  })

  it('knows no such bank', async () => {
    const answer = await tenant.call('POST', '/bank-connections/initialize', {
      institution_id: 'NO_BANK',
      redirect_url: REDIRECT,
    })
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'validation_failed' } } })
    expect(fields(answer)).toEqual(['institution_id'])
  })

  it('refuses an IBAN with wrong check digits', async () => {
    const answer = await tenant.call('POST', '/bank-connections', {
      provider: 'file',
      name: 'x',
      account: { name: 'x', currency: 'EUR', iban: 'DE88370400440532013000' },
    })
    expect(answer.status).toBe(422)
    expect(fields(answer)).toEqual(['account.iban'])
  })

  it('says which settings are missing when there is no provider', async () => {
    const bare = await createTestApp()
    const owner = await bare.tenant()
    const answer = await owner.call('POST', '/bank-connections/initialize', {
      institution_id: BANK,
      redirect_url: REDIRECT,
    })
    expect(answer.status).toBe(422)
    expect(answer.body.error.message).toContain('GOCARDLESS_SECRET_ID')
    expect((await owner.call('GET', '/institutions?country=GB')).body.data).toEqual([])
    await bare.stop()
  })
})

describe('502', () => {
  it.each([
    [{ kind: '503' }, 'bank_ServiceError'],
    [{ kind: 'html' }, 'status_502'],
    [{ kind: 'error', row: 'payment_required' }, 'plan_limit'],
    [{ kind: 'error', row: 'rate_limited' }, 'rate_limited'],
  ] as const)('the provider fails (%o)', async (fault, reason) => {
    bank.control.addFault({ ...fault, endpoint: 'requisitions/create' })
    // The first call may meet a token of before.
    await tenant.call('GET', '/institutions?country=GB')
    const answer = await tenant.call('POST', '/bank-connections/initialize', {
      institution_id: BANK,
      redirect_url: REDIRECT,
    })
    expect(answer).toMatchObject({
      status: 502,
      body: { error: { code: 'bank_integration_error', details: [{ field: 'reason', issue: reason }] } },
    })
    expect((await tenant.call('GET', '/bank-connections')).body.data).toEqual([])
  })
})
