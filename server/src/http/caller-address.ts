import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** Whose call it is counted as and written down: the address our proxy names, else that of the socket. Proxies pass on what
 *  callers wrote in front of their own word, and some write a port behind an address: such a text is nobody's address. */
export function callerAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const { ip, socket } = request
  // A zone may be any text, and means something on one machine only.
  return isIP(ip) !== 0 && !ip.includes('%') ? ip : (socket.remoteAddress ?? ip)
}
