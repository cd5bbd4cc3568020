import { masked, refuseOauth } from '../api/refusal.ts'
import type { Mode, Platform } from '../world/merchants.ts'
import type { Code, World } from '../world/world.ts'

/** The platform and mode of a secret key. Throws `invalid_client`. */
function platformOf(world: World, secret: string | null): { platform: Platform; mode: Mode } {
  const key = secret === null ? undefined : world.keys.get(secret)
  const platform = key?.kind === 'secret' ? world.platforms.get(key.account) : undefined
  if (key === undefined || platform === undefined) {
    throw refuseOauth('invalid_client', `No such API key: ${masked(secret ?? '')}`)
  }
  return { platform, mode: key.mode }
}

/** `POST /oauth/token`. `secret`: the key of the header, or null. Throws OAuth's errors. A second use of a code takes away the
 *  connection that the first one made. Source: Stripe, Connect OAuth reference. */
export function answerToken(world: World, form: URLSearchParams, secret: string | null): unknown {
  const { platform, mode } = platformOf(world, secret ?? form.get('client_secret'))
  const grant = form.get('grant_type')
  if (grant === null) throw refuseOauth('invalid_request', 'No grant type specified')
  if (grant === 'refresh_token') return refresh(world, form, platform, mode)
  if (grant !== 'authorization_code') throw refuseOauth('unsupported_grant_type', `Unsupported grant type: ${grant}`)
  const text = form.get('code')
  if (text === null || text === '') throw refuseOauth('invalid_request', 'No authorization code provided')
  const code = world.codes.get(text)
  if (code === undefined || code.platform !== platform.id)
    throw refuseOauth('invalid_grant', `Authorization code does not exist: ${text}`)
  if (code.mode !== mode)
    throw refuseOauth('invalid_grant', 'This authorization code was issued in another mode than that of the API key.')
  if (code.used) {
    world.disconnect(code.platform, code.account, code.mode)
    throw refuseOauth(
      'invalid_grant',
      'This authorization code has already been used. All tokens issued with this code have been revoked.',
    )
  }
  if (code.expiresAt <= world.clock.now()) throw refuseOauth('invalid_grant', `Authorization code expired: ${text}`)
  code.used = true
  const answer = connect(world, platform, code)
  world.save()
  return answer
}

function connect(world: World, platform: Platform, { account, mode, scope }: Code): unknown {
  world.connect(platform.id, account, mode, scope)
  const base = { scope, livemode: mode === 'live', stripe_user_id: account, token_type: 'bearer' }
  if (platform.givesNoTokens) return base
  const refreshToken = `rt_${world.dice.letters(32)}`
  world.refreshTokens.set(refreshToken, { platform: platform.id, account, mode, scope })
  return {
    access_token: newAccess(world, platform.id, account, mode),
    ...base,
    refresh_token: refreshToken,
    stripe_publishable_key: `pk_${mode}_${world.dice.letters(24)}`,
  }
}

/** A key that acts as the account; the one before it dies. */
function newAccess(world: World, platform: string, account: string, mode: Mode): string {
  for (const [name, one] of world.keys) {
    if (one.platform === platform && one.account === account && one.mode === mode) world.keys.delete(name)
  }
  const key = `sk_${mode}_${world.dice.letters(24)}`
  world.keys.set(key, { key, kind: 'connect', account, mode, platform })
  return key
}

function refresh(world: World, form: URLSearchParams, platform: Platform, mode: Mode): unknown {
  const text = form.get('refresh_token')
  if (text === null || text === '') throw refuseOauth('invalid_request', 'No refresh token provided')
  const known = world.refreshTokens.get(text)
  if (
    known === undefined ||
    known.platform !== platform.id ||
    !world.isConnected(platform.id, known.account, known.mode)
  )
    throw refuseOauth('invalid_grant', `Refresh token does not exist: ${text}`)
  const scope = form.get('scope') ?? known.scope
  if (scope !== known.scope && scope !== 'read_only') throw refuseOauth('invalid_scope', `Invalid scope: ${scope}`)
  const answer = {
    access_token: newAccess(world, platform.id, known.account, mode),
    scope,
    livemode: mode === 'live',
    stripe_user_id: known.account,
    token_type: 'bearer',
    refresh_token: text,
    stripe_publishable_key: `pk_${mode}_${world.dice.letters(24)}`,
  }
  world.save()
  return answer
}

/** `POST /oauth/deauthorize`: the platform lets go of an account. */
export function answerDeauthorize(world: World, form: URLSearchParams, secret: string | null): unknown {
  const { platform, mode } = platformOf(world, secret ?? form.get('client_secret'))
  const clientId = form.get('client_id')
  const account = form.get('stripe_user_id')
  if (clientId === null) throw refuseOauth('invalid_request', 'No client id provided')
  if (account === null) throw refuseOauth('invalid_request', 'No stripe_user_id provided')
  if (platform.clientIds[mode] !== clientId) throw refuseOauth('invalid_client', `No such application: '${clientId}'`)
  if (!world.disconnect(platform.id, account, mode)) {
    throw refuseOauth(
      'invalid_client',
      `This application is not connected to stripe account ${account}, or that account does not exist.`,
    )
  }
  return { stripe_user_id: account }
}
