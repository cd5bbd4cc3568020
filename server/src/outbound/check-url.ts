import { isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'

/** Who chose the address: a tenant (webhooks, WHMCS) or the operator (provider base URLs). */
export type OutboundPolicy = 'tenant' | 'provider'

/** Ports a tenant may name. A public address with another port is somebody's mail or database server more often than an
 *  https receiver, and we would be the one who knocks. Listed private hosts and the operator's providers may use any. */
export const TENANT_PORTS: readonly number[] = [443, 8443]

/** `host:port` pairs that may be private and plain http. */
export interface PrivateHosts {
  has(hostname: string, port: number): boolean
}

/** Reads PAYYMO_ALLOWED_PRIVATE_HOSTS as split by the caller: `localhost:9090`, `127.0.0.1:80`, `[::1]:8080`. The port is
 *  part of each entry; the host is compared in the form `URL` gives it. Throws TypeError naming the entry that is neither. */
export function privateHosts(entries: readonly string[]): PrivateHosts {
  const known = new Set<string>()
  for (const entry of entries) {
    const port = /:(\d{1,5})$/.exec(entry)?.[1]
    const url = port === undefined ? null : URL.parse(`http://${entry}/`)
    if (!url || url.username || url.pathname !== '/' || url.search || url.hash || !/^[^/?#@]+$/.test(entry)) {
      throw new TypeError(`not host:port: ${entry.slice(0, 100)}`)
    }
    known.add(`${url.hostname}:${Number(port)}`)
  }
  return { has: (hostname, port) => known.has(`${hostname}:${port}`) }
}

/** The port a URL leads to. */
export const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)

/** The host as a resolver or socket wants it: IPv6 without brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

export type ReadUrl = { url: URL; fault: null } | { url: null; fault: string }

/** All rules that need no network. `URL` first turns decimal, hexadecimal, octal, short and full-width forms of an address
 *  into dotted form, so that a literal is judged as what it means. The fault is a sentence a user may see. */
export function readUrl(text: string, policy: OutboundPolicy, listed: PrivateHosts): ReadUrl {
  const url = URL.parse(text)
  const refuse = (fault: string): ReadUrl => ({ url: null, fault })
  if (!url || url.hostname === '') return refuse('This is not a complete web address')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('The address must begin with https://')
  if (url.username !== '' || url.password !== '') {
    return refuse('The address must not contain a user name or password')
  }
  if (listed.has(url.hostname, portOf(url))) return { url, fault: null }
  if (url.protocol !== 'https:') return refuse('The address must begin with https://')
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isPublicAddress(host)) return refuse('The address leads into a private network')
  if (/(^|\.)localhost\.?$/.test(host)) return refuse('The address leads into a private network')
  if (policy === 'tenant' && !TENANT_PORTS.includes(portOf(url))) {
    return refuse(`The port must be ${TENANT_PORTS.join(' or ')}`)
  }
  return { url, fault: null }
}
