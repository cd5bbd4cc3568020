import { afterEach, describe, expect, it } from 'vitest'
import { SANDBOX_CREDENTIALS } from './index.ts'
import { BANK, type Client, startWith } from './test-client.ts'

const open: Client[] = []
const start = async (...options: Parameters<typeof startWith>): Promise<Client> => {
  const client = await startWith(...options)
  open.push(client)
  return client
}
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

describe('tokens', () => {
  it('gives a pair whose access token ends when its exp says', async () => {
    const client = await start()
    const pair = await client.logIn()
    const claims = JSON.parse(Buffer.from(String(pair.body['access']).split('.')[1]!, 'base64url').toString()) as {
      exp: number
    }
    expect(claims.exp).toBe(Date.parse('2026-11-21T10:00:00Z') / 1000)
    client.control.setClock({ now: '2026-11-21T09:59:59Z' })
    expect((await client.api('GET', '/requisitions/')).status).toBe(200)
    client.control.setClock({ now: '2026-11-21T10:00:00Z' })
    const late = await client.api('GET', '/requisitions/')
    expect([late.status, late.body['summary']]).toEqual([401, 'Invalid token'])
    client.useToken('')
    const fresh = await client.api('POST', '/token/refresh/', { refresh: pair.body['refresh'] })
    expect(fresh.status).toBe(200)
    expect(Object.keys(fresh.body)).toEqual(['access', 'access_expires'])
  })

  it('refuses wrong secrets and an access token in place of a refresh token', async () => {
    const client = await start()
    const pair = await client.logIn()
    const wrong = await client.api('POST', '/token/new/', { secret_id: SANDBOX_CREDENTIALS.secretId, secret_key: 'x' })
    expect([wrong.status, wrong.body['summary']]).toEqual([401, 'Authentication failed'])
    expect((await client.api('POST', '/token/refresh/', { refresh: pair.body['access'] })).status).toBe(401)
    client.useToken(`${String(pair.body['access'])}x`)
    expect((await client.api('GET', '/requisitions/')).status).toBe(401)
  })

  it('allows a hundred token/new an hour', async () => {
    const client = await start()
    const statuses = new Set<number>()
    for (let n = 1; n < 100; n += 1) statuses.add((await client.logIn()).status)
    expect([...statuses]).toEqual([200])
    const over = await client.logIn()
    expect([over.status, over.body['summary']]).toEqual([429, 'Rate limit exceeded'])
    client.control.setClock({ advanceMs: 3_600_000 })
    expect((await client.logIn()).status).toBe(200)
  })
})

describe('strictness', () => {
  it('wants the slash at the end, known parameters, known fields, uuids and valid JSON', async () => {
    const client = await start()
    expect((await client.api('GET', '/requisitions')).status).toBe(404)
    const parameter = await client.api('GET', '/requisitions/?page=2')
    expect([parameter.status, parameter.body['summary']]).toEqual([400, 'Unknown fields'])
    const field = await client.api('POST', '/requisitions/', {
      redirect: 'https://a.example',
      institution_id: BANK,
      foo: 1,
    })
    expect([field.status, field.body['summary']]).toEqual([400, 'Unknown fields'])
    expect((await client.api('GET', '/accounts/not-a-uuid/')).body['summary']).toBe('Invalid Account ID')
    expect((await client.api('GET', '/agreements/enduser/1/')).body['summary']).toBe('Invalid EndUserAgreement ID')
    expect((await client.api('GET', '/requisitions/1/')).body['summary']).toBe('Invalid ID')
    expect((await client.api('PUT', '/requisitions/')).status).toBe(405)
    const unknown = await client.api('GET', '/accounts/00000000-0000-4000-a000-000000000000/')
    expect(unknown.status).toBe(404)
    expect((await client.api('POST', '/requisitions/', {})).body).toEqual({
      redirect: ['This field is required.'],
      institution_id: ['This field is required.'],
      status_code: 400,
    })
  })
})

describe('institutions', () => {
  it('lists the banks of a country, every one with days as text', async () => {
    const client = await start()
    const german = (await client.api('GET', '/institutions/?country=de')).body as unknown as Record<string, unknown>[]
    expect(german.length).toBeGreaterThan(4)
    for (const one of german) expect(one).toMatchObject({ countries: ['DE'], transaction_total_days: '730' })
    const wrong = await client.api('GET', '/institutions/?country=XX')
    expect(wrong.body).toMatchObject({ country: { summary: 'Invalid country choice.' }, status_code: 400 })
    expect((await client.api('GET', '/institutions/SANDBOXFINANCE_SFIN0000/')).body['name']).toBe('Sandbox Finance')
    expect((await client.api('GET', '/institutions/NO_SUCH/')).status).toBe(404)
  })
})

describe('agreements', () => {
  it('refuses more history or access than the bank allows, naming both fields', async () => {
    const client = await start()
    const asked = { institution_id: BANK, max_historical_days: 731, access_valid_for_days: 181 }
    const refused = await client.api('POST', '/agreements/enduser/', asked)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      max_historical_days: { summary: 'Incorrect max_historical_days' },
      access_valid_for_days: { summary: 'Incorrect access_valid_for_days' },
    })
    const made = await client.api('POST', '/agreements/enduser/', { institution_id: BANK })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ max_historical_days: 90, access_valid_for_days: 90, accepted: null })
    const accept = { user_agent: 'x', ip_address: '192.0.2.1' }
    const path = `/agreements/enduser/${String(made.body['id'])}/accept/`
    expect((await client.api('PUT', path, accept)).status).toBe(403)
    client.control.switches({ mayAccept: true })
    expect((await client.api('PUT', path, accept)).status).toBe(200)
    expect((await client.api('PUT', path, accept)).status).toBe(405)
  })

  it('pages its list', async () => {
    const client = await start()
    for (let n = 0; n < 3; n += 1) await client.api('POST', '/agreements/enduser/', { institution_id: BANK })
    const first = await client.api('GET', '/agreements/enduser/?limit=2')
    expect(first.body).toMatchObject({ count: 3, previous: null })
    const next = await client.call('GET', String(first.body['next']).slice(client.url.length))
    expect((next.body['results'] as unknown[]).length).toBe(1)
    expect((await client.api('GET', '/agreements/enduser/?limit=0')).status).toBe(400)
  })
})

describe('requisitions', () => {
  it('wants a new reference and a free agreement of the same bank', async () => {
    const client = await start()
    const agreement = (await client.api('POST', '/agreements/enduser/', { institution_id: BANK })).body['id']
    const asked = { redirect: 'https://a.example', institution_id: BANK, reference: 'r1', agreement }
    expect((await client.api('POST', '/requisitions/', asked)).status).toBe(201)
    const twice = await client.api('POST', '/requisitions/', { ...asked, agreement: undefined })
    expect(twice.body).toMatchObject({ reference: { summary: 'Client reference must be unique' } })
    const taken = await client.api('POST', '/requisitions/', { ...asked, reference: 'r2' })
    expect(taken.status).toBe(400)
    expect(JSON.stringify(taken.body)).toContain('is already associated')
  })

  it('counts the plan, deleted ones too', async () => {
    const client = await start({ switches: { requisitionsPerMonth: 1 } })
    const { id } = await client.connect()
    expect((await client.api('DELETE', `/requisitions/${id}/`)).status).toBe(200)
    const over = await client.api('POST', '/requisitions/', { redirect: 'https://a.example', institution_id: BANK })
    expect([over.status, over.body['summary']]).toEqual([402, 'Payment Required'])
  })

  it('goes through its states, and its link works once', async () => {
    const client = await start()
    const asked = {
      redirect: 'https://a.example/back?x=1',
      institution_id: BANK,
      reference: 'r 1',
      account_selection: true,
    }
    const made = await client.api('POST', '/requisitions/', asked)
    const link = String(made.body['link']).slice(client.url.length)
    const status = async () => (await client.api('GET', `/requisitions/${String(made.body['id'])}/`)).body['status']
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await status()).toBe('CR')
    const consent = await client.call('GET', link)
    expect(consent.text).toContain('Simulation: no real bank')
    const visit = /action="(\/ob\/[^/]+)\/agree"/.exec(consent.text)![1]!
    expect(await status()).toBe('GC')
    expect((await client.call('POST', `${visit}/agree`)).headers.get('location')).toBe(visit)
    expect(await status()).toBe('UA')
    expect((await client.call('GET', visit)).text).toContain('Log in and approve')
    await client.call('POST', `${visit}/approve`)
    expect(await status()).toBe('SA')
    expect((await client.call('GET', visit)).text).toContain('DE02120300000000202051')
    const done = await fetch(`${client.url}${visit}/select`, {
      method: 'POST',
      redirect: 'manual',
      headers: form,
      body: 'account=main',
    })
    expect(done.headers.get('location')).toBe('https://a.example/back?x=1&ref=r+1')
    expect(await status()).toBe('LN')
    expect((await client.call('GET', visit)).status).toBe(410)
    const again = await client.call('GET', link)
    expect(again.headers.get('location')).toBe(
      'https://a.example/back?x=1&ref=r+1&error=RequisitionLinkReused&details=The+requisition+link+was+used+before',
    )
    const states = client.control.state().requisitions[0]!.history.map((step) => step.status)
    expect(states).toEqual(['CR', 'GC', 'UA', 'SA', 'GA', 'LN'])
  })

  it.each([
    ['cancel', 'UserCancelledSession', 'CR'],
    ['reject', 'UserSessionRejected', 'RJ'],
    ['technical-error', 'InstitutionTechnicalError', 'CR'],
  ])('%s comes back as %s', async (verb, error, status) => {
    const client = await start()
    await client.api('POST', '/requisitions/', {
      redirect: 'https://a.example',
      institution_id: BANK,
      reference: 'mine',
    })
    const decided = await client.call('POST', `/__control/requisitions/mine/${verb}`)
    expect(decided.body['status']).toBe(status)
    expect(new URL(String(decided.body['redirect_to'])).searchParams.get('error')).toBe(error)
  })
})

describe('control', () => {
  it('counts calls, refuses nonsense, and is not for other origins', async () => {
    const client = await start()
    await client.api('GET', '/institutions/?country=DE')
    expect(client.control.counters()['institutions/list']).toEqual({ calls: 1, byStatus: { 200: 1 } })
    expect((await client.call('POST', '/__control/faults', { kind: 'sulk' })).status).toBe(400)
    expect((await client.call('GET', '/__control/nothing')).status).toBe(404)
    expect((await client.call('GET', '/__control/state', undefined, { origin: 'https://evil.example' })).status).toBe(
      404,
    )
    const clock = await client.call('PUT', '/__control/clock', { now: '2027-01-01T00:00:00Z', frozen: true })
    expect(clock.body['now']).toBe('2027-01-01T00:00:00.000Z')
  })
})
