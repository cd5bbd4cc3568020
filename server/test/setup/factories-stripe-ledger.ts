import { systemClock } from '../../src/base/clock.ts'
import { type Id, newId, uuidOf } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Vault } from '../../src/database/vault.ts'
import type { ConnectionRef } from '../../src/stripe/deps.ts'
import type { StripeFeed } from '../../src/stripe/stripe-feed.ts'
import type { SyncDeps } from '../../src/stripe/sync/index.ts'
import { createTestApp, type TestApp, type TestTenant } from './app.ts'
import { createFakeFeed, type FakeFeed } from './fake-stripe-feed.ts'

/** The program with the reading of Stripe in it; what each account holds is a fake of its own. */
export interface LedgerBench {
  app: TestApp
  deps: SyncDeps
  /** What the parts that other folders do were asked, by name. */
  parts: string[]
  /** A connected account of a tenant, empty until something happens to the fake. */
  connect(options?: {
    tenant?: TestTenant
    kind?: 'connect_oauth' | 'restricted_key'
    pageSize?: number
    /** Another connection that reads the same account. */
    stripe?: FakeFeed
  }): Promise<Connected>
  /** Rows by any statement, over all tenants. */
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

export interface Connected {
  tenant: TestTenant
  ref: ConnectionRef
  stripe: FakeFeed
}

let count = 0

export async function createLedgerBench(options: Partial<SyncDeps> = {}): Promise<LedgerBench> {
  const feeds = new Map<string, StripeFeed>()
  const parts: string[] = []
  const late: { app?: TestApp; deps?: SyncDeps } = {}
  const vault: Vault = {
    seal: (...given) => late.app!.vault.seal(...given),
    open: (...given) => late.app!.vault.open(...given),
    installationSecret: (name) => late.app!.vault.installationSecret(name),
  }
  const app = await createTestApp({
    build: {
      slices: ({ store, outbound }) => {
        const deps: SyncDeps = {
          store,
          vault,
          outbound,
          clock: systemClock,
          scaled: (plannedMs) => plannedMs,
          log: silentLog,
          stripeOf: () => ({ apiUrl: 'http://127.0.0.1:9', connectUrl: 'http://127.0.0.1:9' }),
          platformOf: async () => ({
            clientId: 'ca_test',
            secretKey: new Secret('sk_live_platformKey'),
            webhookSecrets: [],
            livemode: true,
          }),
          platformSecrets: () => [],
          openFeed: (_tenantId, access, onRead) =>
            counted(feeds.get(access.kind === 'connect_oauth' ? access.accountId : '')!, onRead),
          publicUrl: () => 'https://payymo.example.com',
          redirectUrls: [],
          production: false,
          backfillDays: 30,
          parts: {
            readPayouts: async () => parts.push('readPayouts'),
            composePayouts: async () => parts.push('composePayouts'),
            catchUp: async () => parts.push('catchUp'),
          },
          ...options,
        }
        late.deps = deps
        // The program has its own reading of Stripe, over the network; this one is worked by hand.
        return []
      },
    },
  })
  late.app = app
  const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await app.database.pool.query<Row>(text, values)).rows
  return {
    app,
    deps: late.deps!,
    parts,
    connect: async ({ tenant, kind = 'connect_oauth', pageSize, stripe: given } = {}) => {
      const owner = tenant ?? (await app.tenant())
      const id: Id<'strc'> = newId('strc')
      const accountId = `acct_fake${(count += 1)}`
      const start = new Date(late.deps!.clock.now().getTime() - 5 * 86_400_000).toISOString()
      const stripe = given ?? createFakeFeed({ start, ...(pageSize === undefined ? {} : { pageSize }) })
      feeds.set(accountId, stripe.feed)
      await app.store.read(owner.id, (tx) =>
        tx.run(
          `insert into stripe_connections (tenant_id, id, kind, account_id, account, account_name, livemode, status, connected_at, next_sync_at)
           values ($1, $2, $3, $4, $5, 'Northbyte', true, 'active', now(), now())`,
          [tx.tenantUuid, uuidOf(id), kind, accountId, `${accountId}|live`],
        ),
      )
      return { tenant: owner, ref: { tenantId: owner.id, id }, stripe }
    },
    rows,
    stop: () => app.stop(),
  }
}

/** Every call is one read, as with the real one. */
const counted = (feed: StripeFeed, onRead: () => void): StripeFeed =>
  Object.fromEntries(
    Object.entries(feed).map(([name, call]) => [
      name,
      (...given: unknown[]) => {
        onRead()
        return (call as (...args: unknown[]) => unknown)(...given)
      },
    ]),
  ) as unknown as StripeFeed
