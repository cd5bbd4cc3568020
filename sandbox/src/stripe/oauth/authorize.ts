import { refuseOauth } from '../api/refusal.ts'
import type { Merchant, Mode, Platform } from '../world/merchants.ts'
import type { World } from '../world/world.ts'

/** What the platform asks for, checked. */
export interface Asked {
  platform: Platform
  mode: Mode
  scope: string
  redirectUri: string
  state: string | null
}

const CODE_SECONDS = 300

/** Reads the parameters of the authorize page. Throws the JSON document that Stripe shows to the browser: these errors are never
 *  redirected. Source: Stripe, Connect OAuth reference. */
export function readAsked(world: World, query: URLSearchParams): Asked {
  const state = query.get('state')
  const wrong = (error: string, description: string) => {
    const refusal = refuseOauth(error, description, 400)
    Object.assign(refusal.body as object, state === null ? {} : { state })
    return refusal
  }
  const clientId = query.get('client_id')
  const modes = ['test', 'live'] as const
  const found = [...world.platforms.values()].flatMap((platform) =>
    modes.filter((mode) => platform.clientIds[mode] === clientId).map((mode) => ({ platform, mode })),
  )[0]
  if (found === undefined) throw wrong('invalid_request', `No application matches the supplied client identifier`)
  const type = query.get('response_type')
  if (type === null) throw wrong('invalid_request', 'No response type provided')
  if (type !== 'code') throw wrong('unsupported_response_type', `Unsupported response type: ${type}`)
  const scope = query.get('scope') ?? 'read_only'
  if (scope !== 'read_only' && scope !== 'read_write') throw wrong('invalid_scope', `Invalid scope: ${scope}`)
  const { platform, mode } = found
  const redirectUri = query.get('redirect_uri') ?? platform.redirectUris[0]
  if (
    redirectUri === undefined ||
    !platform.redirectUris.includes(redirectUri) ||
    (mode === 'live' && world.switches.httpsInLive && !redirectUri.startsWith('https:'))
  ) {
    throw wrong('invalid_redirect_uri', `Invalid redirect URI '${redirectUri ?? ''}'.`)
  }
  return { platform, mode, scope, redirectUri, state }
}

/** The user connects this account: a code for five minutes. Returns where the browser goes. */
export function allow(world: World, asked: Asked, account: string): string {
  const chosen = chosenAccount(world, account)
  const code = `ac_${world.dice.letters(32)}`
  world.codes.set(code, {
    code,
    platform: asked.platform.id,
    account: chosen.id,
    mode: asked.mode,
    scope: asked.scope,
    redirectUri: asked.redirectUri,
    expiresAt: world.clock.now() + CODE_SECONDS,
    used: false,
  })
  return back(asked, { scope: asked.scope, code })
}

/** The user refuses. */
export const deny = (asked: Asked): string =>
  back(asked, { error: 'access_denied', error_description: 'The user denied your request' })

/** An account that another platform controls cannot be connected: the user is led to make a second, empty one. */
function chosenAccount(world: World, account: string): Merchant {
  const merchant = world.merchants.get(account)
  if (merchant === undefined || world.platforms.has(account))
    throw refuseOauth('invalid_request', `no account ${account}`)
  if (!merchant.controlledByAnother) return merchant
  const id = `${account}Second`
  return world.merchants.get(id) ?? world.addMerchant({ id, email: merchant.email })
}

function back(asked: Asked, answer: Record<string, string>): string {
  const url = new URL(asked.redirectUri)
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
  if (asked.state !== null) url.searchParams.set('state', asked.state)
  return url.href
}
