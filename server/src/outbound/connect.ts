import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { isPublicAddress } from './addresses.ts'
import type { PrivateHosts } from './check-url.ts'
import { codeOf, OutboundError } from './outbound-error.ts'

/** All addresses of a name, IPv4 and IPv6, in the order to be tried. */
export type Resolve = (hostname: string) => Promise<string[]>

/** The machine's own resolver, hosts file included, so that listed test hosts work. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, order: 'verbatim' })).map((answer) => answer.address)

/** No call waits longer than this for a connection, and one that nobody waits for any more ends by itself. */
const CONNECT_MS_MAX = 10_000
/** One dead address of several must not use up the whole time. */
const ADDRESS_MS_MAX = 4_000

/** Looks a name up once and gives its addresses, all public unless the host is listed. A single private answer among
 *  public ones refuses the name: picking the good one would leave the choice to whoever runs its name server. */
export async function vettedAddresses(hostname: string, allowed: boolean, resolve: Resolve): Promise<string[]> {
  if (isIP(hostname) !== 0) {
    if (allowed || isPublicAddress(hostname)) return [hostname]
    throw new OutboundError('blocked', false, 'The address leads into a private network')
  }
  let addresses: string[]
  try {
    addresses = await resolve(hostname)
  } catch (error) {
    throw new OutboundError('resolve', false, 'The host name could not be resolved', {
      code: codeOf(error) ?? 'ENOTFOUND',
      cause: error,
    })
  }
  if (addresses.length === 0) {
    throw new OutboundError('resolve', false, 'The host name has no address', { code: 'ENODATA' })
  }
  if (!allowed && !addresses.every(isPublicAddress)) {
    throw new OutboundError('blocked', false, 'The host name leads into a private network')
  }
  return addresses
}

/** undici's way to a socket. The name is resolved here and nowhere else, the socket goes to the vetted address, and TLS
 *  still asks for and checks the original name; so a name that changes its mind between check and connect gains nothing.
 *  IP literals skip undici's own `lookup` hook, which is why this replaces the whole connector.
 *  Fails with an OutboundError of stage `blocked`, `resolve`, `connect` or `tls`. */
export function guardedConnector(listed: PrivateHosts, resolve: Resolve): buildConnector.connector {
  const connect = async (options: buildConnector.Options, callback: buildConnector.Callback): Promise<void> => {
    let socket: Socket
    try {
      socket = await open(options, listed, resolve)
    } catch (error) {
      return callback(error instanceof Error ? error : new Error('connect failed'), null)
    }
    callback(null, socket)
  }
  return (options, callback) => void connect(options, callback)
}

async function open(options: buildConnector.Options, listed: PrivateHosts, resolve: Resolve): Promise<Socket> {
  const secure = options.protocol === 'https:'
  const port = options.port ? Number(options.port) : secure ? 443 : 80
  const hostname = options.hostname
  const allowed = listed.has(isIP(hostname) === 6 ? `[${hostname}]` : hostname, port)
  const endsAt = performance.now() + CONNECT_MS_MAX
  const addresses = await vettedAddresses(hostname, allowed, resolve)
  let last: unknown
  for (const [place, address] of addresses.entries()) {
    const leftMs = endsAt - performance.now()
    if (leftMs <= 0) break
    const alone = place === addresses.length - 1
    try {
      const socket = await openOne({
        address,
        port,
        hostname,
        secure,
        waitMs: alone ? leftMs : Math.min(leftMs, ADDRESS_MS_MAX),
      })
      if (allowed || isPublicAddress(socket.remoteAddress ?? '')) return socket
      socket.destroy()
      throw new OutboundError('blocked', false, 'The connection led into a private network')
    } catch (error) {
      last = error
      // Only an address that does not answer sends us to the next; a bad certificate is the same everywhere.
      if (!(error instanceof OutboundError) || error.stage !== 'connect') throw error
    }
  }
  throw last ?? new OutboundError('connect', false, 'No connection in time', { code: 'ETIMEDOUT' })
}

interface OneAddress {
  address: string
  port: number
  hostname: string
  secure: boolean
  waitMs: number
}

function openOne({ address, port, hostname, secure, waitMs }: OneAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let stage: 'connect' | 'tls' = 'connect'
    const socket: Socket | TLSSocket = secure
      ? connectTls({
          host: address,
          port,
          servername: isIP(hostname) === 0 ? hostname : '',
          ALPNProtocols: ['http/1.1'],
          minVersion: 'TLSv1.2',
        })
      : connectTcp({ host: address, port })
    const timer = setTimeout(() => fail(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), waitMs)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      const what = stage === 'tls' ? 'A secure connection could not be made' : 'The host could not be reached'
      reject(new OutboundError(stage, false, what, { code: codeOf(error) ?? 'EUNKNOWN', cause: error }))
    }
    const done = (): void => {
      clearTimeout(timer)
      socket.off('close', ended)
      resolve(socket)
    }
    const ended = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    // The listener stays: an error between here and undici's own listener must not be without one.
    socket.on('error', fail)
    socket.once('close', ended)
    socket.setNoDelay(true)
    if (!secure) socket.once('connect', done)
    else {
      socket.once('connect', () => {
        stage = 'tls'
      })
      socket.once('secureConnect', done)
    }
  })
}
