/** What the program tells those who run it: figures for Prometheus, spans and figures for OpenTelemetry. */
export { censuses } from './censuses.ts'
export { type ClockWatch, createClockWatch } from './clock-watch.ts'
export { type Census, createMetrics, type Metrics } from './metrics.ts'
export { metricsRoute } from './routes.ts'
export { startTracing } from './tracing.ts'
