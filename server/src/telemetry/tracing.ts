import { setTimeout as sleep } from 'node:timers/promises'
import { context, metrics, propagation, trace } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { promProducer } from './prom-producer.ts'

/** How long the end of the process waits for a collector that does not answer. */
const STOP_MS_MAX = 2_000

/** Sends spans and metrics to an OpenTelemetry collector (OTLP over HTTP) until `stop()`. `endpoint` is the base address, to
 *  which `/v1/traces` and `/v1/metrics` are added, as OTEL_EXPORTER_OTLP_ENDPOINT is defined. The operator's own word, like
 *  DATABASE_URL: it is not checked as tenants' addresses are. The SDK is loaded only here: without an endpoint it costs
 *  nothing. A collector that is down costs dropped spans, never a request. */
export async function startTracing(options: {
  endpoint: string
  version: string
  environment: string
  registry: Registry
}): Promise<{ stop(): Promise<void> }> {
  const [sdk, exporters, metricsSdk, metricExporters, resources, hooks, core] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
  ])
  const resource = resources.resourceFromAttributes({
    'service.name': 'payymo',
    'service.version': options.version,
    'deployment.environment.name': options.environment,
  })
  const base = options.endpoint.replace(/\/+$/, '')
  const exporter = new exporters.OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: 10_000 })
  const provider = new sdk.TracerProvider({
    resource,
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  })
  const manager = new hooks.AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)

  const meters = new metricsSdk.MeterProvider({
    resource,
    readers: [
      new metricsSdk.PeriodicExportingMetricReader({
        exporter: new metricExporters.OTLPMetricExporter({ url: `${base}/v1/metrics`, timeoutMillis: 10_000 }),
        exportIntervalMillis: 15_000,
        exportTimeoutMillis: 10_000,
        metricProducers: [promProducer({ registry: options.registry, sdk: metricsSdk, resource })],
      }),
    ],
  })
  metrics.setGlobalMeterProvider(meters)

  return {
    stop: async () => {
      const late = sleep(STOP_MS_MAX, undefined, { ref: false })
      await Promise.race([Promise.allSettled([provider.shutdown(), meters.shutdown()]), late])
      trace.disable()
      metrics.disable()
      propagation.disable()
      context.disable()
    },
  }
}
