/** Where a call ended. `blocked`: refused by our own rules before anything happened. `timeout`: the budget ran out (or the
 *  caller stopped it). `send`: the request could not be written. `too_large`: the answer exceeded the caller's limit. */
export type OutboundStage =
  | 'blocked'
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'send'
  | 'headers'
  | 'body'
  | 'timeout'
  | 'too_large'

/** A call that brought no complete answer. An expected outcome: the caller records it and decides what follows.
 *  `sent`: whether bytes of the request may have left this machine; false only when that is certain, so a payment with
 *  `sent: true` must be looked up before it is tried again.
 *  `code`: the system's or TLS library's own word (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), for the log and for hints.
 *  The message names no path, query or secret. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly stage: OutboundStage
  readonly sent: boolean
  readonly code: string | undefined

  constructor(stage: OutboundStage, sent: boolean, message: string, more: { code?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.stage = stage
    this.sent = sent
    this.code = more.code
  }
}

/** The system's word for a failure, where it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
