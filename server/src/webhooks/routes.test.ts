import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../base/ids.ts'
import { createWebhookApp, type Subscribed, type WebhookApp } from '../../test/setup/factories-webhooks.ts'
import type { TestTenant } from '../../test/setup/app.ts'

let hooks: WebhookApp
let tenant: TestTenant
let other: TestTenant
let reader: TestTenant

/** A name server that knows one public and one private name. */
const resolve = async (name: string) => {
  if (name === 'receiver.example') return ['93.184.216.34']
  if (name === 'inside.example') return ['93.184.216.34', '10.0.0.7']
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
}

beforeAll(async () => {
  hooks = await createWebhookApp({ outbound: { resolve } })
  tenant = await hooks.tenant()
  other = await hooks.tenant()
  reader = await hooks.tenant({ permissions: ['webhooks:read'] })
})
afterAll(() => hooks.stop())

const subscribe = (): Promise<Subscribed> => hooks.subscribe(tenant, { events: ['match.*'] })

describe('POST /webhooks', () => {
  it('201: shows the secret here and nowhere else', async () => {
    const made = await tenant.call('POST', '/webhooks', {
      url: 'https://receiver.example/hook?a=1',
      events: ['match.*', 'invoice.paid', 'invoice.paid'],
    })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/v1/webhooks/${made.body.id}`)
    expect(made.body).toMatchObject({
      url: 'https://receiver.example/hook?a=1',
      events: ['match.*', 'invoice.paid'],
      active: true,
      disabled_reason: null,
    })
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const read = await tenant.call('GET', `/webhooks/${made.body.id}`)
    const { secret, ...rest } = made.body
    expect(read.body).toEqual(rest)
    const stored = await hooks.store.read(tenant.id, async (tx) => ({
      webhooks: await tx.many('select webhooks::text as row from webhooks where tenant_id = $1', [tx.tenantUuid]),
      audit: await tx.many('select entry::text from audit_events where tenant_id = $1', [tx.tenantUuid]),
    }))
    expect(JSON.stringify(stored)).not.toContain(secret)
    expect(JSON.stringify(stored)).not.toContain(Buffer.from(secret).toString('hex'))
    expect(JSON.stringify(stored.audit)).toContain('webhook.create')
  })

  it('400: names every field at fault', async () => {
    const answer = await tenant.call('POST', '/webhooks', { events: ['match.exploded', '*'], colour: 'red' })
    expect(answer.status).toBe(400)
    expect(answer.body.error.details).toEqual(
      expect.arrayContaining([
        { field: 'url', issue: 'This field is required' },
        { field: 'events.0', issue: 'Must be a type listed at /event-types, a group such as match.*, or *' },
        { field: 'colour', issue: 'This field is not known' },
      ]),
    )
  })

  it.each([
    { url: 'not an address', events: ['*'] },
    { url: 'ftp://receiver.example/', events: ['*'] },
    { url: 'https://receiver.example/', events: [] },
    { url: 'https://receiver.example/', events: 'match.*' },
  ])('400: %j', async (body) => {
    expect((await tenant.call('POST', '/webhooks', body)).status).toBe(400)
  })

  it.each([
    'http://receiver.example/hook',
    'https://receiver.example:25/hook',
    'https://user:pass@receiver.example/hook',
    'https://inside.example/hook',
    'https://127.0.0.1/hook',
    'https://0x7f.1/hook',
    'https://[::1]/hook',
    'https://localhost/hook',
    'https://169.254.169.254/latest/meta-data',
  ])('422: will not call %s', async (url) => {
    const answer = await tenant.call('POST', '/webhooks', { url, events: ['*'] })
    expect(answer.status).toBe(422)
    expect(answer.body.error.details).toEqual([{ field: 'url', issue: expect.any(String) }])
  })

  it('403: needs webhooks:write', async () => {
    const answer = await reader.call('POST', '/webhooks', { url: 'https://receiver.example/', events: ['*'] })
    expect(answer.status).toBe(403)
    expect((await reader.call('GET', '/webhooks')).status).toBe(200)
  })
})

describe('GET /webhooks', () => {
  it('200: lists the own ones, newest first, without deleted ones and without secrets', async () => {
    const fresh = await hooks.tenant()
    const first = await hooks.subscribe(fresh)
    const second = await hooks.subscribe(fresh)
    const third = await hooks.subscribe(fresh)
    await fresh.call('DELETE', `/webhooks/${second.id}`)
    await fresh.call('PATCH', `/webhooks/${first.id}`, { active: false })
    const list = await fresh.call('GET', '/webhooks')
    expect(list.body.data.map((row: Subscribed) => row.id)).toEqual([third.id, first.id])
    expect(list.body.pagination.total_items).toBe(2)
    expect(JSON.stringify(list.body)).not.toContain('whsec_')
    const active = await fresh.call('GET', '/webhooks?active=true')
    expect(active.body.data.map((row: Subscribed) => row.id)).toEqual([third.id])
  })
})

describe('404', () => {
  it.each([
    ['GET', ''],
    ['PATCH', '', { active: false }],
    ['DELETE', ''],
    ['POST', '/rotate-secret'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['GET', `/deliveries/${newId('dlv')}`],
    ['POST', `/deliveries/${newId('dlv')}/redeliver`],
    ['POST', '/replay', { from: '2025-01-01' }],
  ])('404: %s /webhooks/{id}%s is the same for strangers, made-up and deleted ones', async (method, path, body?) => {
    const mine = await subscribe()
    const gone = await subscribe()
    expect((await tenant.call('DELETE', `/webhooks/${gone.id}`)).status).toBe(204)
    const answers = [
      await other.call(method, `/webhooks/${mine.id}${path}`, body),
      await tenant.call(method, `/webhooks/${gone.id}${path}`, body),
      await tenant.call(method, `/webhooks/${newId('hook')}${path}`, body),
      await tenant.call(method, `/webhooks/nonsense${path}`, body),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    const texts = answers.map(({ body: { error } }) => JSON.stringify({ ...error, request_id: '' }))
    expect(new Set(texts).size).toBe(1)
    expect((await tenant.call('GET', `/webhooks/${mine.id}`)).body.active).toBe(true)
  })
})

describe('PATCH /webhooks/{id}', () => {
  it('200: changes what is named, keeps the rest', async () => {
    const { id } = await subscribe()
    const answer = await tenant.call('PATCH', `/webhooks/${id}`, { events: ['*'] })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ events: ['*'], url: `${hooks.receiver.url}/hook`, active: true })
    expect(answer.body.secret).toBeUndefined()
  })

  it('200: switching off stops what waits', async () => {
    const webhook = await subscribe()
    await hooks.say(tenant, 'match.applied')
    expect((await hooks.deliveries(tenant, webhook))[0]).toMatchObject({ status: 'pending' })
    await tenant.call('PATCH', `/webhooks/${webhook.id}`, { active: false })
    expect((await hooks.deliveries(tenant, webhook))[0]).toMatchObject({ status: 'failed', next_attempt_at: null })
    await hooks.say(tenant, 'match.applied')
    expect(await hooks.deliveries(tenant, webhook)).toHaveLength(1)
  })

  it('400 and 422: as on creation', async () => {
    const { id } = await subscribe()
    expect((await tenant.call('PATCH', `/webhooks/${id}`, { events: ['nothing.*'] })).status).toBe(400)
    expect((await tenant.call('PATCH', `/webhooks/${id}`, { secret: 'mine' })).status).toBe(400)
    expect((await tenant.call('PATCH', `/webhooks/${id}`, { url: 'https://10.0.0.1/' })).status).toBe(422)
  })
})

describe('POST /webhooks/{id}/test', () => {
  it('202: reaches this webhook alone, whatever it subscribes to', async () => {
    const webhook = await subscribe()
    const everything = await hooks.subscribe(tenant, { events: ['*'] })
    const answer = await tenant.call('POST', `/webhooks/${webhook.id}/test`)
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({
      webhook_id: webhook.id,
      event_type: 'webhook.test',
      status: 'pending',
      attempts: [],
    })
    expect(await hooks.deliveries(tenant, webhook)).toHaveLength(1)
    expect(await hooks.deliveries(tenant, everything)).toHaveLength(0)
    const read = await tenant.call('GET', `/webhooks/${webhook.id}/deliveries/${answer.body.id}`)
    expect(read.body.id).toBe(answer.body.id)
    const event = await tenant.call('GET', `/events/${answer.body.event_id}`)
    expect(event.body).toMatchObject({ event_type: 'webhook.test', data: { id: webhook.id } })
  })

  it('409: when it is switched off', async () => {
    const webhook = await subscribe()
    await tenant.call('PATCH', `/webhooks/${webhook.id}`, { active: false })
    expect((await tenant.call('POST', `/webhooks/${webhook.id}/test`)).status).toBe(409)
  })
})

describe('POST /webhooks/{id}/deliveries/{dlv}/redeliver', () => {
  it('202: a waiting delivery is due at once; 404: not under another webhook; 409: when it is switched off', async () => {
    const webhook = await subscribe()
    const neighbour = await subscribe()
    await hooks.say(tenant, 'match.applied')
    const [delivery] = await hooks.deliveries(tenant, webhook)
    const path = `deliveries/${delivery.id}/redeliver`
    expect((await tenant.call('POST', `/webhooks/${webhook.id}/${path}`)).status).toBe(202)
    expect((await tenant.call('POST', `/webhooks/${neighbour.id}/${path}`)).status).toBe(404)
    await tenant.call('PATCH', `/webhooks/${webhook.id}`, { active: false })
    const refused = await tenant.call('POST', `/webhooks/${webhook.id}/${path}`)
    expect([refused.status, refused.body.error.code]).toEqual([409, 'resource_conflict'])
  })
})

describe('GET /webhooks/{id}/deliveries', () => {
  it('200: pages, filters, and refuses what it does not know', async () => {
    const webhook = await hooks.subscribe(tenant, { events: ['payout.*'] })
    await hooks.say(tenant, 'payout.created')
    await hooks.say(tenant, 'payout.failed')
    const path = `/webhooks/${webhook.id}/deliveries`
    const first = await tenant.call('GET', `${path}?per_page=1`)
    expect(first.body.data[0].event_type).toBe('payout.failed')
    const second = await tenant.call('GET', `${path}?per_page=1&cursor=${first.body.pagination.next_cursor}`)
    expect(second.body.data[0].event_type).toBe('payout.created')
    const filtered = await tenant.call('GET', `${path}?event_type=payout.created&status=pending`)
    expect(filtered.body.data).toHaveLength(1)
    expect((await tenant.call('GET', `${path}?status=sent`)).status).toBe(400)
    expect((await tenant.call('GET', `${path}?webhook_id=${webhook.id}`)).status).toBe(400)
  })
})

describe('GET /events', () => {
  it('200: shows what was said, digits included, newest first', async () => {
    const fresh = await hooks.tenant()
    await hooks.say(fresh, 'invoice.created', { id: 'inv_1', balance: (JSON as any).rawJSON('1250.00') }) // oxlint-disable-line typescript/no-explicit-any -- not yet in the types
    await hooks.say(fresh, 'invoice.paid', { id: 'inv_1' })
    const list = await fresh.call('GET', '/events')
    expect(list.status).toBe(200)
    expect(list.body.data.map((event: { event_type: string }) => event.event_type)).toEqual([
      'invoice.paid',
      'invoice.created',
    ])
    const only = await fresh.call('GET', '/events?event_type=invoice.created&updated_since=2025-01-01')
    expect(only.body.data).toEqual([
      {
        id: list.body.data[1].id,
        event_type: 'invoice.created',
        tenant_id: fresh.id,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        data: { id: 'inv_1', balance: 1250 },
      },
    ])
    const bodies = await hooks.store.read(fresh.id, (tx) =>
      tx.many<{ body: string }>('select body from events where tenant_id = $1 order by id', [tx.tenantUuid]),
    )
    expect(bodies[0]!.body).toContain('"balance":1250.00')
    expect((await tenant.call('GET', `/events/${list.body.data[0].id}`)).status).toBe(404)
    expect((await fresh.call('GET', '/events?event_type=invoice.lost')).status).toBe(400)
  })
})

describe('GET /event-types', () => {
  it('200: is a list like any other', async () => {
    const first = await tenant.call('GET', '/event-types?per_page=20')
    expect(first.body.pagination).toMatchObject({ total_items: 26, total_pages: 2, current_page: 1, per_page: 20 })
    expect(first.body.data[0]).toMatchObject({
      event_type: 'transaction.created',
      description: 'A line of money was recorded.',
    })
    const second = await tenant.call('GET', `/event-types?per_page=20&cursor=${first.body.pagination.next_cursor}`)
    expect(second.body.data).toHaveLength(6)
    expect(second.body.pagination).toMatchObject({ total_items: null, current_page: null, next_cursor: null })
    expect((await tenant.call('GET', '/event-types?sort=-event_type')).body.data[0].event_type).toBe(
      'whmcs_instance.verified',
    )
    const found = await tenant.call('GET', '/event-types?q=pay quar')
    expect(found.body.data.map((row: { event_type: string }) => row.event_type)).toEqual(['payment.quarantined'])
    expect((await tenant.call('GET', '/event-types?updated_since=2999-01-01')).body.data).toEqual([])
  })

  it('400: a cursor that is none', async () => {
    expect((await tenant.call('GET', '/event-types?cursor=abc')).status).toBe(400)
  })
})
