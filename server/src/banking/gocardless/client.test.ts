import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, type ReceiverAnswer, startReceiver } from '../../../test/setup/receiver.ts'
import { testClock } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { createGocardlessClient, type GocardlessClient } from './client.ts'

const HOUR = 3_600_000
const json = (body: unknown, status = 200): ReceiverAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const INVALID_TOKEN = json({ summary: 'Invalid token', detail: 'Token is invalid or expired', status_code: 401 }, 401)

let server: Receiver
let outbound: Outbound
let clock: ReturnType<typeof testClock>
let client: GocardlessClient
let pairs: number
/** What the API answers to everything but tokens. */
let data: (token: string, path: string) => ReceiverAnswer | Promise<ReceiverAnswer>
let refresh: (body: { refresh: string }) => ReceiverAnswer

beforeEach(async () => {
  server = await startReceiver()
  outbound = createOutbound({ allowedPrivateHosts: [server.host] })
  clock = testClock('2026-03-01T12:00:00Z')
  client = createGocardlessClient({
    outbound,
    clock,
    baseUrl: server.url,
    secretId: 'id',
    secretKey: new Secret('the secret key'),
  })
  pairs = 0
  data = () => json({ ok: true })
  refresh = () => json({ access: `refreshed-${pairs}`, access_expires: 86_400 })
  server.answer((request) => {
    if (request.path.endsWith('/token/refresh/')) return refresh(request.json())
    if (request.path.endsWith('/token/new/')) {
      pairs += 1
      return json({
        access: `access-${pairs}`,
        access_expires: 86_400,
        refresh: `refresh-${pairs}`,
        refresh_expires: 2_592_000,
      })
    }
    return data(request.headers.authorization ?? '', request.path)
  })
})
afterEach(async () => {
  await outbound.close()
  await server.close()
})

const paths = (): string[] => server.requests.map((request) => request.path.replace('/api/v2', ''))

describe('the token', () => {
  it('is fetched once for calls that begin together, and used again', async () => {
    await Promise.all([client.get('/a/'), client.get('/b/'), client.get('/c/')])
    await client.get('/d/')
    expect(paths().toSorted()).toEqual(['/a/', '/b/', '/c/', '/d/', '/token/new/'])
    expect(server.requests[0]!.json()).toEqual({ secret_id: 'id', secret_key: 'the secret key' })
    expect(server.requests.slice(1).every((request) => request.headers.authorization === 'Bearer access-1')).toBe(true)
  })

  it('is renewed an hour before its end, once, by the refresh token', async () => {
    await client.get('/a/')
    clock.advance(22 * HOUR)
    await client.get('/b/')
    expect(paths()).toEqual(['/token/new/', '/a/', '/b/'])
    clock.advance(1.5 * HOUR)
    await Promise.all([client.get('/c/'), client.get('/d/')])
    expect(paths().slice(3).toSorted()).toEqual(['/c/', '/d/', '/token/refresh/'])
    expect(server.requests.at(-1)!.headers.authorization).toBe('Bearer refreshed-1')
  })

  it('keeps a refresh token that is not given anew, and takes one that is', async () => {
    const used: string[] = []
    refresh = (body) => {
      used.push(body.refresh)
      return json({
        access: 'x',
        access_expires: 86_400,
        ...(used.length === 2 ? { refresh: 'rotated', refresh_expires: 2_592_000 } : {}),
      })
    }
    for (let day = 0; day < 4; day++) {
      await client.get('/a/')
      clock.advance(24 * HOUR)
    }
    expect(used).toEqual(['refresh-1', 'refresh-1', 'rotated'])
  })

  it.each([
    ['is refused', () => INVALID_TOKEN],
    ['is answered with nonsense', () => ({ status: 500, body: '<html>' })],
  ])('is fetched anew when the refresh %s', async (_what, answer) => {
    await client.get('/a/')
    refresh = answer
    clock.advance(24 * HOUR)
    await client.get('/b/')
    expect(paths().slice(2)).toEqual(['/token/refresh/', '/token/new/', '/b/'])
  })

  it('is fetched anew once the refresh token has ended, without asking', async () => {
    await client.get('/a/')
    clock.advance(31 * 24 * HOUR)
    await client.get('/b/')
    expect(paths().slice(2)).toEqual(['/token/new/', '/b/'])
  })

  it('that dies before its time is replaced, and the call made once more', async () => {
    data = (token) => (token === 'Bearer access-1' ? INVALID_TOKEN : json({ ok: true }))
    expect(await client.get('/a/')).toEqual({ ok: true })
    expect(paths()).toEqual(['/token/new/', '/a/', '/token/new/', '/a/'])
  })

  it('that is refused again is no loop', async () => {
    data = () => INVALID_TOKEN
    await expect(client.get('/a/')).rejects.toMatchObject({ fault: 'unreachable', reason: 'invalid_token' })
    expect(paths()).toEqual(['/token/new/', '/a/', '/token/new/', '/a/'])
  })

  it('does not make an expired consent a matter of tokens', async () => {
    data = () => json({ summary: 'End User Agreement (EUA) x has expired', detail: '', status_code: 401 }, 401)
    await expect(client.get('/a/')).rejects.toMatchObject({ fault: 'consent_expired' })
    expect(paths()).toEqual(['/token/new/', '/a/'])
  })
})

describe('secrets', () => {
  it.each([
    [401, { summary: 'Authentication failed', detail: '', status_code: 401 }, 'bad_credentials'],
    [403, { summary: 'IP address access denied', detail: '', status_code: 403 }, 'ip_not_allowed'],
  ])('refused with %i', async (status, body, reason) => {
    server.answer(() => json(body, status))
    const refused = client.get('/a/')
    await expect(refused).rejects.toMatchObject({ fault: 'credentials', reason })
    await expect(refused).rejects.not.toThrow(/the secret key/)
    expect(paths()).toEqual(['/token/new/'])
  })

  it('that work again after a refusal are used', async () => {
    server.answer(() => json({ summary: 'Rate limit exceeded', detail: 'try again in 30 seconds' }, 429))
    await expect(client.get('/a/')).rejects.toMatchObject({
      fault: 'later',
      notBefore: new Date('2026-03-01T12:00:30Z'),
    })
    server.answer((request) =>
      request.path.includes('token') ? json({ access: 'x', access_expires: 86_400 }) : json([]),
    )
    expect(await client.get('/a/')).toEqual([])
  })
})

describe('an answer', () => {
  it('sends query and body as they are meant, and reads nothing from an empty one', async () => {
    data = (_token, path) => (path.includes('gone') ? { status: 204 } : json({ ok: 1 }))
    await client.get('/accounts/x/transactions/', { date_from: '2026-01-01', date_to: '2026-02-01' })
    await client.post('/requisitions/', { reference: 'ä' })
    await client.delete('/requisitions/gone/')
    expect(paths().slice(1)).toEqual([
      '/accounts/x/transactions/?date_from=2026-01-01&date_to=2026-02-01',
      '/requisitions/',
      '/requisitions/gone/',
    ])
    expect(server.requests[2]!.json()).toEqual({ reference: 'ä' })
  })

  it.each([
    ['HTML', { status: 200, body: '<html>' }],
    ['half of it', { status: 200, body: '{"transactions":' }],
  ])('that is %s is unreadable', async (_what, answer) => {
    data = () => answer
    await expect(client.get('/a/')).rejects.toMatchObject({ fault: 'unreachable', reason: 'unreadable_answer' })
  })

  it('that never comes, or is cut, is unreachable', async () => {
    data = () => 'hangUp'
    await expect(client.get('/a/')).rejects.toMatchObject({
      fault: 'unreachable',
      reason: expect.stringMatching(/^unreachable_/),
    })
  })

  it('is bounded in time and size by whoever goes outside', async () => {
    const asked: { budgetMs: number; maxBytes: number }[] = []
    const watched = createGocardlessClient({
      outbound: {
        ...outbound,
        request: (order) => {
          asked.push({ budgetMs: order.budgetMs, maxBytes: order.maxBytes })
          return outbound.request(order)
        },
      },
      clock,
      baseUrl: server.url,
      secretId: 'id',
      secretKey: new Secret('key'),
    })
    await watched.get('/a/')
    const bounds = { budgetMs: 60_000, maxBytes: 64 * 1024 * 1024 }
    expect(asked).toEqual([bounds, bounds])
  })
})
