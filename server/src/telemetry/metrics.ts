import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { FinishedCall } from '../http/server.ts'

/** What an outbound call leaves for counting: the shape of outbound's own record. */
interface OutboundCall {
  host: string
  status: number | null
  stage: string | null
  durationMs: number
}

/** Rows a table holds, by the values of its labels; asked for when somebody looks. */
export interface Census {
  name: string
  help: string
  labels: string[]
  count(): Promise<{ labels: Record<string, string>; count: number }[]>
}

/** Everything counted, for `/metrics` and for OpenTelemetry. Labels are few and known beforehand: never a tenant, an id or a
 *  text of people. */
export interface Metrics {
  registry: Registry
  observeCall(call: FinishedCall): void
  observeOutbound(call: OutboundCall): void
  observeJob(queue: string, outcome: 'done' | 'failed', durationMs: number): void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(options: {
  version: string
  censuses: Census[]
  targetOf(host: string): string
}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'payymo_info', help: 'The version that runs', labelNames: ['version'], registers }).set(
    { version: options.version },
    1,
  )
  const requests = new Histogram({
    name: 'payymo_http_request_duration_seconds',
    help: 'Requests answered, by route and status',
    labelNames: ['method', 'route', 'status', 'caller'],
    buckets: SECONDS,
    registers,
  })
  const outbound = new Histogram({
    name: 'payymo_outbound_request_duration_seconds',
    help: 'Calls to providers, WHMCS installations and webhook endpoints',
    labelNames: ['target', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const jobs = new Histogram({
    name: 'payymo_job_duration_seconds',
    help: 'Jobs worked on, by queue',
    labelNames: ['queue', 'outcome'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 180],
    registers,
  })
  const unread = new Counter({
    name: 'payymo_census_failures_total',
    help: 'Counts of rows that could not be taken when somebody asked',
    registers,
  })
  for (const census of options.censuses) registry.registerMetric(countedWhenAsked(census, () => unread.inc()))
  return {
    registry,
    observeCall: ({ method, route, status, caller, durationMs }) =>
      requests.observe(
        { method, route, status: String(status), caller: caller?.actor.type ?? 'none' },
        durationMs / 1000,
      ),
    observeOutbound: ({ host, status, stage, durationMs }) =>
      outbound.observe(
        {
          target: options.targetOf(host),
          outcome: status === null ? (stage ?? 'failed') : `${Math.floor(status / 100)}xx`,
        },
        durationMs / 1000,
      ),
    observeJob: (queue, outcome, durationMs) => jobs.observe({ queue, outcome }, durationMs / 1000),
  }
}

function countedWhenAsked({ name, help, labels, count }: Census, failed: () => void): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [],
    async collect() {
      try {
        const rows = await count()
        this.reset()
        for (const row of rows) this.set(row.labels, row.count)
      } catch {
        // The database may be down just when somebody looks; what the process itself counts is still told.
        this.reset()
        failed()
      }
    },
  })
}
