import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWebhookApp, type WebhookApp } from '../../test/setup/factories-webhooks.ts'
import type { TestTenant } from '../../test/setup/app.ts'

let hooks: WebhookApp
let tenant: TestTenant

beforeEach(async () => {
  hooks = await createWebhookApp({ deps: { callBudgetMs: 300 } })
  tenant = await hooks.tenant()
})
afterEach(async () => {
  await hooks.stop()
  expect(hooks.errors).toEqual([])
})

const run = (sql: string, values: unknown[] = []) =>
  hooks.store.read(tenant.id, (tx) => tx.run(sql, [tx.tenantUuid, ...values]))
const alerts = () =>
  hooks.store.read(tenant.id, (tx) =>
    tx.many<{ code: string; open: boolean }>(
      'select code, closed_at is null as open from alerts where tenant_id = $1 order by id',
      [tx.tenantUuid],
    ),
  )

describe('what is sent', () => {
  it('is the event, byte for byte, signed in both ways', async () => {
    const { id, secret } = await hooks.subscribe(tenant)
    await hooks.say(tenant, 'invoice.paid', { id: 'inv_1', name: 'Žluťoučký 🦊' })
    expect(await hooks.deliver()).toBe(1)
    const [request] = hooks.receiver.requests
    const { body: stored } = await hooks.store.read(tenant.id, (tx) =>
      tx.one<{ body: string }>('select body from events where tenant_id = $1', [tx.tenantUuid]),
    )
    expect(request!.body.toString()).toBe(stored)
    const [delivery] = await hooks.deliveries(tenant, { id })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Payymo-Webhooks/1',
        'x-payymo-delivery': delivery.id,
        'x-payymo-attempt': '1',
        'webhook-id': delivery.event_id,
      },
    })
    expect(new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)).toEqual(
      JSON.parse(stored),
    )
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(request!.headers['x-payymo-signature'] as string)!
    expect(createHmac('sha256', secret).update(`${t}.${stored}`).digest('hex')).toBe(v1)
    expect(delivery).toMatchObject({
      status: 'delivered',
      next_attempt_at: null,
      attempts: [{ status_code: 200, response_body: '', error: null }],
    })
  })

  it('goes to those who want it, once each, and only within the tenant', async () => {
    const stranger = await hooks.tenant()
    await hooks.subscribe(stranger, { path: '/stranger' })
    await hooks.subscribe(tenant, { path: '/matches', events: ['match.*'] })
    await hooks.subscribe(tenant, { path: '/paid', events: ['invoice.paid', 'invoice.*'] })
    await hooks.subscribe(tenant, { path: '/all' })
    await hooks.say(tenant, 'invoice.paid')
    await hooks.deliver()
    expect(hooks.receiver.requests.map(({ path }) => path).sort()).toEqual(['/all', '/paid'])
    expect(await hooks.deliver()).toBe(0)
  })

  it('is nothing when the change is rolled back', async () => {
    await hooks.subscribe(tenant)
    await hooks.store
      .change(tenant.id, { type: 'system', id: 't', name: 't', ip: null, requestId: null }, async (tx) => {
        tx.event('invoice.paid', 'inv_1', {})
        await tx.run('select 1 / 0')
      })
      .catch(() => {})
    expect(await hooks.deliver()).toBe(0)
  })

  it('carries two signatures for 24 hours after a rotation, then one', async () => {
    const { id, secret: former } = await hooks.subscribe(tenant)
    const rotated = await tenant.call('POST', `/webhooks/${id}/rotate-secret`)
    expect(rotated.status).toBe(200)
    const { secret } = rotated.body
    expect(secret).not.toBe(former)
    expect(Date.parse(rotated.body.previous_secret_valid_until) - Date.now()).toBeGreaterThan(86_000_000)
    await hooks.say(tenant)
    await hooks.deliver()
    const signs = (header: unknown, key: string, body: Buffer) => {
      const [t, ...rest] = String(header).split(',')
      return rest.indexOf(
        `v1=${createHmac('sha256', key)
          .update(`${t!.slice(2)}.`)
          .update(body)
          .digest('hex')}`,
      )
    }
    const [first] = hooks.receiver.requests
    expect(signs(first!.headers['x-payymo-signature'], secret, first!.body)).toBe(0)
    expect(signs(first!.headers['x-payymo-signature'], former, first!.body)).toBe(1)
    for (const key of [secret, former]) {
      expect(new Webhook(key).verify(first!.body, first!.headers as Record<string, string>)).toBeDefined()
    }
    await run("update webhooks set previous_until = now() - interval '1 second' where tenant_id = $1")
    await hooks.say(tenant)
    await hooks.deliver()
    const second = hooks.receiver.requests[1]!
    expect(signs(second.headers['x-payymo-signature'], secret, second.body)).toBe(0)
    expect(signs(second.headers['x-payymo-signature'], former, second.body)).toBe(-1)
    expect((await tenant.call('GET', `/webhooks/${id}`)).body.previous_secret_valid_until).toBeNull()
  })
})

describe('failure', () => {
  it('is retried on schedule: six attempts, then dead, then again by hand', async () => {
    const webhook = await hooks.subscribe(tenant, { events: ['invoice.*'] })
    hooks.receiver.answer(() => ({ status: 500, body: 'out of order' }))
    await hooks.say(tenant)
    for (const seconds of [60, 120, 240, 480, 960]) {
      expect(await hooks.deliver()).toBe(1)
      expect(await hooks.deliver()).toBe(0)
      const row = await hooks.store.read(tenant.id, (tx) =>
        tx.one<{ wait: string }>(
          'select extract(epoch from due_at - updated_at)::text as wait from deliveries where tenant_id = $1',
          [tx.tenantUuid],
        ),
      )
      expect(Number(row.wait)).toBeGreaterThanOrEqual(seconds)
      expect(Number(row.wait)).toBeLessThanOrEqual(seconds * 1.1 + 0.001)
      await hooks.makeDue(tenant)
    }
    expect(await hooks.deliver()).toBe(1)
    await hooks.makeDue(tenant)
    expect(await hooks.deliver()).toBe(0)
    const [dead] = await hooks.deliveries(tenant, webhook)
    expect(dead.status).toBe('dead')
    expect(dead.next_attempt_at).toBeNull()
    expect(dead.attempts).toHaveLength(6)
    expect(dead.attempts[5]).toMatchObject({ status_code: 500, response_body: 'out of order', error: null })
    expect(hooks.receiver.requests.map(({ headers }) => headers['x-payymo-attempt'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ])
    expect(new Set(hooks.receiver.requests.map(({ body }) => body.toString())).size).toBe(1)
    expect(await alerts()).toEqual([{ code: 'webhook_failing', open: true }])

    hooks.receiver.answer(() => ({ status: 204 }))
    const again = await tenant.call('POST', `/webhooks/${webhook.id}/deliveries/${dead.id}/redeliver`)
    expect([again.status, again.body.status]).toEqual([202, 'pending'])
    expect(await hooks.deliver()).toBe(1)
    const [delivered] = await hooks.deliveries(tenant, webhook)
    expect([delivered.id, delivered.status, delivered.attempts.length]).toEqual([dead.id, 'delivered', 7])
    expect(await alerts()).toEqual([{ code: 'webhook_failing', open: false }])
    expect((await tenant.call('GET', `/webhooks/${webhook.id}`)).body.failing_since).toBeNull()
  })

  it('brings all six attempts of itself, on a clock that runs ten thousand times faster', async () => {
    const fast = await createWebhookApp({ deps: { scaled: (ms) => ms / 10_000 } })
    const owner = await fast.tenant()
    const webhook = await fast.subscribe(owner, { events: ['invoice.*'] })
    fast.receiver.answer(() => ({ status: 500 }))
    const worker = fast.startWorker()
    await fast.say(owner)
    await fast.receiver.received(6)
    await worker.stop(5_000)
    expect((await fast.deliveries(owner, webhook))[0]).toMatchObject({ status: 'dead' })
    expect(fast.receiver.requests).toHaveLength(6)
    expect(fast.errors).toEqual([])
    await fast.stop()
  })

  it.each([
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, { status_code: 302, error: null }],
    ['a permanent redirect', { status: 308, headers: { location: '/elsewhere' } }, { status_code: 308, error: null }],
    ['a refusal', { status: 404 }, { status_code: 404, error: null }],
    ['a cut connection', 'hangUp', { status_code: null, error: expect.stringContaining('ended before an answer') }],
    ['silence', 'hang', { status_code: null, error: expect.stringContaining('Out of time') }],
    [
      'too long an answer',
      { status: 200, body: 'x'.repeat(70_000) },
      { status_code: null, error: expect.stringContaining('larger') },
    ],
  ] as const)('%s is one', async (_name, answer, entry) => {
    const webhook = await hooks.subscribe(tenant)
    hooks.receiver.answer(() => answer)
    await hooks.say(tenant)
    await hooks.deliver()
    const [delivery] = await hooks.deliveries(tenant, webhook)
    expect(delivery).toMatchObject({ status: 'pending', attempts: [entry] })
    expect(hooks.receiver.requests).toHaveLength(1)
  })

  it('503 with Retry-After waits that long, up to twice the step', async () => {
    await hooks.subscribe(tenant)
    hooks.receiver.answer(() => ({ status: 503, headers: { 'retry-after': '100' } }))
    await hooks.say(tenant)
    await hooks.deliver()
    const { wait } = await hooks.store.read(tenant.id, (tx) =>
      tx.one<{ wait: string }>(
        'select extract(epoch from due_at - now())::text as wait from deliveries where tenant_id = $1',
        [tx.tenantUuid],
      ),
    )
    expect(Number(wait)).toBeGreaterThan(90)
    expect(Number(wait)).toBeLessThanOrEqual(110)
  })

  it('binary answers do not block the queue', async () => {
    const webhook = await hooks.subscribe(tenant)
    hooks.receiver.answer(() => ({ status: 200, body: Buffer.from([0, 0xff, 0xed, 0xa0, 0x80, 0x61, 0]) }))
    await hooks.say(tenant)
    await hooks.say(tenant)
    await hooks.deliver()
    const rows = await hooks.deliveries(tenant, webhook)
    expect(rows.map((row) => row.status)).toEqual(['delivered', 'delivered'])
    expect(rows[0].attempts[0].response_body).toBe('\ufffd\ufffd\ufffd\ufffda')
  })

  it('410 switches the webhook off, stops what waits, and tells the others', async () => {
    const gone = await hooks.subscribe(tenant, { path: '/gone' })
    const witness = await hooks.subscribe(tenant, { path: '/witness', events: ['webhook.disabled'] })
    hooks.receiver.answer(({ path }) => ({ status: path === '/gone' ? 410 : 200 }))
    for (let count = 0; count < 8; count++) await hooks.say(tenant)
    await hooks.deliver()
    const rows = await hooks.deliveries(tenant, gone)
    expect(rows.map((row) => row.status)).toEqual(Array.from({ length: 8 }, () => 'failed'))
    expect(rows.filter((row) => row.attempts.length === 1)).toHaveLength(5)
    expect((await tenant.call('GET', `/webhooks/${gone.id}`)).body).toMatchObject({
      active: false,
      disabled_reason: 'gone',
    })
    await hooks.deliver()
    const heard = hooks.receiver.requests.filter(({ path }) => path === '/witness')
    expect(heard.map((request) => request.json())).toMatchObject([
      { event_type: 'webhook.disabled', data: { id: gone.id, active: false } },
    ])
    expect(await hooks.deliveries(tenant, witness)).toHaveLength(1)
    expect(await alerts()).toEqual([{ code: 'webhook_disabled', open: true }])
    const on = await tenant.call('PATCH', `/webhooks/${gone.id}`, { active: true })
    expect(on.body).toMatchObject({ active: true, disabled_reason: null })
    expect(await alerts()).toEqual([{ code: 'webhook_disabled', open: false }])
  })

  it('for five days without a success switches the webhook off', async () => {
    const webhook = await hooks.subscribe(tenant)
    hooks.receiver.answer(() => ({ status: 500 }))
    await hooks.say(tenant)
    await hooks.deliver()
    await run("update webhooks set failing_since = now() - interval '5 days 1 minute' where tenant_id = $1")
    await hooks.makeDue(tenant)
    await hooks.deliver()
    expect((await tenant.call('GET', `/webhooks/${webhook.id}`)).body).toMatchObject({
      active: false,
      disabled_reason: 'failing',
    })
    expect((await hooks.deliveries(tenant, webhook))[0]).toMatchObject({ status: 'failed' })
  })
})

describe('the sweep', () => {
  it('forgets settled deliveries after 30 days and nothing that waits', async () => {
    const webhook = await hooks.subscribe(tenant)
    await hooks.say(tenant)
    await hooks.deliver()
    await hooks.say(tenant)
    await run("update deliveries set updated_at = now() - interval '29 days' where tenant_id = $1")
    await hooks.sweep()
    expect(await hooks.deliveries(tenant, webhook)).toHaveLength(2)
    await run("update deliveries set updated_at = now() - interval '31 days' where tenant_id = $1")
    await hooks.sweep()
    expect(await hooks.deliveries(tenant, webhook)).toMatchObject([{ status: 'pending' }])
  })
})
