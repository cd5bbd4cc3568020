import { hostname } from 'node:os'
import { countOpenAlerts } from './alerts/index.ts'
import type { BankFeed } from './banking/index.ts'
import { type Clock, type Scaled, systemClock } from './base/clock.ts'
import type { TenantId } from './base/ids.ts'
import type { Log } from './base/log.ts'
import { VERSION } from './base/version.ts'
import type { Config } from './config.ts'
import { migrate } from './database/migrate.ts'
import { type Database, openDatabase } from './database/open.ts'
import { createReadiness } from './database/readiness.ts'
import { checkDatabase } from './database/self-check.ts'
import { checkKeys, createVault } from './database/vault.ts'
import { createStore, type Store } from './events/store.ts'
import type { LoopLag } from './http/shed.ts'
import type { Slice } from './http/slice.ts'
import { createIdempotency } from './idempotency/index.ts'
import { openQueue } from './jobs/queue.ts'
import { openWakeups } from './jobs/wake.ts'
import { createLimits, logOutages } from './limits/index.ts'
import { createOutbound, type Outbound } from './outbound/index.ts'
import { outboundTargets, ownHosts } from './provider-wiring.ts'
import type { StripePlatform, StripeSliceDeps } from './stripe/index.ts'
import { censuses, createClockWatch, createMetrics, startTracing } from './telemetry/index.ts'

/** What start-up code and tests may put in place of the ordinary. */
export interface BuildOptions {
  clock?: Clock
  database?: Database
  /** Hosts of simulators this program started itself. */
  privateHosts?: string[]
  /** Bank data of a tenant that has a provider of its own; undefined falls back to the settings. */
  feedOf?(tenantId: TenantId): BankFeed | undefined
  /** Stripe of a tenant that has one of its own making; undefined falls back to the settings. */
  stripeOf?(tenantId: TenantId): { apiUrl: string; connectUrl: string; platform: StripePlatform } | undefined
  /** What stripe/ is given, changed; tests put in their own Stripe, clock or feed. */
  stripe?(deps: StripeSliceDeps): StripeSliceDeps
  /** How late the event loop is, where it is not to be measured. */
  lag?: LoopLag
  /** Known only once the server listens, when the port is chosen by the system. */
  publicUrl?(): string
  slices?(deps: { store: Store; outbound: Outbound }): Slice[]
}

export type Foundation = Awaited<ReturnType<typeof openFoundation>>

/** Everything below the slices: the database, opened, migrated and checked, and what every slice stands on. `close` is for
 *  after the last work, in the order in which the parts lean on each other. */
export async function openFoundation(config: Config, log: Log, options: BuildOptions) {
  const clock = options.clock ?? systemClock
  const database =
    options.database ??
    (await openDatabase({
      dataDir: config.dataDir,
      ...(config.databaseUrl === undefined ? {} : { databaseUrl: config.databaseUrl }),
    }))
  const { pool } = database
  const applied = await migrate(pool)
  if (applied.length > 0) log.info('migrated', { migrations: applied })
  await checkDatabase(pool)
  await checkKeys(pool, config.keyRing)
  const vault = createVault(pool, config.keyRing)
  const readiness = createReadiness(pool, config.keyRing)
  const pepper = await vault.installationSecret('api-key-pepper')
  const report = (queue: string, error: unknown, tenantId?: string) =>
    log.error('work failed', { queue, error, tenant_id: tenantId })

  const subscribers: NonNullable<Slice['subscribers']> = []
  const scaled: Scaled = (plannedMs) => Math.max(1, Math.round(plannedMs / config.timeScale))
  const clockWatch = createClockWatch({
    store: {
      directory: (work) => store.directory(work),
      change: (tenantId, actor, work) => store.change(tenantId, actor, work),
    },
    clock,
    scaled,
    host: hostname(),
  })
  const metrics = createMetrics({
    version: VERSION,
    censuses: [
      ...censuses({ directory: (work) => store.directory(work) }),
      clockWatch.census,
      {
        name: 'payymo_alerts_open',
        help: 'What a person must look at',
        labels: ['code', 'severity'],
        count: async () => (await store.directory(countOpenAlerts)).map(({ count, ...labels }) => ({ labels, count })),
      },
    ],
    targetOf: outboundTargets(config),
  })
  const tracing = config.otlpEndpoint
    ? await startTracing({
        endpoint: config.otlpEndpoint,
        version: VERSION,
        environment: config.environment,
        registry: metrics.registry,
      })
    : undefined
  const queue = await openQueue({
    pool,
    connection: database.connection,
    observe: metrics.observeJob,
    report: (name, data, error) => report(name, error, data.tenantId),
  })
  const wakeups = openWakeups(database.connection, config.redisUrl)
  const limits = createLimits({
    connection: database.connection,
    pool,
    redisUrl: config.redisUrl,
    rates: config.rateLimits,
    report: logOutages(log),
  })
  const idempotency = createIdempotency()
  const store = createStore({ pool, queue, clock, subscribers, seal: idempotency.seal })
  const outbound = createOutbound({
    allowedPrivateHosts: [...config.allowedPrivateHosts, ...ownHosts(config), ...(options.privateHosts ?? [])],
    log: metrics.observeOutbound,
  })

  return {
    clock,
    database,
    pool,
    vault,
    readiness,
    pepper,
    report,
    subscribers,
    scaled,
    clockWatch,
    metrics,
    queue,
    wakeups,
    limits,
    idempotency,
    store,
    outbound,
    publicUrl: () => options.publicUrl?.() ?? config.publicUrl,
    production: config.environment === 'production',
    close: async () => {
      await wakeups.close()
      await outbound.close()
      await limits.close()
      await tracing?.stop()
      await database.close()
    },
  }
}
