import type { Dispatcher } from 'undici'
import { codeOf, OutboundError, type OutboundStage } from './outbound-error.ts'

export interface Exchange {
  dispatcher: Dispatcher
  url: URL
  method: Dispatcher.HttpMethod
  headers: Record<string, string>
  body: string | Uint8Array | null
  budgetMs: number
  maxBytes: number
  signal: AbortSignal | undefined
  /** One connection for this call alone. */
  fresh: boolean
  /** Takes each piece of the body in order; the next is read when the promise is kept. */
  take: (chunk: Uint8Array, status: number) => void | Promise<void>
}

export interface Head {
  status: number
  headers: Record<string, string>
}

/** One request and its whole answer under one budget. The stages, in order: waiting for a connection (`connect`), request
 *  being written and answer awaited (`headers`), answer being read (`body`).
 *
 *  `sent` turns true at the moment before the first byte is handed to the socket. A call that ends earlier is marked, so
 *  that a connection which opens later finds it dead and writes nothing; hence `sent: false` can be trusted. */
export function exchange(order: Exchange): Promise<Head> {
  return new Promise((resolve, reject) => {
    const { url, maxBytes } = order
    let controller: Dispatcher.DispatchController | null = null
    let head: Head | null = null
    let bytes = 0
    let sent = false
    let over = false
    let taking: Promise<void> = Promise.resolve()

    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), order.budgetMs)
    const signal = order.signal ? AbortSignal.any([stop.signal, order.signal]) : stop.signal

    const end = (settle: () => void): void => {
      if (over) return
      over = true
      clearTimeout(timer)
      signal.removeEventListener('abort', ranOut)
      settle()
    }
    /** Ends the call from our side and drops its connection. */
    const quit = (reason: Error): void => {
      end(() => reject(reason))
      controller?.abort(reason)
    }
    const ranOut = (): void => {
      const during = head
        ? 'while the answer was read'
        : sent
          ? 'before an answer began'
          : 'before the request was sent'
      const stopped = !stop.signal.aborted
      quit(
        new OutboundError('timeout', sent, stopped ? `Stopped ${during}` : `Out of time ${during}`, {
          code: stopped ? 'ABORTED' : 'ETIMEDOUT',
        }),
      )
    }
    const tooLarge = (): void =>
      quit(new OutboundError('too_large', true, `The answer is larger than ${maxBytes} bytes`))

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (over) started.abort(new Error('over'))
        else sent = true
      },
      onResponseStart(_, status, headers) {
        if (over || status < 200) return
        head = { status, headers: plain(headers) }
        // 304 and answers to HEAD state the length of a body that does not come; the count below is what binds then.
        const stated = order.method === 'HEAD' || status === 304 ? undefined : head.headers['content-length']
        if (stated !== undefined && Number(stated) > maxBytes) tooLarge()
      },
      onResponseData(running, chunk) {
        if (over || !head) return
        bytes += chunk.byteLength
        if (bytes > maxBytes) return tooLarge()
        const { status } = head
        try {
          const wait = order.take(chunk, status)
          if (!wait) return
          running.pause()
          taking = wait.then(
            () => running.resume(),
            (error: unknown) => quit(asError(error)),
          )
        } catch (error) {
          quit(asError(error))
        }
      },
      onResponseEnd() {
        if (over) return
        const complete = head
        void taking.then(() => complete && end(() => resolve(complete)))
      },
      onResponseError(_, error) {
        end(() => reject(asOutboundError(error, head ? 'body' : sent ? 'headers' : 'send', sent)))
      },
    }

    signal.addEventListener('abort', ranOut, { once: true })
    if (signal.aborted) return ranOut()
    order.dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: order.method,
        headers: order.headers,
        body: order.body,
        // undici may write a request again on another connection only if told that this is harmless. It is not.
        idempotent: false,
        reset: order.fresh,
      },
      handler,
    )
  })
}

/** Repeated headers joined as RFC 9110 allows; names in lower case. */
function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return joined
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

function asOutboundError(error: Error, stage: OutboundStage, sent: boolean): OutboundError {
  // Calls that waited for the same connection share its failure: each gets an error of its own.
  if (error instanceof OutboundError) {
    return new OutboundError(error.stage, sent, error.message, { code: error.code ?? error.stage, cause: error.cause })
  }
  const code = codeOf(error)
  if (sent && code === 'EPIPE') stage = 'send'
  const words: Partial<Record<OutboundStage, string>> = {
    send: 'The request could not be sent',
    headers: 'The connection ended before an answer began',
    body: 'The connection ended before the answer was complete',
  }
  return new OutboundError(stage, sent, words[stage] ?? 'The call failed', { code: code ?? 'EUNKNOWN', cause: error })
}
