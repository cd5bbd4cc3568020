import type { FastifyInstance } from 'fastify'
import {
  createAuthenticate,
  forActiveTenants,
  type InviteDeps,
  oauthTokens,
  operatorKey,
  peopleTokens,
  permissionOfRoute,
} from './access/index.ts'
import type { Log } from './base/log.ts'
import type { Secret } from './base/secret.ts'
import { VERSION } from './base/version.ts'
import type { Config } from './config.ts'
import type { Database } from './database/open.ts'
import type { Vault } from './database/vault.ts'
import type { Store } from './events/store.ts'
import { type BuildOptions, openFoundation } from './foundation.ts'
import { closeWithin } from './http/closing.ts'
import { createHttp, type HttpOptions } from './http/server.ts'
import type { Route } from './http/route.ts'
import { createLoopLag } from './http/shed.ts'
import { oneAtATime, type Sweep } from './http/slice.ts'
import { systemRoutes } from './http/system-routes.ts'
import type { JobQueue } from './jobs/queue.ts'
import { metricsRoute } from './telemetry/index.ts'
import { joinSlices } from './join-slices.ts'

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
/** Even in scaled time nothing looks more often than this. */
const SWEEP_MS_MIN = 250
const SWEEPS_APART_MS = 40

/** Builds everything and runs it; join-slices.ts knows every part. Opens the database, migrates, checks itself. */
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
  const routes = [...slices.flatMap((slice) => slice.routes ?? []), metricsRoute(metrics.registry)]
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
