import type { IncomingMessage } from 'node:http'
import { type Key, type Mode, modeOf } from '../world/merchants.ts'
import type { World } from '../world/world.ts'
import { masked, refuse } from './refusal.ts'

/** Who calls, and whose objects are meant. */
export interface Caller {
  key: Key
  account: string
  mode: Mode
  /** The platform looks at another account. */
  viaPlatform: boolean
}

/** The key of a request: Bearer token, or user name of Basic. Null when there is none. */
export function keyOf(request: IncomingMessage): string | null {
  const header = request.headers.authorization ?? ''
  const bearer = /^Bearer (.+)$/i.exec(header)
  if (bearer) return bearer[1]!
  const basic = /^Basic (.+)$/i.exec(header)
  return basic ? Buffer.from(basic[1]!, 'base64').toString('utf8').split(':')[0]! : null
}

/** Finds the key and checks that it may look at the account of `Stripe-Account`. Throws 401 for a key that is none, 403
 *  `account_invalid` for an account that is unknown, not connected in the key's mode, or no longer. */
export function callerOf(world: World, request: IncomingMessage): Caller {
  const given = keyOf(request)
  const challenge = { 'www-authenticate': 'Basic realm="Stripe"' }
  if (given === null || given === '') {
    throw refuse(
      401,
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
      {},
      challenge,
    )
  }
  const key = world.keys.get(given)
  if (key === undefined) throw refuse(401, `Invalid API Key provided: ${masked(given)}`, {}, challenge)
  const header = request.headers['stripe-account']
  const account = typeof header === 'string' && header !== '' ? header : key.account
  const caller = { key, account, mode: key.mode, viaPlatform: account !== key.account }
  if (!caller.viaPlatform) return caller
  if (key.kind === 'secret' && world.isConnected(key.account, account, key.mode)) return caller
  throw refuse(
    403,
    `The provided key '${masked(given)}' does not have access to account '${account}' (or that account does not exist). ` +
      'Application access may have been revoked.',
    { code: 'account_invalid' },
  )
}

/** Throws 403 unless the key may do this with the resource. Secret keys may do everything. */
export function need(caller: Caller, permission: string, access: 'read' | 'write'): void {
  const { key } = caller
  if (key.permissions === undefined) return
  const granted = Object.hasOwn(key.permissions, permission) ? key.permissions[permission] : undefined
  if (granted === 'write' || granted === access) return
  throw refuse(
    403,
    `The provided key '${masked(key.key)}' does not have the required permissions for this endpoint on account ` +
      `'${caller.account}'. Having the 'rak_${permission}_${access}' permission would allow this request to continue.`,
  )
}

export const isLive = (caller: Caller): boolean => modeOf(true) === caller.mode
