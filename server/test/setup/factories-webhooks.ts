import type { FastifyInstance } from 'fastify'
import { apiKeys, createAuthenticate } from '../../src/access/index.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { Id } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { systemActor } from '../../src/events/audit.ts'
import type { EventType } from '../../src/events/catalogue.ts'
import { createStore, type Store } from '../../src/events/store.ts'
import { createHttp } from '../../src/http/server.ts'
import { openWakeups } from '../../src/jobs/wake.ts'
import type { SlotWorker } from '../../src/jobs/slots.ts'
import { createOutbound, type OutboundOptions } from '../../src/outbound/index.ts'
import { createClaim, type DeliveryDeps, webhooksSlice } from '../../src/webhooks/index.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from './app.ts'
import { type Receiver, startReceiver } from './receiver.ts'

/** The webhooks slice by itself, on a database of its own, with a receiver it may call. */
export interface WebhookApp {
  app: TestApp
  store: Store
  receiver: Receiver
  deps: DeliveryDeps
  errors: unknown[]
  tenant(options?: { permissions?: string[] }): Promise<TestTenant>
  /** Appends one event of the tenant. */
  say(tenant: TestTenant, type?: EventType, data?: unknown): Promise<void>
  /** A subscription to the receiver; `path` tells several apart. */
  subscribe(tenant: TestTenant, change?: { path?: string; events?: string[]; url?: string }): Promise<Subscribed>
  deliveries(tenant: TestTenant, webhook: { id: string }): Promise<TestAnswer['body'][]>
  /** Turns the clock of waiting deliveries, so that they are due now. */
  makeDue(tenant: TestTenant): Promise<void>
  /** One round of the worker: everything due is taken, sent and written down. Returns how many. */
  deliver(): Promise<number>
  startWorker(): SlotWorker
  sweep(): Promise<void>
  stop(): Promise<void>
}

export interface Subscribed {
  id: Id<'hook'>
  secret: string
}

export async function createWebhookApp(
  options: { outbound?: Partial<OutboundOptions>; deps?: Partial<DeliveryDeps> } = {},
): Promise<WebhookApp> {
  const app = await createTestApp()
  const receiver = await startReceiver()
  const outbound = createOutbound({ allowedPrivateHosts: [receiver.host], ...options.outbound })
  const subscribers: Parameters<typeof createStore>[0]['subscribers'] = []
  const store = createStore({ pool: app.database.pool, queue: app.queue, clock: systemClock, subscribers })
  const wakeups = openWakeups(app.database.connection)
  const errors: unknown[] = []
  const deps = { store, vault: app.vault, outbound, scaled: (ms: number) => ms, clock: systemClock, ...options.deps }
  const claim = createClaim(deps)
  const slice = webhooksSlice({ ...deps, wakeups, report: (_queue, error) => void errors.push(error) })
  subscribers.push(...slice.subscribers!)
  const http = createHttp({
    routes: slice.routes!,
    authenticate: createAuthenticate([apiKeys({ store, pepper: app.pepper })]),
    log: silentLog,
    now: () => new Date(),
    publicUrl: 'http://127.0.0.1:8080',
  })

  return {
    app,
    store,
    receiver,
    deps,
    errors,
    tenant: async (tenantOptions) => {
      const tenant = await app.tenant(tenantOptions)
      return { ...tenant, call: (method, path, body) => callAs(http, tenant.key, method, path, body) }
    },
    say: (tenant, type = 'invoice.paid', data = { id: 'inv_1' }) =>
      store.change(tenant.id, systemActor('test'), async (tx) => tx.event(type, 'resource', data)),
    subscribe: async (tenant, { path = '/hook', events = ['*'], url = receiver.url + path } = {}) => {
      const answer = await tenant.call('POST', '/webhooks', { url, events })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return answer.body as Subscribed
    },
    deliveries: async (tenant, webhook) =>
      (await tenant.call('GET', `/webhooks/${webhook.id}/deliveries?sort=created_at&per_page=100`)).body.data,
    makeDue: async (tenant) => {
      await store.read(tenant.id, (tx) =>
        tx.run(
          "update deliveries set due_at = now() where tenant_id = $1 and status = 'pending' and lease_until is null",
          [tx.tenantUuid],
        ),
      )
    },
    deliver: async () => {
      const work = await claim(1000)
      await Promise.all(work.map((piece) => piece()))
      return work.length
    },
    startWorker: () => slice.workers![0]!(),
    sweep: () => slice.sweeps![0]!.run(),
    stop: async () => {
      await receiver.close()
      await outbound.close()
      await http.close()
      await wakeups.close()
      await app.stop()
    },
  }
}

async function callAs(http: FastifyInstance, key: string, method: string, path: string, body?: unknown) {
  const answer = await http.inject({
    method: method as 'GET',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  const json = answer.headers['content-type']?.toString().startsWith('application/json')
  return { status: answer.statusCode, body: json ? JSON.parse(answer.body) : answer.body, headers: answer.headers }
}
