import { AppError, type ErrorCode, InvariantError } from '../base/errors.ts'

/** The status of each code (contract 3.4). */
export const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  authentication_required: 401,
  permission_denied: 403,
  resource_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  resource_conflict: 409,
  payload_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  expectation_failed: 417,
  validation_failed: 422,
  rate_limit_exceeded: 429,
  headers_too_large: 431,
  server_error: 500,
  bank_integration_error: 502,
  stripe_integration_error: 502,
  whmcs_integration_error: 502,
  service_unavailable: 503,
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'request_timeout',
  'rate_limit_exceeded',
  'server_error',
  'bank_integration_error',
  'stripe_integration_error',
  'whmcs_integration_error',
  'service_unavailable',
])

/** What the framework refuses by itself, in our words. */
const FRAMEWORK: Record<number, [ErrorCode, string]> = {
  400: ['invalid_request', 'The request is malformed'],
  413: ['payload_too_large', 'The body is larger than this operation accepts'],
  414: ['uri_too_long', 'The address is longer than 8 kB'],
  415: ['unsupported_media_type', 'The Content-Type is malformed. Send the body as JSON, with application/json'],
}

/** The database is stopping, away, out of room, or did not get to it in time; which of them is for the log. */
const BUSY = /^(57P0|08|53)|^(57014|55P03|40P01|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/

/** What a caller may learn of any error: expected ones speak for themselves, all others only say that it was us. */
export function publicError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof InvariantError) {
    return new AppError('server_error', 'An unexpected server error occurred', {
      note: `broken invariant: ${error.message}`,
      cause: error,
    })
  }
  const fault = error as { code?: string; statusCode?: number; message?: string } | undefined
  if (fault?.code?.startsWith('FST_ERR_') && fault.statusCode !== undefined && fault.statusCode < 500) {
    const [code, message] = FRAMEWORK[fault.statusCode] ?? FRAMEWORK[400]!
    return new AppError(code, message, { cause: error })
  }
  if (BUSY.test(fault?.code ?? '') || fault?.message?.startsWith('Connection terminated')) {
    return new AppError('service_unavailable', 'The database is busy or not reachable. Try again in a few seconds.', {
      cause: error,
      retryAfterSeconds: 5,
    })
  }
  return new AppError('server_error', 'An unexpected server error occurred', { cause: error })
}

/** The one shape of every error answer. */
export function envelope(error: AppError, requestId: string): unknown {
  return {
    error: {
      code: error.code,
      message: error.message,
      details: error.details,
      request_id: requestId,
      // Whoever is told when to come back may come back.
      retryable: RETRYABLE.has(error.code) || error.retryAfterSeconds !== undefined,
    },
  }
}
