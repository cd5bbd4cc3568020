import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { flat, invalidToken } from './refusals.ts'
import { credentialsOf, type World } from './state.ts'

const REFRESH_SECONDS = 2_592_000
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A pair for the secrets; 401 when they are wrong. The company is known by its secret id. */
export function issuePair(world: World, secretId: string, secretKey: string): Record<string, unknown> {
  const known = credentialsOf(world).some((one) => one.secretId === secretId && one.secretKey === secretKey)
  if (!known) throw flat(401, 'Authentication failed', 'No active account found with the given credentials')
  return {
    access: sign(world, secretId, 'access', world.kept.switches.accessTokenSeconds),
    access_expires: world.kept.switches.accessTokenSeconds,
    refresh: sign(world, secretId, 'refresh', REFRESH_SECONDS),
    refresh_expires: REFRESH_SECONDS,
  }
}

/** A new access token; with the switch `rotateRefresh` a new refresh token as well. */
export function refreshAccess(world: World, refresh: string): Record<string, unknown> {
  const company = companyOf(world, refresh, 'refresh')
  const { accessTokenSeconds, rotateRefresh } = world.kept.switches
  const access = sign(world, company, 'access', accessTokenSeconds)
  const rotated = { refresh: sign(world, company, 'refresh', REFRESH_SECONDS), refresh_expires: REFRESH_SECONDS }
  return { access, access_expires: accessTokenSeconds, ...(rotateRefresh ? rotated : {}) }
}

/** Whose token it is; 401 `Invalid token` when it is forged, of the other kind, or past its `exp` on the simulator's clock. */
export function companyOf(world: World, token: string, kind: 'access' | 'refresh'): string {
  const parts = token.split('.')
  if (parts.length !== 3) throw invalidToken()
  const expected = signature(world, `${parts[0]}.${parts[1]}`)
  const given = Buffer.from(parts[2]!, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw invalidToken()
  const claims = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString('utf8')) as Record<string, unknown>
  if (claims['token_type'] !== kind || Number(claims['exp']) * 1000 <= world.nowMs()) throw invalidToken()
  return String(claims['secret_id'])
}

function sign(world: World, company: string, kind: 'access' | 'refresh', seconds: number): string {
  const nowSeconds = Math.floor(world.nowMs() / 1000)
  const claims = { token_type: kind, exp: nowSeconds + seconds, iat: nowSeconds, jti: randomUUID(), secret_id: company }
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${signature(world, text).toString('base64url')}`
}

const signature = (world: World, text: string): Buffer => createHmac('sha256', world.kept.jwtKey).update(text).digest()
