/** Stable words for what went wrong. Only http/ knows which status each becomes (contract 3.4). */
export type ErrorCode =
  | 'invalid_request'
  | 'authentication_required'
  | 'permission_denied'
  | 'resource_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'resource_conflict'
  | 'payload_too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'validation_failed'
  | 'rate_limit_exceeded'
  | 'headers_too_large'
  | 'server_error'
  | 'bank_integration_error'
  | 'stripe_integration_error'
  | 'whmcs_integration_error'
  | 'service_unavailable'

/** One fault of one field, in words a caller may show. */
export interface FaultyField {
  field: string
  issue: string
}

/** An expected failure. `message` is for the caller and says what to do next; `note` and `cause` are for the log only. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: FaultyField[]
  readonly note: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { details?: FaultyField[]; note?: string; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'AppError'
    this.code = code
    this.details = more.details ?? []
    this.note = more.note
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** The very same answer for an id that never existed and for one of another tenant. */
export const notFound = (): AppError => new AppError('resource_not_found', "The requested resource doesn't exist")

/** A start-up or command-line fault the user can mend: printed as a sentence, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** States what must hold. A broken invariant stops the work at hand, is reported, and is never caught and passed by. */
export function assert(holds: unknown, invariant: string): asserts holds {
  if (!holds) throw new InvariantError(invariant)
}

export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
