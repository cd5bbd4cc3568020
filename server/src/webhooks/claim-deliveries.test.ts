import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWebhookApp, type WebhookApp } from '../../test/setup/factories-webhooks.ts'
import type { TestTenant } from '../../test/setup/app.ts'
import { findDueEndpoints } from './claim-deliveries.ts'
import { createClaim } from './worker.ts'

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

describe('several at once', () => {
  it('at most five are under way at one endpoint, however many workers there are', async () => {
    await hooks.subscribe(tenant)
    for (let count = 0; count < 12; count++) await hooks.say(tenant)
    const workers = [createClaim(hooks.deps), createClaim(hooks.deps), createClaim(hooks.deps)]
    const claims = await Promise.all(workers.map((claim) => claim(100)))
    expect(claims.flat()).toHaveLength(5)
    await Promise.all(claims.flat().map((piece) => piece()))
    expect(await workers[0]!(100)).toHaveLength(5)
  })

  it('an endpoint whose last answer was a failure is tried one at a time until it answers well', async () => {
    await hooks.subscribe(tenant)
    hooks.receiver.answer(() => ({ status: 500 }))
    await hooks.say(tenant)
    await hooks.deliver()
    for (let count = 0; count < 6; count++) await hooks.say(tenant)
    hooks.receiver.answer(() => ({ status: 200 }))
    expect(await createClaim(hooks.deps)(100)).toHaveLength(1)
    // With that one under way there is no room, and looking for work says so without opening the tenant.
    expect(await hooks.store.directory(findDueEndpoints)).toEqual([])
    await run(
      'update deliveries set due_at = now(), lease_until = now() where tenant_id = $1 and lease_until is not null',
    )
    expect(await hooks.deliver()).toBe(1)
    expect(await hooks.deliver()).toBe(5)
  })

  it('tenants take turns, whatever their backlog', async () => {
    const busy = await hooks.tenant()
    for (const path of ['/busy1', '/busy2', '/busy3']) await hooks.subscribe(busy, { path })
    await hooks.subscribe(tenant, { path: '/quiet' })
    for (let count = 0; count < 5; count++) await hooks.say(busy)
    await hooks.say(tenant)
    const claim = createClaim(hooks.deps)
    await Promise.all((await claim(4)).map((piece) => piece()))
    const paths = hooks.receiver.requests.map(({ path }) => path)
    expect(paths).toHaveLength(4)
    expect(paths).toContain('/quiet')
  })

  it('one slot goes to each tenant in turn', async () => {
    const tenants = [tenant, await hooks.tenant(), await hooks.tenant()]
    for (const [place, each] of tenants.entries()) {
      await hooks.subscribe(each, { path: `/${place}` })
      for (let count = 0; count < 3; count++) await hooks.say(each)
    }
    const claim = createClaim(hooks.deps)
    for (let turn = 0; turn < 6; turn++) for (const piece of await claim(1)) await piece()
    const paths = hooks.receiver.requests.map(({ path }) => path)
    expect(new Set(paths.slice(0, 3)).size).toBe(3)
    expect(new Set(paths.slice(3, 6)).size).toBe(3)
  })

  it('an endpoint that hangs holds up nobody else', async () => {
    await hooks.subscribe(tenant, { path: '/hangs' })
    await hooks.subscribe(tenant, { path: '/works' })
    const others = Promise.withResolvers<void>()
    let works = 0
    hooks.receiver.answer(({ path }) => {
      if (path === '/hangs') return 'hang'
      works += 1
      if (works === 20) others.resolve()
      return { status: 200 }
    })
    const worker = hooks.startWorker()
    for (let count = 0; count < 20; count++) await hooks.say(tenant)
    await others.promise
    await worker.stop(2_000)
    const paths = hooks.receiver.requests.map(({ path }) => path)
    expect(paths.filter((path) => path === '/works')).toHaveLength(20)
  })
})

describe('a worker that dies', () => {
  /** Takes what is due and is never heard of again. */
  const takeAndDie = async () => {
    const taken = await createClaim(hooks.deps)(100)
    await run(
      'update deliveries set lease_until = now(), due_at = now() where tenant_id = $1 and lease_until is not null',
    )
    return taken
  }

  it('is replaced when its lease has run out, and not before', async () => {
    const webhook = await hooks.subscribe(tenant)
    await hooks.say(tenant)
    expect(await createClaim(hooks.deps)(100)).toHaveLength(1)
    expect(await hooks.deliver()).toBe(0)
    const [taken] = await hooks.deliveries(tenant, webhook)
    expect(taken).toMatchObject({ status: 'pending', next_attempt_at: null })
    const impatient = await tenant.call('POST', `/webhooks/${webhook.id}/deliveries/${taken.id}/redeliver`)
    expect([impatient.status, impatient.body.error.code]).toEqual([409, 'resource_conflict'])
    const { lease } = await hooks.store.read(tenant.id, (tx) =>
      tx.one<{ lease: string }>(
        'select extract(epoch from lease_until - started_at)::text as lease from deliveries where tenant_id = $1',
        [tx.tenantUuid],
      ),
    )
    expect(Number(lease)).toBe(30)
    await run('update deliveries set lease_until = now(), due_at = now() where tenant_id = $1')
    expect(await hooks.deliver()).toBe(1)
    const [delivery] = await hooks.deliveries(tenant, webhook)
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: [
        { status_code: null, error: 'Interrupted: whether it arrived is not known' },
        { status_code: 200, error: null },
      ],
    })
    expect(delivery.attempts[0].at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('writes nothing when it comes back after another took over', async () => {
    const webhook = await hooks.subscribe(tenant)
    await hooks.say(tenant)
    const [late] = await takeAndDie()
    await hooks.deliver()
    hooks.receiver.answer(() => ({ status: 500 }))
    await late!()
    const [delivery] = await hooks.deliveries(tenant, webhook)
    expect([delivery.status, delivery.attempts.length]).toEqual(['delivered', 2])
  })

  it('again and again costs tries: never more than six are sent', async () => {
    const webhook = await hooks.subscribe(tenant, { events: ['invoice.*'] })
    await hooks.say(tenant)
    for (let count = 0; count < 6; count++) expect(await takeAndDie()).toHaveLength(1)
    await hooks.deliver()
    expect(hooks.receiver.requests).toHaveLength(0)
    const [delivery] = await hooks.deliveries(tenant, webhook)
    expect([delivery.status, delivery.attempts.length]).toEqual(['dead', 6])
    expect(await hooks.deliver()).toBe(0)
  })
})
