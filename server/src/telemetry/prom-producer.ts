import { ValueType } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type * as sdkModule from '@opentelemetry/sdk-metrics'
import type { MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client'

/** The loaded package: it is imported only where an endpoint is set. */
type Sdk = typeof sdkModule
type HrTime = [number, number]

/** Hands the figures of the Prometheus registry to OpenTelemetry as well, so that each is counted in one place only. */
export function promProducer(options: { registry: Registry; sdk: Sdk; resource: Resource }): MetricProducer {
  const startTime = hrTime(Date.now())
  return {
    collect: async () => {
      const endTime = hrTime(Date.now())
      const found = (await options.registry.getMetricsAsJSON()) as unknown as Figure[]
      const metrics = found.flatMap((figure) => translate(options.sdk, figure, startTime, endTime) ?? [])
      return {
        resourceMetrics: { resource: options.resource, scopeMetrics: [{ scope: { name: 'payymo' }, metrics }] },
        errors: [],
      }
    },
  }
}

type Figure = MetricObjectWithValues<MetricValue<string> & { metricName?: string }>

/** Summaries have no counterpart worth sending: there are none in the registry. */
function translate(sdk: Sdk, figure: Figure, startTime: HrTime, endTime: HrTime): MetricData | undefined {
  const kind = String(figure.type)
  const descriptor = {
    name: figure.name,
    description: figure.help,
    unit: figure.name.endsWith('_seconds') ? 's' : figure.name.endsWith('_bytes') ? 'By' : '1',
    valueType: ValueType.DOUBLE,
  }
  const aggregationTemporality = sdk.AggregationTemporality.CUMULATIVE
  const points = () =>
    figure.values.map(({ value, labels }) => ({ startTime, endTime, attributes: labels as Labels, value }))
  if (kind === 'gauge')
    return { descriptor, aggregationTemporality, dataPointType: sdk.DataPointType.GAUGE, dataPoints: points() }
  if (kind === 'counter') {
    return {
      descriptor,
      aggregationTemporality,
      dataPointType: sdk.DataPointType.SUM,
      isMonotonic: true,
      dataPoints: points(),
    }
  }
  if (kind !== 'histogram') return undefined
  return {
    descriptor,
    aggregationTemporality,
    dataPointType: sdk.DataPointType.HISTOGRAM,
    dataPoints: histograms(figure).map(({ attributes, value }) => ({ startTime, endTime, attributes, value })),
  }
}

type Labels = Record<string, string>

/** Prometheus counts up to each bound (`le`); OpenTelemetry counts within each bucket. */
function histograms(figure: Figure) {
  const series = new Map<string, { attributes: Labels; upTo: [number, number][]; sum: number; count: number }>()
  for (const { value, labels, metricName } of figure.values) {
    const { le, ...attributes } = labels as Labels
    const key = JSON.stringify(attributes)
    const one = series.get(key) ?? { attributes, upTo: [], sum: 0, count: 0 }
    series.set(key, one)
    if (metricName?.endsWith('_sum')) one.sum = value
    else if (metricName?.endsWith('_count')) one.count = value
    else if (le !== undefined && le !== '+Inf') one.upTo.push([Number(le), value])
  }
  return [...series.values()].map(({ attributes, upTo, sum, count }) => {
    const sorted = upTo.sort(([one], [other]) => one - other)
    const counts = sorted.map(([, until], index) => until - (sorted[index - 1]?.[1] ?? 0))
    return {
      attributes,
      value: {
        buckets: {
          boundaries: sorted.map(([bound]) => bound),
          counts: [...counts, count - (sorted.at(-1)?.[1] ?? 0)],
        },
        sum,
        count,
      },
    }
  })
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000]
