import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { testClock } from '../../src/base/clock.ts'
import { newId, uuidOf } from '../../src/base/ids.ts'
import { createLog, silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { createHttp } from '../../src/http/server.ts'
import { createOutbound } from '../../src/outbound/index.ts'
import type { ConnectionRef } from '../../src/stripe/deps.ts'
import {
  eventJobs,
  eventRoutes,
  type EventsDeps,
  eventSweeps,
  type PlatformSecret,
} from '../../src/stripe/events/index.ts'
import { accountKey } from '../../src/stripe/connections/queries.ts'
import type { StripeFeed } from '../../src/stripe/stripe-feed.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from './app.ts'
import { chargeAnswer, eventAnswer } from './stripe-answers.ts'

export const PLATFORM_SECRET = 'whsec_platform'

/** The program with Stripe's events in it. What they lead to is written down instead of done. */
export interface EventsBench {
  app: TestApp
  deps: EventsDeps
  clock: ReturnType<typeof testClock>
  /** What signs at `/webhooks/stripe`. */
  secrets: PlatformSecret[]
  /** What was read again, in order. */
  read: string[]
  /** Before each reading; may throw, or wait. */
  onRead: ((what: string) => void | Promise<void>) | undefined
  /** Counts what was refused; as many as anybody wants, unless a test says otherwise. */
  limit: EventsDeps['limit']
  /** Answers the calls that events/ makes itself. */
  feed: Partial<StripeFeed>
  /** Lines of the log. */
  lines: string[]
  connect(tenant: TestTenant, more?: ConnectMore): Promise<Connected>
  /** Delivers bytes with a header, as they are. */
  post(path: string, body: string | Buffer, header: string | undefined): Promise<TestAnswer>
  /** Delivers an event, signed as Stripe signs. */
  deliver(event: Record<string, unknown>, more?: { path?: string; secret?: string; at?: Date }): Promise<TestAnswer>
  /** Runs the job of a connection. */
  work(ref: ConnectionRef): Promise<void>
  sweep(name: string): Promise<void>
  events(ref: ConnectionRef): Promise<EventRow[]>
  sql(ref: ConnectionRef, text: string): Promise<void>
  jobs(ref: ConnectionRef): Promise<number>
  alerts(tenant: TestTenant): Promise<{ code: string; message: string; closed_at: string | null }[]>
  stop(): Promise<void>
}

export interface EventRow {
  external_id: string
  type: string
  object_id: string | null
  state: string
  attempts: number
  error: string | null
  /** Seconds until the next try. */
  due_in: number
}

interface ConnectMore {
  kind?: 'connect_oauth' | 'restricted_key'
  livemode?: boolean
  status?: string
  accountId?: string
  webhookSecret?: string
}

export interface Connected extends ConnectionRef {
  accountId: string
  event(fields?: Record<string, unknown>): Record<string, unknown>
}

let count = 0

/** `privateHosts`: where a simulated Stripe may be reached. */
export async function createEventsBench(privateHosts: string[] = []): Promise<EventsBench> {
  const clock = testClock('2026-11-26T12:00:00Z')
  const lines: string[] = []
  const read: string[] = []
  const bench = {
    clock,
    read,
    lines,
    secrets: [platformSecret()],
    feed: {},
    onRead: undefined,
    limit: () => Promise.resolve({ admitted: true, retryAfterSeconds: 0 }),
  } as unknown as EventsBench
  const reading = async (what: string): Promise<void> => {
    read.push(what)
    await bench.onRead?.(what)
  }
  const app = await createTestApp({ clock })
  const { store, vault } = app
  const outbound = createOutbound({ allowedPrivateHosts: privateHosts })
  const deps: EventsDeps = {
    store,
    vault,
    outbound,
    clock,
    scaled: (plannedMs) => plannedMs,
    log: createLog('info', (line) => void lines.push(line)),
    stripeOf: () => ({ apiUrl: 'http://127.0.0.1:9', connectUrl: 'http://127.0.0.1:9' }),
    platformOf: () =>
      Promise.resolve({
        secretKey: new Secret('sk_live_platform'),
        clientId: 'ca_1',
        webhookSecrets: [],
        livemode: true,
      }),
    platformSecrets: () => bench.secrets,
    limit: (subject, perMinute) => bench.limit(subject, perMinute),
    networkOf: (ip) => ip,
    openFeed: () => bench.feed as StripeFeed,
    publicUrl: () => 'https://payymo.example',
    redirectUrls: [],
    production: false,
    backfillDays: 30,
    refreshCharge: (_ref, _feed, id, { lookAround }) => reading(lookAround ? `${id} around` : id),
    refreshReturn: (_ref, _feed, kind, id) => reading(`${kind} ${id}`),
    refreshPayout: (_ref, _feed, id) => reading(id),
  }
  // The program has these routes too, with what the settings give it; here a test decides.
  const http = createHttp({
    routes: eventRoutes(deps),
    authenticate: () => Promise.reject(new Error('no credential is asked for')),
    log: silentLog,
    now: () => clock.now(),
    publicUrl: 'http://127.0.0.1:8080',
  })

  return Object.assign(bench, {
    app,
    deps,
    connect: async (tenant: TestTenant, more: ConnectMore = {}): Promise<Connected> => {
      const { kind = 'connect_oauth', livemode = true, status = 'active', webhookSecret } = more
      const accountId = more.accountId ?? `acct_1E${(count += 1)}`
      const id = newId('strc')
      await app.store.read(tenant.id, async (tx) => {
        const place = (column: string) => ({ table: 'stripe_connections', column, rowId: id })
        await tx.run(
          `insert into stripe_connections (tenant_id, id, kind, account_id, account, account_name, livemode, status, connected_at,
                                           sealed_api_key, sealed_webhook_secret)
           values ($1, $2, $3, $4, $5, 'Northbyte', $6, $7, $8, $9, $10)`,
          [
            tx.tenantUuid,
            uuidOf(id),
            kind,
            accountId,
            accountKey(accountId, livemode),
            livemode,
            status,
            new Date(clock.now().getTime() - 86_400_000),
            kind === 'restricted_key' ? await app.vault.seal(tx, place('sealed_api_key'), 'rk_live_x') : null,
            webhookSecret ? await app.vault.seal(tx, place('sealed_webhook_secret'), webhookSecret) : null,
          ],
        )
      })
      return {
        tenantId: tenant.id,
        id,
        accountId,
        event: (fields = {}) => eventOf(clock.now(), accountId, livemode, fields),
      }
    },
    post: (path: string, body: string | Buffer, header: string | undefined) => post(http, path, body, header),
    deliver: (
      event: Record<string, unknown>,
      { path = '/webhooks/stripe', secret = PLATFORM_SECRET, at = clock.now() } = {},
    ) => {
      // Bodies come indented; a reader that writes them anew has another signature.
      const body = JSON.stringify(event, undefined, 2)
      return post(http, path, body, signed(body, secret, at))
    },
    work: (ref: ConnectionRef) => eventJobs(deps)[0]!.handle({ tenantId: ref.tenantId, connectionId: ref.id }),
    sweep: async (name: string) =>
      eventSweeps(deps)
        .find((each) => each.name === name)!
        .run(),
    events: (ref: ConnectionRef) =>
      app.store.read(ref.tenantId, (tx) =>
        tx.many<EventRow>(
          `select external_id, type, object_id, state, attempts, error, round(extract(epoch from next_attempt_at - now()))::int as due_in
             from stripe_events where tenant_id = $1 and connection_id = $2 order by created_at, external_id`,
          [tx.tenantUuid, uuidOf(ref.id)],
        ),
      ),
    sql: (ref: ConnectionRef, text: string) =>
      app.store.read(ref.tenantId, async (tx) => {
        await tx.run(text.replaceAll(':tenant', `'${tx.tenantUuid}'`).replaceAll(':connection', `'${uuidOf(ref.id)}'`))
      }),
    jobs: async (ref: ConnectionRef) => {
      const { rows } = await app.database.pool.query(
        "select 1 from pgboss.job where name = 'stripe.events' and data->>'connectionId' = $1",
        [ref.id],
      )
      return rows.length
    },
    stop: async () => {
      await http.close()
      await outbound.close()
      await app.stop()
    },
    alerts: async (tenant: TestTenant) => (await tenant.call('GET', '/alerts?per_page=100')).body.data,
  })
}

export const platformSecret = (more: Partial<PlatformSecret> = {}): PlatformSecret => ({
  secret: new Secret(PLATFORM_SECRET),
  livemode: true,
  ...more,
})

/** Written anew from Stripe's documentation, so that it checks the verifier instead of repeating it. */
export function signed(body: string | Buffer, secret: string, at: Date, scheme = 'v1'): string {
  const t = Math.floor(at.getTime() / 1000)
  const text = Buffer.concat([Buffer.from(`${t}.`), Buffer.from(body)])
  return `t=${t},${scheme}=${createHmac('sha256', secret).update(text).digest('hex')}`
}

async function post(
  http: FastifyInstance,
  path: string,
  body: string | Buffer,
  header: string | undefined,
): Promise<TestAnswer> {
  const answer = await http.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      ...(header === undefined ? {} : { 'stripe-signature': header }),
    },
    payload: body,
  })
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : JSON.parse(answer.body),
    headers: answer.headers,
  }
}

function eventOf(
  now: Date,
  accountId: string,
  livemode: boolean,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  count += 1
  return eventAnswer({
    id: `evt_${count}`,
    account: accountId,
    livemode,
    created: Math.floor(now.getTime() / 1000),
    data: { object: chargeAnswer({ id: `ch_${count}`, payment_intent: `pi_${count}` }) },
    ...fields,
  })
}
