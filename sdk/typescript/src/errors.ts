import type { ErrorAnswer, ErrorCode } from './generated/types.ts'

/** What the SDK itself says, besides the codes of the API. */
export type LocalCode =
  /** The server was not reached, or the connection broke. */
  | 'connection_failed'
  /** The call, with all its tries, took longer than `timeoutMs`. */
  | 'timed_out'
  /** Something answered that does not speak as Payymo does: a proxy, a login page, another server. */
  | 'unexpected_answer'

/** Every failure of a call. Branch on `code`; `message` is for people. */
export class PayymoError extends Error {
  override readonly name = 'PayymoError'
  readonly code: ErrorCode | LocalCode
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** Every fault of the request at once, or a stable reason. */
  readonly details: readonly { field: string; issue: string }[]
  /** Finds the call in the log of the server. */
  readonly requestId: string | undefined
  /** Whether the same call may succeed later. The SDK has tried again already, as often as it was allowed to. */
  readonly retryable: boolean
  /** Seconds the server asked to wait. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode | LocalCode,
    message: string,
    more: {
      status?: number
      details?: readonly { field: string; issue: string }[]
      requestId?: string
      retryable?: boolean
      retryAfterSeconds?: number
      cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.status = more.status ?? 0
    this.details = more.details ?? []
    this.requestId = more.requestId
    this.retryable = more.retryable ?? false
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** The error in an answer that is none of the good ones. */
export function errorOf(response: { status: number; headers: Headers }, text: string, nowMs: number): PayymoError {
  const { status, headers } = response
  const retryAfterSeconds = retryAfterOf(headers, nowMs)
  const envelope = envelopeOf(text)
  const requestId = envelope?.request_id ?? headers.get('x-request-id') ?? undefined
  if (envelope) {
    const { code, message, details, retryable } = envelope
    return new PayymoError(code, message, { status, details, requestId, retryable, retryAfterSeconds })
  }
  return new PayymoError('unexpected_answer', `${status} came back, and not from Payymo. Is the address right?`, {
    status,
    requestId,
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfterSeconds,
  })
}

function envelopeOf(text: string): ErrorAnswer['error'] | undefined {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorAnswer>
    return typeof error?.code === 'string' && typeof error.message === 'string'
      ? { ...error, details: error.details ?? [], retryable: error.retryable ?? false }
      : undefined
  } catch {
    return undefined
  }
}

/** `Retry-After` as seconds or as a date. */
function retryAfterOf(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}
