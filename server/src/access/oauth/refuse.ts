import type { TenantId } from '../../base/ids.ts'
import type { RefusedAttempt } from '../credentials/authenticate.ts'
import type { Call } from '../people/change-person.ts'
import { refuseBeyond } from '../people/limits.ts'
import type { OAuth } from './deps.ts'
import type { OAuthError } from './oauth-error.ts'

/** Calls a minute from one network, right or wrong: an hour lasts a token, so this is thousands of clients. */
const PER_NETWORK = 600
/** Wrong ones: secrets are not to be guessed anyway, but nobody needs more tries. */
const FAILURES_PER_NETWORK = 60
const FAILURES_PER_CLIENT = 120

/** Counts a call of an OAuth endpoint. Throws `rate_limit_exceeded`, or `service_unavailable` while nobody can count: uncounted
 *  nothing is issued (reliability 22: closed). */
export const countCall = (oauth: OAuth, call: Call): Promise<void> =>
  refuseBeyond(oauth, `oauth from:${oauth.networkOf(call.ip)}`, PER_NETWORK)

/** Notes a failed attempt for the audit trail and counts it. Returns the error to throw; throws `rate_limit_exceeded` itself
 *  beyond the limit. Who is right is never locked out by those who are wrong: a client_id is no secret, and somebody else's
 *  failures are easy to make. */
export async function refused(
  oauth: OAuth,
  call: Call,
  attempt: { tenantId: TenantId | null; credential: string; reason: RefusedAttempt['reason'] },
  error: OAuthError,
): Promise<OAuthError> {
  oauth.onRefused?.({ ...attempt, ip: call.ip, requestId: call.requestId })
  await refuseBeyond(oauth, `oauth failures from:${oauth.networkOf(call.ip)}`, FAILURES_PER_NETWORK)
  if (attempt.tenantId) await refuseBeyond(oauth, `oauth failures:${attempt.credential}`, FAILURES_PER_CLIENT)
  return error
}
