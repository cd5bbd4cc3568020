import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Caller } from '../http/route.ts'
import type { Limit } from './counters.ts'

/** A limit of the contract, with the sentence that explains a refusal. */
export interface NamedLimit extends Limit {
  sentence: string
}

/** Calls per minute, all of contract 3.5. The first four are the operator's to change (PAYYMO_RATE_LIMITS). */
export interface RateNumbers {
  standard: number
  premium: number
  transactions: number
  bank_connections: number
  person: number
  address: number
}

export const RATES: RateNumbers = {
  standard: 1000,
  premium: 5000,
  transactions: 200,
  bank_connections: 50,
  person: 1000,
  address: 3000,
}

/** Resources with a limit of their own, which counts everything below them as well. */
const CLASSES = [
  { root: '/transactions', rate: 'transactions' },
  { root: '/bank-connections', rate: 'bank_connections' },
] as const

/** The limits a call with a valid credential is under. path: as the route is described, below /api/v1. All keys of a tenant share
 *  its limits; a person has one of their own, whatever they call. */
export function limitsOfCall(
  caller: Pick<Caller, 'kind' | 'tenantId' | 'tier' | 'actor' | 'signedInAt'>,
  path: string,
  rates: RateNumbers,
): NamedLimit[] {
  // A person's own tokens know when the password was typed; an application that acts for a person is a machine's call.
  if (caller.actor.type === 'user' && caller.signedInAt) {
    const perMinute = rates.person
    return [
      {
        subject: subjectOf('person', caller.actor.id),
        perMinute,
        sentence: `You may make ${perMinute} calls a minute`,
      },
    ]
  }
  const who = caller.kind === 'operator' ? 'The operator' : 'This tenant'
  const perMinute = caller.kind === 'operator' ? rates.premium : rates[caller.tier]
  const limits = [
    {
      subject: subjectOf('tenant', caller.tenantId),
      perMinute,
      sentence: `${who} may make ${perMinute} calls a minute`,
    },
  ]
  for (const { root, rate } of CLASSES) {
    if (path !== root && !path.startsWith(`${root}/`)) continue
    limits.push({
      subject: subjectOf(`tenant ${root}`, caller.tenantId),
      perMinute: rates[rate],
      sentence: `${who} may make ${rates[rate]} calls a minute to ${root}`,
    })
  }
  return limits
}

/** The limit of calls without a valid credential. */
export function limitOfAddress(ip: string, rates: RateNumbers): NamedLimit {
  return {
    subject: subjectOf('address', networkOf(ip)),
    perMinute: rates.address,
    sentence: `This address may make ${rates.address} calls a minute without a valid key`,
  }
}

/** Who an address belongs to, for counting: the address itself in IPv4, its /64 in IPv6, of which one customer of a provider
 *  usually has all (RFC 6177 gives a site a /64 or more). An IPv4 address written as IPv6 counts as IPv4. What is no address
 *  stays as it is. */
export function networkOf(ip: string): string {
  const bare = ip.split('%')[0]!
  if (!ipaddr.isValid(bare)) return ip
  const address = ipaddr.process(bare)
  if (address.kind() === 'ipv4') return address.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`
}

/** Counters know a subject by a digest: no address and no mail address lies about in them, and every key is short. */
export const subjectOf = (kind: string, name: string): string =>
  createHash('sha256').update(`${kind}\n${name}`).digest('base64url').slice(0, 22)
