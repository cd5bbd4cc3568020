import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestTenant } from '../../test/setup/app.ts'
import { createWebhookApp, type WebhookApp } from '../../test/setup/factories-webhooks.ts'

let hooks: WebhookApp
let tenant: TestTenant

beforeAll(async () => {
  hooks = await createWebhookApp()
  tenant = await hooks.tenant()
})
afterAll(() => hooks.stop())

describe('GET /webhooks/{id}/deliveries/{dlv}', () => {
  it('200: shows the request as it arrived, without the signatures, at every attempt', async () => {
    const webhook = await hooks.subscribe(tenant)
    hooks.receiver.answer(() => ({ status: 500 }))
    await hooks.say(tenant, 'invoice.paid', { id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', number: 'Zürich-1' })
    const [{ id, ...listed }] = (await hooks.deliveries(tenant, webhook)) as [{ id: string }]
    const path = `/webhooks/${webhook.id}/deliveries/${id}`
    const waiting = (await tenant.call('GET', path)).body
    expect(waiting.request_headers).toBeNull()
    expect(listed).not.toHaveProperty('request_body')

    const before = hooks.receiver.requests.length
    await hooks.deliver()
    await hooks.makeDue(tenant)
    await hooks.deliver()
    const arrived = hooks.receiver.requests.slice(before)
    expect(arrived).toHaveLength(2)
    const shown = (await tenant.call('GET', path)).body
    expect(shown.request_body).toBe(arrived[1]!.body.toString())
    expect(waiting.request_body).toBe(shown.request_body)
    const { 'x-payymo-signature': own, 'webhook-signature': standard, ...rest } = shown.request_headers
    expect(arrived[1]!.headers).toMatchObject(rest)
    expect(rest['x-payymo-attempt']).toBe('2')
    // Everything but the signatures, nothing of the connection.
    const ofConnection = new Set([
      'host',
      'connection',
      'content-length',
      'accept-encoding',
      'accept',
      'transfer-encoding',
    ])
    expect(
      Object.keys(arrived[1]!.headers)
        .filter((name) => !ofConnection.has(name))
        .toSorted(),
    ).toEqual(Object.keys(shown.request_headers).toSorted())
    expect(own).toBe(`t=${rest['webhook-timestamp']},v1=(hidden)`)
    expect(standard).toBe('v1,(hidden)')
    for (const secret of [webhook.secret, ...String(arrived[1]!.headers['x-payymo-signature']).split('v1=').slice(1)])
      expect(JSON.stringify(shown)).not.toContain(secret)
  })
})
