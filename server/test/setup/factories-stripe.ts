import type { Id } from '../../src/base/ids.ts'
import { Secret } from '../../src/base/secret.ts'
import type { JobData } from '../../src/jobs/queue.ts'
import { type BrowserCall, connectionJobs, type ConnectionsDeps } from '../../src/stripe/connections/index.ts'
import { isLive } from '../../src/stripe/connections/queries.ts'
import type { StripeSliceDeps } from '../../src/stripe/index.ts'
import { type StripeFeed, StripeFeedError } from '../../src/stripe/stripe-feed.ts'
import { createTestApp, type TestAnswer, type TestApp, type TestTenant } from './app.ts'
import { type ReceivedRequest, type ReceiverAnswer, startReceiver } from './receiver.ts'

export const RETURN_TO = 'https://billing.example.com/stripe?from=payymo'
export const PUBLIC_URL = 'https://payymo.example.com'

/** Stripe as far as connecting goes: codes, the accounts they open, restricted keys, and what it was sent. */
export interface FakeStripe {
  url: string
  host: string
  requests: ReceivedRequest[]
  /** A merchant consents: the code that Stripe sends the browser back with. */
  consent(account?: Partial<FakeAccount>): { code: string; accountId: string }
  /** A restricted key of an account, without some permissions (by the path of the list). */
  key(options?: { mode?: 'live' | 'test'; accountId?: string; lacks?: string[] }): string
  accounts: Map<string, FakeAccount>
  /** Accounts that Stripe lets the platform reach. */
  connected: Set<string>
  /** Answers in the place of Stripe, where it gives something. */
  instead: ((request: ReceivedRequest) => ReceiverAnswer | undefined | Promise<ReceiverAnswer | undefined>) | undefined
  /** What an exchange says besides the account. */
  granted: { scope: string; livemode: boolean }
  sent(path: string): ReceivedRequest[]
  close(): Promise<void>
}

export interface FakeAccount {
  id: string
  name: string
  country: string
  currency: string
}

let count = 0

export async function startFakeStripe(): Promise<FakeStripe> {
  const receiver = await startReceiver()
  const accounts = new Map<string, FakeAccount>()
  const codes = new Map<string, { accountId: string; used: boolean }>()
  const keys = new Map<string, { accountId: string; lacks: string[] }>()
  const fake: FakeStripe = {
    url: receiver.url,
    host: receiver.host,
    requests: receiver.requests,
    accounts,
    connected: new Set(),
    instead: undefined,
    granted: { scope: 'read_write', livemode: true },
    consent: (account = {}) => {
      const id = account.id ?? `acct_1Test${(count += 1)}`
      accounts.set(id, { name: 'Northbyte Hosting', country: 'GB', currency: 'gbp', ...account, id })
      const code = `ac_${id}_${(count += 1)}`
      codes.set(code, { accountId: id, used: false })
      return { code, accountId: id }
    },
    key: ({ mode = 'live', accountId = `acct_1Key${(count += 1)}`, lacks = [] } = {}) => {
      if (!accounts.has(accountId))
        accounts.set(accountId, { id: accountId, name: 'Key Hosting', country: 'DE', currency: 'eur' })
      const key = `rk_${mode}_51Secret${(count += 1)}`
      keys.set(key, { accountId, lacks })
      return key
    },
    sent: (path) => receiver.requests.filter((request) => request.path.split('?')[0] === path),
    close: receiver.close,
  }
  receiver.answer(async (request) => (await fake.instead?.(request)) ?? answer(request))
  return fake

  function answer(request: ReceivedRequest): ReceiverAnswer {
    const form = new URLSearchParams(request.body.toString())
    if (request.path === '/oauth/token') return exchange(form)
    if (request.path === '/oauth/deauthorize') {
      const account = form.get('stripe_user_id')!
      if (!fake.connected.delete(account))
        return json(401, { error: 'invalid_client', error_description: 'This application is not connected' })
      return json(200, { stripe_user_id: account })
    }
    const bearer = String(request.headers.authorization).replace('Bearer ', '')
    const key = keys.get(bearer)
    if (!key) return json(401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } })
    const path = request.path.replace('/v1/', '').split('?')[0]!
    if (key.lacks.includes(path)) {
      const message = `The provided key does not have the required permissions for this endpoint on account '${key.accountId}'.`
      return json(403, { error: { type: 'invalid_request_error', message } })
    }
    if (path !== 'account') return json(200, { object: 'list', url: `/v1/${path}`, has_more: false, data: [] })
    const account = accounts.get(key.accountId)!
    return json(200, {
      id: account.id,
      object: 'account',
      country: account.country,
      default_currency: account.currency,
      business_profile: { name: account.name },
    })
  }

  /** A code that comes twice takes away what the first brought. */
  function exchange(form: URLSearchParams): ReceiverAnswer {
    const code = codes.get(form.get('code') ?? '')
    if (form.get('grant_type') !== 'authorization_code' || !code)
      return json(400, { error: 'invalid_grant', error_description: 'Authorization code does not exist' })
    if (code.used) {
      fake.connected.delete(code.accountId)
      return json(400, { error: 'invalid_grant', error_description: 'This authorization code has already been used.' })
    }
    code.used = true
    fake.connected.add(code.accountId)
    return json(200, {
      ...fake.granted,
      stripe_user_id: code.accountId,
      token_type: 'bearer',
      access_token: 'sk_live_neverKeepThis',
      refresh_token: 'rt_neverKeepThis',
    })
  }
}

export const json = (status: number, body: unknown): ReceiverAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export interface StripeApp {
  app: TestApp
  stripe: FakeStripe
  deps: ConnectionsDeps
  /** A person whose session a browser shows, by its cookie header. */
  sessions: Map<string, Id<'usr'>>
  /** Turns what the platform is for all tenants; undefined: none is configured. */
  platform: { clientId: string | undefined; secretKey: Secret | undefined } | undefined
  /** A browser comes back to us. */
  back(query: Record<string, string>, cookie?: string): Promise<TestAnswer>
  /** What waits in a queue of this tenant. */
  queued(queue: string, tenant: TestTenant): Promise<JobData[]>
  /** Works on one job of a queue of connections/. */
  work(queue: string, data: JobData): Promise<void>
  stop(): Promise<void>
}

/** The program with Stripe's connections in it, on a fake Stripe. */
export async function createStripeApp(
  options: Partial<ConnectionsDeps> | ((base: ConnectionsDeps) => Partial<ConnectionsDeps>) = {},
  hosts: string[] = [],
): Promise<StripeApp> {
  const stripe = await startFakeStripe()
  const sessions = new Map<string, Id<'usr'>>()
  const made = { platform: platform() as StripeApp['platform'], deps: undefined as StripeSliceDeps | undefined }
  const app = await createTestApp({
    build: {
      privateHosts: [stripe.host, ...hosts],
      stripe: (ordinary) => {
        const base: StripeSliceDeps = {
          ...ordinary,
          stripeOf: () => ({ apiUrl: stripe.url, connectUrl: stripe.url }),
          platformOf: async (tenantId) =>
            made.platform && {
              ...made.platform,
              webhookSecrets: [],
              livemode: await ordinary.store.read(tenantId, isLive),
            },
          openFeed: (_tenantId, access, onRead) =>
            fakeFeed(stripe, access.kind === 'connect_oauth' ? access.accountId : undefined, onRead),
          publicUrl: () => PUBLIC_URL,
          userAt: async (call: BrowserCall) => sessions.get(call.header('cookie') ?? ''),
        }
        const deps = { ...base, ...(typeof options === 'function' ? options(base) : options) }
        made.deps = deps
        return deps
      },
    },
  })
  return {
    app,
    stripe,
    deps: made.deps!,
    sessions,
    get platform() {
      return made.platform
    },
    set platform(to) {
      made.platform = to
    },
    back: (query, cookie) =>
      app.call(
        undefined,
        'GET',
        `/callbacks/stripe?${new URLSearchParams(query).toString()}`,
        undefined,
        cookie ? { cookie } : {},
      ),
    queued: async (queue, tenant) => {
      const { rows } = await app.database.pool.query<{ data: JobData }>(
        "select data from pgboss.job where name = $1 and data->>'tenantId' = $2 order by created_on",
        [queue, tenant.id],
      )
      return rows.map((row) => row.data)
    },
    work: async (queue, data) =>
      connectionJobs(made.deps!)
        .find((kind) => kind.queue === queue)!
        .handle(data),
    stop: async () => {
      await app.stop()
      await stripe.close()
    },
  }
}

export const platform = () => ({ clientId: 'ca_testClient', secretKey: new Secret('sk_live_platformKey') })

const fakeFeed = (stripe: FakeStripe, accountId: string | undefined, onRead: () => void): StripeFeed =>
  ({
    getAccount: async () => {
      onRead()
      const account = stripe.accounts.get(accountId ?? '')
      if (!account || !stripe.connected.has(account.id))
        throw new StripeFeedError('revoked', 'account_invalid', 'Stripe lets us reach the account no longer.')
      return {
        id: account.id,
        name: account.name,
        country: account.country,
        defaultCurrency: account.currency,
        chargesEnabled: true,
        payoutsEnabled: true,
        payoutInterval: 'daily',
      }
    },
  }) as Partial<StripeFeed> as StripeFeed

/** Begins a connection and reads what Stripe is told. */
export async function begin(
  tenant: TestTenant,
  redirect_url = RETURN_TO,
): Promise<{ connectionId: string; state: string; url: URL }> {
  const answer = await tenant.call('POST', '/stripe-connections/initialize', { redirect_url })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  const url = new URL(answer.body.authorization_url)
  return { connectionId: answer.body.connection_id, state: url.searchParams.get('state')!, url }
}

/** A connected account. */
export async function connectAccount(
  own: Pick<StripeApp, 'stripe'>,
  tenant: TestTenant,
  account?: Partial<FakeAccount>,
): Promise<{ id: string; accountId: string }> {
  const { state } = await begin(tenant)
  const { code, accountId } = own.stripe.consent(account)
  const answer = await tenant.call('POST', '/stripe-connections/callback', { code, state })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return { id: answer.body.connection_id, accountId }
}
