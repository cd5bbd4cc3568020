import { AppError } from '../../base/errors.ts'
import type { Answer } from '../../http/route.ts'

/** RFC 6749, 4.1.2.1 and 5.2. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'

/** A refusal in the words of the protocol. `message` is for the developer of the client. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode

  constructor(code: OAuthErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Answers of the token endpoint are kept by nobody (RFC 6749, 5.1). */
export const NOT_KEPT = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** Runs the work of a machine's call; refusals become the answer of RFC 6749, 5.2. `basic`: the client named itself in the
 *  Authorization header, and is told so. Being limited and a counter that is away have no word of their own there. */
export async function answering(basic: boolean, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OAuthError) {
      const unauthorized = error.code === 'invalid_client'
      return {
        status: unauthorized ? 401 : 400,
        body: { error: error.code, error_description: error.message },
        headers: {
          ...NOT_KEPT,
          ...(unauthorized && basic ? { 'www-authenticate': 'Basic realm="Payymo OAuth"' } : {}),
        },
      }
    }
    if (error instanceof AppError && (error.code === 'rate_limit_exceeded' || error.code === 'service_unavailable')) {
      return {
        status: error.code === 'rate_limit_exceeded' ? 429 : 503,
        body: { error: 'temporarily_unavailable', error_description: error.message },
        headers: { ...NOT_KEPT, 'retry-after': String(error.retryAfterSeconds ?? 5) },
      }
    }
    throw error
  }
}
