import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import {
  apiKeys,
  auditSlice,
  brandingOf,
  createAuthenticate,
  createCallLog,
  createPeople,
  createRefusals,
  forActiveTenants,
  frontRoute,
  getTenant,
  type InviteDeps,
  keyRoutes,
  oauthSlice,
  oauthTokens,
  operatorKey,
  ownersOf,
  pagesSlice,
  peopleSlice,
  peopleTokens,
  permissionOfRoute,
  tenantsSlice,
  usageSlice,
  userAt,
} from './access/index.ts'
import { apiDocsSlice } from './api-docs/index.ts'
import { alertsSlice } from './alerts/index.ts'
import { type BankingDeps, bankingSlice, revokeAllConnections } from './banking/index.ts'
import type { TenantId } from './base/ids.ts'
import type { Log } from './base/log.ts'
import type { Secret } from './base/secret.ts'
import { VERSION } from './base/version.ts'
import {
  billingSlice,
  createBillingConnections,
  disconnectAllInstances,
  keepInvoice,
  paymentsSlice,
} from './billing/index.ts'
import type { Config } from './config.ts'
import { dashboardSlice } from './dashboard/index.ts'
import type { Database } from './database/open.ts'
import type { Vault } from './database/vault.ts'
import type { Store } from './events/store.ts'
import { type BuildOptions, type Foundation, openFoundation } from './foundation.ts'
import { closeWithin } from './http/closing.ts'
import { createHttp, type HttpOptions } from './http/server.ts'
import type { Route } from './http/route.ts'
import { createLoopLag } from './http/shed.ts'
import { oneAtATime, type Slice, type Sweep } from './http/slice.ts'
import { systemRoutes } from './http/system-routes.ts'
import type { JobQueue } from './jobs/queue.ts'
import { idempotencySlice } from './idempotency/index.ts'
import { limitsSlice, networkOf } from './limits/index.ts'
import { mailSlice } from './mail/index.ts'
import { bankFeeds, stripePlatforms } from './provider-wiring.ts'
import { providersSlice } from './providers/index.ts'
import { reconciliationSlice, releaseTransfer, settleMatch, takeAsTransfer } from './reconciliation/index.ts'
import {
  createStripeFeed,
  createStripePace,
  disconnectAllStripe,
  stripeSlice,
  type StripeSliceDeps,
  withholdPayoutLines,
} from './stripe/index.ts'
import { metricsRoute } from './telemetry/index.ts'
import { MATCH_JOB, transactionRoutes } from './transactions/index.ts'
import { webhooksSlice } from './webhooks/index.ts'

export type { BuildOptions } from './foundation.ts'

/** Everything running, and how to stop it. */
export interface Payymo {
  config: Config
  database: Database
  store: Store
  vault: Vault
  pepper: Secret
  queue: JobQueue
  /** Everything that is served. */
  http: FastifyInstance
  /** What listens where the settings say so: everything; in a worker only what tells how it is. */
  door: FastifyInstance
  /** What inviting a person needs. */
  people: InviteDeps
  /** Everything that is served. */
  routes: readonly Route[]
  /** Begins to work on jobs, deliveries and payments. */
  startWorkers(): Promise<void>
  /** Looks after what concerns this machine, whatever the process is for. */
  startWatching(): void
  /** Not ready → no new work → running work ends (15 s) → everything closes (reliability 42). Asked twice it ends once: both
   *  get the same promise. */
  stop(): Promise<void>
}

const GRACE_MS = 15_000
/** What a process that only works tells of itself. */
const OF_A_WORKER: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])
/** How far back a Stripe account is read when it is connected (contract 4.4). */
const BACKFILL_DAYS = 30
/** Even in scaled time nothing looks more often than this. */
const SWEEP_MS_MIN = 250
const SWEEPS_APART_MS = 40

/** Builds everything and joins it; the only place that knows every part. Opens the database, migrates, checks itself. */
export async function buildPayymo(config: Config, log: Log, options: BuildOptions = {}): Promise<Payymo> {
  const foundation = await openFoundation(config, log, options)
  const { clock, database, idempotency, limits, metrics, pepper, queue, readiness, report, store, vault } = foundation
  const { slices, people, keyCredentials, refusals, calls, permissions } = await joinSlices(
    config,
    log,
    foundation,
    options,
  )
  foundation.subscribers.push(...slices.flatMap((slice) => slice.subscribers ?? []))
  const jobs = forActiveTenants(
    store,
    slices.flatMap((slice) => slice.jobs ?? []),
  )
  await queue.prepare(jobs)

  let stopping = false
  const offered = [...slices.flatMap((slice) => slice.routes ?? []), metricsRoute(metrics.registry)]
  const routes = offered.some(({ path, outside }) => outside && path === '/')
    ? offered
    : [...offered, frontRoute(people)]
  const served = [...routes, ...systemRoutes({ readiness, routes, version: VERSION, stopping: () => stopping })]
  permissions.of = permissionOfRoute(served)
  const lag = options.lag ?? createLoopLag()
  const serving: HttpOptions = {
    routes: served,
    authenticate: createAuthenticate(
      [
        operatorKey({ pepper, key: config.operatorKey }),
        keyCredentials,
        peopleTokens({ store, clock, onRefused: refusals.note }),
        oauthTokens({ store, clock, onRefused: refusals.note }),
      ],
      { onRefused: refusals.note },
    ),
    limits,
    once: idempotency.onceWith({ store, vault, routes: served, report: (error) => report('idempotency', error) }),
    observers: [metrics.observeCall, calls.observe, refusals.observe],
    log,
    now: () => clock.now(),
    publicUrl: config.publicUrl,
    lag,
  }
  const http = createHttp(serving)
  const door =
    config.role === 'worker'
      ? createHttp({ ...serving, routes: served.filter(({ path, outside }) => outside && OF_A_WORKER.has(path)) })
      : http
  const workers: { stop(graceMs: number): Promise<void> }[] = []
  const sweeps: NodeJS.Timeout[] = []
  const repeat = (sweep: Sweep, place = 0) => {
    const run = oneAtATime(sweep, report)
    const begin = () => {
      void run()
      sweeps.push(setInterval(() => void run(), Math.max(SWEEP_MS_MIN, sweep.everyMs)))
    }
    // One after the other, also later: all at once would ask for every connection there is.
    sweeps.push(setTimeout(begin, place * SWEEPS_APART_MS))
  }
  const stop = async () => {
    stopping = true
    for (const timer of sweeps) clearInterval(timer)
    await Promise.all([
      closeWithin(http, GRACE_MS),
      ...(door === http ? [] : [closeWithin(door, GRACE_MS)]),
      queue.stop(GRACE_MS),
      ...workers.map((worker) => worker.stop(GRACE_MS)),
    ])
    await Promise.all([calls.stop(), refusals.stop()])
    lag.stop()
    await foundation.close()
  }
  let stopped: Promise<void> | undefined

  return {
    config,
    database,
    store,
    vault,
    pepper,
    queue,
    http,
    door,
    people,
    routes: served,
    startWorkers: async () => {
      await queue.work(jobs)
      for (const start of slices.flatMap((slice) => slice.workers ?? [])) workers.push(start())
      for (const [place, sweep] of slices.flatMap((slice) => slice.sweeps ?? []).entries()) repeat(sweep, place)
    },
    startWatching: () => repeat(foundation.clockWatch.sweep),
    stop: () => (stopped ??= stop()),
  }
}

/** Every slice, joined, and what the server needs of some of them. */
async function joinSlices(config: Config, log: Log, foundation: Foundation, options: BuildOptions) {
  const { clock, limits, outbound, pepper, pool, production, publicUrl, report, scaled, store, vault, wakeups } =
    foundation
  const productNameOf = async (tenantId: TenantId) => (await brandingOf(store, tenantId)).product_name ?? undefined
  const today = () => clock.now().toISOString().slice(0, 10)
  const connections = createBillingConnections({
    store,
    vault,
    outbound,
    scaled,
    report: (instanceId, error) => log.warn('billing row left out', { instance_id: instanceId, reason: error.code }),
  })
  const mail = mailSlice({
    store,
    vault,
    clock,
    scaled,
    log,
    smtpUrl: config.smtpUrl,
    mailFrom: config.mailFrom,
    dataDir: config.dataDir,
    production,
    productNameOf,
  })
  const providers = providersSlice({ store, vault })
  // Known once all routes are.
  const permissions: { of: ReturnType<typeof permissionOfRoute> } = { of: () => undefined }
  const refusals = createRefusals({
    store,
    log,
    now: () => clock.now(),
    permissionOf: (method, route) => permissions.of(method, route),
  })
  const calls = createCallLog({ store, log })
  const people = createPeople({
    store,
    pool,
    vault,
    mailer: mail.mailer,
    pepper: await vault.installationSecret('people-pepper'),
    clock,
    publicUrl,
    limit: limits.takeOne,
    networkOf,
    productNameOf,
    onRefused: refusals.note,
  })
  const banking: BankingDeps = {
    store,
    vault,
    clock,
    scaled,
    log,
    feedOf: bankFeeds(config, {
      outbound,
      clock,
      credentialsOf: providers.credentialsOf,
      ...(options.feedOf ? { feedOf: options.feedOf } : {}),
    }),
    publicUrl,
    production,
  }
  const pace = createStripePace()
  const platforms = stripePlatforms(config, {
    credentialsOf: providers.credentialsOf,
    environmentOf: async (tenantId) => (await store.read(tenantId, getTenant))?.environment ?? 'live',
    ...(options.stripeOf ? { own: options.stripeOf } : {}),
  })
  const stripeDeps: StripeSliceDeps = {
    store,
    vault,
    outbound,
    clock,
    scaled,
    log,
    ...platforms,
    openFeed: (tenantId, access, onRead) =>
      createStripeFeed({ outbound, clock, pace, access, onRead, apiUrl: platforms.stripeOf(tenantId).apiUrl }),
    publicUrl,
    redirectUrls: config.stripe.redirectUrls,
    production,
    backfillDays: BACKFILL_DAYS,
    userAt: (call, tenantId) => userAt(people, call, tenantId),
    lines: { take: takeAsTransfer, release: releaseTransfer },
  }
  const stripe = stripeSlice(stripeDeps)
  const keyCredentials = apiKeys({ store, pepper, clock, onRefused: refusals.note })
  const slices: Slice[] = [
    { routes: keyRoutes({ store, pepper, onKeysChanged: keyCredentials.forget }) },
    tenantsSlice({
      store,
      pool,
      log,
      scaled,
      now: () => clock.now(),
      publicUrl,
      exportsDir: join(config.dataDir, 'exports'),
      endings: [
        (id) => revokeAllConnections(banking, id),
        (id) => disconnectAllInstances(store, id),
        (id) => disconnectAllStripe(stripeDeps, id),
      ],
      onResumed: (tx) => tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId }),
      onKeysChanged: keyCredentials.forget,
    }),
    peopleSlice(people),
    oauthSlice(people),
    pagesSlice(people),
    auditSlice({ store, dataDir: config.dataDir, clock, scaled, log }),
    usageSlice({ store, clock, scaled }),
    mail,
    alertsSlice({ store, scaled, mailer: mail.mailer, ownersOf, publicUrl }),
    providers,
    { routes: transactionRoutes({ store }) },
    bankingSlice(banking),
    billingSlice({
      store,
      vault,
      outbound,
      connections,
      clock,
      scaled,
      log,
      publicUrl,
      limit: limits.takeOne,
      networkOf,
      onSettled: settleMatch,
      report: (instanceId, error) => log.warn('whmcs', { instance_id: instanceId, reason: error.code }),
    }),
    paymentsSlice({
      store,
      openBilling: connections.open,
      scaled,
      log,
      wakeups,
      crashPoint: config.crashPoint,
      onSettled: settleMatch,
      keepInvoice,
    }),
    stripe,
    reconciliationSlice({
      store,
      today,
      log,
      before: (tenantId) => stripe.findBankLines(tenantId),
      withhold: withholdPayoutLines,
    }),
    webhooksSlice({ store, vault, outbound, scaled, clock, wakeups, report }),
    apiDocsSlice(),
    dashboardSlice(),
    limitsSlice(limits),
    idempotencySlice({ store, scaled }),
    ...(options.slices?.({ store, outbound }) ?? []),
  ]
  return { slices, people, keyCredentials, refusals, calls, permissions }
}
