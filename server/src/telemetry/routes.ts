import { BlockList, isIP } from 'node:net'
import type { Registry } from 'prom-client'
import { notFound } from '../base/errors.ts'
import { publicRoute, type Route } from '../http/route.ts'

/** `/metrics` for Prometheus. Served to this machine and to private networks only: to the rest of the world the address does
 *  not exist. */
export function metricsRoute(registry: Registry): Route {
  return publicRoute({
    operationId: 'metrics',
    method: 'GET',
    path: '/metrics',
    tag: 'System',
    summary: 'Figures of this process and of the queues, for Prometheus; private networks only',
    answers: { 200: { description: 'The text format of Prometheus' } },
    handle: async ({ ip, header }) => {
      if (![ip, ...forwardedFor(header)].every(isPrivate)) throw notFound()
      return { status: 200, body: await registry.metrics(), headers: { 'content-type': registry.contentType } }
    },
  })
}

/** Whom proxies say that they speak for. A reverse proxy stands on a private address itself: without a look at these the whole
 *  world would count as private wherever nobody told us of the proxy. */
const forwardedFor = (header: (name: string) => string | undefined): string[] =>
  ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']
    .flatMap((name) => (header(name) ?? '').split(','))
    .map((address) => address.trim())
    .filter(Boolean)

const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6')

function isPrivate(ip: string): boolean {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
  const version = isIP(plain)
  return version !== 0 && PRIVATE.check(plain, version === 6 ? 'ipv6' : 'ipv4')
}
