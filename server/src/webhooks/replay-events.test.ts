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

describe('replay', () => {
  it('sends the events of a range again, each as a new delivery of the same event', async () => {
    const webhook = await hooks.subscribe(tenant, { events: ['invoice.*'] })
    hooks.receiver.answer((request) => ({ status: request.json().data.bad ? 410 : 200 }))
    for (const bad of [false, false, true]) {
      await hooks.say(tenant, 'invoice.paid', { bad })
      await hooks.deliver()
    }
    await hooks.say(tenant, 'match.applied')
    await tenant.call('PATCH', `/webhooks/${webhook.id}`, { active: true })
    hooks.receiver.answer(() => ({ status: 200 }))
    const replay = (body: object) =>
      tenant.call('POST', `/webhooks/${webhook.id}/replay`, { from: '2025-01-01T00:00:00Z', ...body })
    expect((await replay({ only_failed: true, dry_run: true })).body).toEqual({ events: 1 })
    expect((await replay({ dry_run: true })).body).toEqual({ events: 3 })
    expect((await replay({ to: '2025-01-02' })).body).toEqual({ events: 0 })
    const failed = await replay({ only_failed: true })
    expect([failed.status, failed.body]).toEqual([202, { events: 1 }])
    expect(await hooks.deliver()).toBe(1)
    const rows = await hooks.deliveries(tenant, webhook)
    expect(rows).toHaveLength(4)
    expect(rows[3]).toMatchObject({ status: 'delivered', event_id: rows[2].event_id })
    expect(rows[3].id).not.toBe(rows[2].id)
    expect((await replay({ only_failed: true })).body).toEqual({ events: 0 })
  })
})
