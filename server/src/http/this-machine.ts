import type { RouteContext } from './route.ts'

/** Headers that proxies add: whoever they speak for is not on this machine. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
]

/** Whether a browser on this machine asks, for pages that are served without a sign-in. Without proxy headers `ip` is the address
 *  of the socket. The name asked for must be this machine's as well: a page elsewhere could let its own name lead here (DNS
 *  rebinding), and a proxy that adds nothing still passes its name on. */
export function isThisMachine({
  ip,
  header,
}: Pick<RouteContext<unknown, unknown, unknown, unknown>, 'ip' | 'header'>): boolean {
  const own = /^(::ffff:)?127\.|^::1$/.test(ip)
  const asked = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(header('host') ?? '')
  return own && asked && PROXY_HEADERS.every((name) => header(name) === undefined)
}
