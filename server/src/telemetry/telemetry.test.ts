import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp, type TestTenant } from '../../test/setup/app.ts'
import { type Receiver, startReceiver } from '../../test/setup/receiver.ts'

interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: Record<string, unknown> }[]
}

/** A collector that keeps what it is sent. */
async function startCollector() {
  const spans: OtlpSpan[] = []
  const metricNames = new Set<string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans?: { scopeSpans: { spans: OtlpSpan[] }[] }[]
        resourceMetrics?: { scopeMetrics: { metrics: { name: string }[] }[] }[]
      }
      for (const { scopeSpans } of body.resourceSpans ?? []) spans.push(...scopeSpans.flatMap((scope) => scope.spans))
      for (const { scopeMetrics } of body.resourceMetrics ?? [])
        for (const { name } of scopeMetrics.flatMap((scope) => scope.metrics)) metricNames.add(name)
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metricNames,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe('/metrics', () => {
  let app: TestApp
  let tenant: TestTenant
  beforeAll(async () => {
    app = await createTestApp()
    tenant = await app.tenant()
  })
  afterAll(() => app.stop())

  it('counts requests by route and status, never by tenant or id', async () => {
    await tenant.call('GET', '/transactions')
    await tenant.call('GET', '/transactions/txn_01jrfzq4v8m2k9d7t5x3w1c0ab')
    await app.call('nonsense', 'GET', '/transactions')
    const { body } = await app.http.inject({ url: '/metrics' })
    expect(body).toMatch(
      /payymo_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/transactions",status="200",caller="api_key"\} 1/,
    )
    expect(body).toContain('route="/api/v1/transactions/{id}",status="404"')
    expect(body).toContain('status="401",caller="none"')
    expect(body).toContain('payymo_deliveries_waiting 0')
    expect(body).not.toMatch(/ten_|txn_|key_|pk_live/)
  })

  it('is told to private networks only', async () => {
    const asked = await Promise.all(
      ['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '::ffff:192.168.1.9', '8.8.8.8', '2001:4860::1'].map(
        async (remoteAddress) => (await app.http.inject({ url: '/metrics', remoteAddress })).statusCode,
      ),
    )
    expect(asked).toEqual([200, 200, 200, 200, 200, 404, 404])
  })

  it('and not to the world behind a proxy on this machine', async () => {
    const through = async (headers: Record<string, string>) =>
      (await app.http.inject({ url: '/metrics', headers })).statusCode
    expect(await through({ 'x-forwarded-for': '8.8.8.8' })).toBe(404)
    expect(await through({ 'x-forwarded-for': '10.0.0.1, 8.8.8.8' })).toBe(404)
    expect(await through({ 'x-real-ip': '8.8.8.8' })).toBe(404)
    expect(await through({ 'x-forwarded-for': '10.0.0.1' })).toBe(200)
  })
})

describe('OpenTelemetry', () => {
  it('one trace leads from the request to the delivery and its outbound call; figures are sent as well', async () => {
    const collector = await startCollector()
    const receiver: Receiver = await startReceiver()
    const app = await createTestApp({
      config: { otlpEndpoint: collector.url, allowedPrivateHosts: [receiver.host] },
      workers: true,
    })
    const tenant = await app.tenant()
    const hook = await tenant.call('POST', '/webhooks', { url: receiver.url, events: ['webhook.test'] })
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await tenant.call('POST', `/webhooks/${hook.body.id}/test`, undefined, {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    })
    await receiver.received(1)
    await app.stop()

    const mine = collector.spans.filter((span) => span.traceId === traceId)
    const named = (name: string) => mine.find((span) => span.name === name)
    const request = named('POST /api/v1/webhooks/:id/test')
    const delivery = named('deliver webhook')
    const call = named('POST')
    expect(request?.parentSpanId).toBe('00f067aa0ba902b7')
    expect(delivery?.parentSpanId).toBe(request?.spanId)
    expect(call?.parentSpanId).toBe(delivery?.spanId)
    expect(collector.metricNames).toContain('payymo_http_request_duration_seconds')
    expect(JSON.stringify(collector.spans)).not.toContain(tenant.key)
    await receiver.close()
    await collector.close()
  })

  it('a collector that is down costs nothing but the spans', async () => {
    const app = await createTestApp({ config: { otlpEndpoint: 'http://127.0.0.1:9' } })
    const tenant = await app.tenant()
    expect((await tenant.call('GET', '/transactions')).status).toBe(200)
    await app.stop()
  })
})
