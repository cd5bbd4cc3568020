/** Who is signed in, and the short tokens the API is called with. The session itself is a cookie that no script can read; this
 *  module asks `/auth/…`, the only addresses outside the API that the dashboard calls (docs/sign-in.md). */

export interface Membership {
  id: string
  name: string
  status: string
  user_id: string
  role: 'owner' | 'admin' | 'reviewer' | 'viewer'
}

export interface Session {
  email: string
  second_factor: boolean
  signed_in_at: string
  expires_at: string
  csrf_token: string
  tenants: Membership[]
}

/** A refusal of `/auth/…`: `reason` is the stable word in its details, such as `second_factor_required`. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly reason: string | undefined
  readonly faults: readonly { field: string; issue: string }[]

  constructor(status: number, message: string, faults: readonly { field: string; issue: string }[] = []) {
    super(message)
    this.status = status
    this.faults = faults
    this.reason = faults.find(({ field }) => field === 'reason')?.issue
  }
}

/** A token is renewed this long before it ends. */
const EARLY_MS = 60_000
const TENANT_KEY = 'payymo.tenant'

let csrf = ''
let token: { tenantId: string; value: string; endsAtMs: number } | undefined
let asking: { tenantId: string; token: Promise<string> } | undefined

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(csrf === '' ? {} : { 'x-csrf-token': csrf }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new AuthError(0, 'offline')
  })
  csrf = response.headers.get('x-csrf-token') ?? csrf
  if (response.ok) return response
  const answer = (await response.json().catch(() => ({}))) as {
    error?: { message?: string; details?: { field: string; issue: string }[] }
  }
  throw new AuthError(response.status, answer.error?.message ?? response.statusText, answer.error?.details ?? [])
}

/** The present session; undefined when nobody is signed in. */
export async function readSession(): Promise<Session | undefined> {
  try {
    const session = (await (await call('GET', '/auth/me')).json()) as Session
    csrf = session.csrf_token
    return session
  } catch (error) {
    if (error instanceof AuthError && error.status === 401) return undefined
    throw error
  }
}

export async function signIn(given: { email: string; password: string; code?: string }): Promise<void> {
  await call('POST', '/auth/login', given)
  forgetToken()
}

export async function signOut(): Promise<void> {
  await call('POST', '/auth/logout')
  csrf = ''
  forgetToken()
}

/** Proves the password again: some changes want one typed within ten minutes. */
export async function confirmPassword(given: { password: string; code?: string }): Promise<void> {
  await call('POST', '/auth/confirm', given)
  forgetToken()
}

/** Changes the password; every other session of the person ends. */
export async function changePassword(given: { current: string; next: string }): Promise<void> {
  await call('POST', '/auth/password', given)
  forgetToken()
}

/** A secret for an app that makes codes. Nothing changes until `confirmSecondFactor` shows that the app has it. */
export async function startSecondFactor(): Promise<{ secret: string; otpauth_uri: string }> {
  return (await (await call('POST', '/auth/second-factor', {})).json()) as { secret: string; otpauth_uri: string }
}

/** Switches the second factor on and gives the recovery codes, seen here only; every other session ends. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  const answer = (await (await call('POST', '/auth/second-factor', { code })).json()) as { recovery_codes: string[] }
  forgetToken()
  return answer.recovery_codes
}

export async function endSecondFactor(password: string): Promise<void> {
  await call('DELETE', '/auth/second-factor', { password })
  forgetToken()
}

export function forgetToken(): void {
  token = undefined
  asking = undefined
}

/** A token for the tenant, renewed a minute before it ends; many callers at once ask once. */
export async function accessToken(tenantId: string, refused: boolean): Promise<string> {
  if (refused) forgetToken()
  if (token?.tenantId === tenantId && token.endsAtMs - EARLY_MS > performance.now()) return token.value
  if (asking?.tenantId === tenantId) return asking.token
  const made = (async () => {
    const answer = (await (await call('POST', '/auth/token', { tenant_id: tenantId })).json()) as {
      access_token: string
      expires_in: number
    }
    token = { tenantId, value: answer.access_token, endsAtMs: performance.now() + answer.expires_in * 1000 }
    return answer.access_token
  })()
  asking = { tenantId, token: made }
  try {
    return await made
  } finally {
    if (asking?.token === made) asking = undefined
  }
}

/** The tenant looked at last on this browser, else the first. */
export function chosenTenant(session: Session): Membership | undefined {
  const last = localStorage.getItem(TENANT_KEY)
  return session.tenants.find(({ id }) => id === last) ?? session.tenants[0]
}

export function rememberTenant(id: string): void {
  localStorage.setItem(TENANT_KEY, id)
}
