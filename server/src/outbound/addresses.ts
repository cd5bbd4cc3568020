import { BlockList, isIP } from 'node:net'

/** IPv4 ranges that are not the public internet. Source: IANA IPv4 special-purpose address registry, multicast, class E. */
const CLOSED_V4: [string, number][] = [
  ['0.0.0.0', 8], // "this network"
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, the clouds' metadata service
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // IETF protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // automatic multicast tunnelling
  ['192.88.99.0', 24], // 6to4 relays, withdrawn
  ['192.168.0.0', 16],
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarking
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

/** The only IPv6 range handed out to the public. All else (::/96, mapped, NAT64 64:ff9b::, unique local, link-local,
 *  site-local, multicast) lies outside it and is refused without a list of its own. Source: IANA IPv6 global unicast. */
const OPEN_V6: [string, number] = ['2000::', 3]

/** Parts of that range which carry an IPv4 address inside or belong to nobody. Source: IANA IPv6 special-purpose registry. */
const CLOSED_V6: [string, number][] = [
  ['2001::', 23], // IETF assignments: Teredo, benchmarking, ORCHID and the like
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
]

const closed = new BlockList()
for (const [net, prefix] of CLOSED_V4) closed.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of CLOSED_V6) closed.addSubnet(net, prefix, 'ipv6')
const openV6 = new BlockList()
openV6.addSubnet(...OPEN_V6, 'ipv6')

/** Whether the text is an IP address that anybody on the internet may reach. Anything that is no address is not public,
 *  and neither is an IPv6 address that hides an IPv4 one, even a public one: no honest receiver is reached that way. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !closed.check(address, 'ipv4')
  if (family === 6) return !address.includes('%') && openV6.check(address, 'ipv6') && !closed.check(address, 'ipv6')
  return false
}
