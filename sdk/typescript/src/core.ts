import { parseJson } from './amounts.ts'
import { errorOf, PayymoError } from './errors.ts'

export const VERSION = '0.1.0'

/** How to reach Payymo, and how patiently. */
export interface PayymoOptions {
  /** An API key, an access token, or a function that gives one. The function is asked before every try; `refused` says that
   *  the one it gave before was answered with 401, so that it can fetch a new one: the call is then made once more. */
  apiKey: string | ((about: { refused: boolean }) => string | Promise<string>)
  /** Where Payymo is, such as `https://payymo.example.com`. In a page that Payymo serves itself: `''`. */
  baseUrl: string
  /** Another `fetch`, for a proxy or for tests. */
  fetch?: typeof globalThis.fetch
  /** Tries after the first; 2 unless given. */
  maxRetries?: number
  /** For a call with all its tries and pauses; 60,000 unless given. */
  timeoutMs?: number
  /** How to wait between tries; tests put in their own. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** What one call may ask for besides its own arguments. */
export interface CallOptions {
  /** Ends the call, and the waiting between tries. The promise rejects with the signal's reason. */
  signal?: AbortSignal
  timeoutMs?: number
  maxRetries?: number
  /** POST and PATCH: the same call with the same key has one effect, also from another process. Made anew for each call
   *  unless given, and the same for all its tries. */
  idempotencyKey?: string
  headers?: Record<string, string>
}

/** A file to send: its bytes or its text. */
export type FileBody = Blob | ArrayBuffer | Uint8Array | string

export interface CallRequest {
  method: string
  /** Below /api/v1. */
  path: string
  query?: object
  body?: unknown
  file?: FileBody
  accept?: string
  options?: CallOptions
}

/** An answer with what came around it. */
export interface Answer<T> {
  data: T
  status: number
  headers: Headers
  requestId: string | undefined
  /** Whether this is the answer to an earlier call with the same idempotency key. */
  replayed: boolean
}

/** The data, or by `withResponse()` the whole answer. */
export interface Call<T> extends Promise<T> {
  withResponse(): Promise<Answer<T>>
}

const RETRIES = 2
const TIMEOUT_MS = 60_000
const PAUSE_MS = 500
const PAUSE_MS_MAX = 8_000

/** An id in an address: whatever it holds, it stays one segment. */
export const segment = (id: string): string => encodeURIComponent(id)

/** Sends calls, each until it is answered, hopeless or out of time. Retries are full-jitter exponential, obey `Retry-After`, and
 *  are safe: POST and PATCH carry an idempotency key, all other methods are repeatable by nature. */
export class Core {
  readonly #options: PayymoOptions
  readonly #fetch: typeof globalThis.fetch

  constructor(options: PayymoOptions) {
    this.#options = options
    // The browser's fetch wants no `this` of ours.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  }

  call<T>(request: CallRequest): Call<T> {
    const answer = this.#send<T>(request)
    const data = answer.then((one) => one.data)
    return Object.assign(data, {
      withResponse: () => {
        // Whoever takes the whole answer hears of a failure there.
        data.catch(() => {})
        return answer
      },
    })
  }

  async #send<T>(request: CallRequest): Promise<Answer<T>> {
    const { options = {} } = request
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS
    const endsAtMs = Date.now() + timeoutMs
    const late = new PayymoError('timed_out', `No answer within ${timeoutMs} ms`, { retryable: true })
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(late), timeoutMs)
    const passOn = () => controller.abort(options.signal?.reason)
    if (options.signal?.aborted) passOn()
    options.signal?.addEventListener('abort', passOn, { once: true })
    try {
      return await this.#tryUntil<T>(request, controller.signal, endsAtMs)
    } catch (error) {
      // A call that was ended fails with the reason, wherever the end found it.
      if (controller.signal.aborted) throw controller.signal.reason as unknown
      throw error
    } finally {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', passOn)
    }
  }

  async #tryUntil<T>(request: CallRequest, signal: AbortSignal, endsAtMs: number): Promise<Answer<T>> {
    const headers = headersOf(request)
    const retries = request.options?.maxRetries ?? this.#options.maxRetries ?? RETRIES
    let refused = false
    for (let attempt = 0; ; ) {
      headers.set('authorization', `Bearer ${await this.#credential(refused)}`)
      const outcome = await this.#attempt<T>(request, headers, signal)
      if (!('error' in outcome)) return outcome
      const { error, replayed } = outcome
      if (error.status === 401 && !refused && typeof this.#options.apiKey === 'function') {
        refused = true
        continue
      }
      const waitMs = pauseMs(error, attempt)
      // An answer that is kept under the key would only come back the same.
      if (replayed || !mayRetry(error) || attempt >= retries || Date.now() + waitMs >= endsAtMs) throw error
      await (this.#options.wait ?? wait)(waitMs, signal)
      attempt += 1
    }
  }

  #credential(refused: boolean): string | Promise<string> {
    const { apiKey } = this.#options
    return typeof apiKey === 'function' ? apiKey({ refused }) : apiKey
  }

  async #attempt<T>(
    request: CallRequest,
    headers: Headers,
    signal: AbortSignal,
  ): Promise<Answer<T> | { error: PayymoError; replayed: boolean }> {
    let response: Response
    let text: string
    try {
      response = await this.#fetch(this.#url(request), {
        method: request.method,
        headers,
        body: bodyOf(request),
        redirect: 'manual',
        signal,
      })
      text = await response.text()
    } catch (cause) {
      if (signal.aborted) throw cause
      const message = 'Payymo was not reached, or the connection broke'
      return { error: new PayymoError('connection_failed', message, { retryable: true, cause }), replayed: false }
    }
    const replayed = response.headers.get('idempotency-replayed') === 'true'
    if (!response.ok) return { error: errorOf(response, text, Date.now()), replayed }
    return {
      data: readData(response, text) as T,
      status: response.status,
      headers: response.headers,
      requestId: response.headers.get('x-request-id') ?? undefined,
      replayed,
    }
  }

  #url({ path, query = {} }: CallRequest): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
    return `${this.#options.baseUrl.replace(/\/+$/, '')}/api/v1${path}${search === '' ? '' : `?${search}`}`
  }
}

function readData(response: Response, text: string): unknown {
  if (response.status === 204 || text === '') return undefined
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return text
  try {
    return parseJson(text)
  } catch (cause) {
    throw new PayymoError('unexpected_answer', 'The answer is not JSON', { status: response.status, cause })
  }
}

function headersOf({ method, accept, body, file, options }: CallRequest): Headers {
  const headers = new Headers(options?.headers)
  headers.set('accept', accept ?? 'application/json')
  if (file !== undefined) headers.set('content-type', 'application/octet-stream')
  else if (body !== undefined) headers.set('content-type', 'application/json')
  if (method === 'POST' || method === 'PATCH') headers.set('idempotency-key', options?.idempotencyKey ?? randomKey())
  // Browsers name themselves.
  if (!('document' in globalThis)) headers.set('user-agent', `payymo-sdk-typescript/${VERSION}`)
  return headers
}

const bodyOf = ({ body, file }: CallRequest): RequestInit['body'] =>
  (file as RequestInit['body']) ?? (body === undefined ? undefined : JSON.stringify(body))

/** 128 random bits. `crypto.randomUUID` exists on https pages only. */
const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** 409 with Retry-After: the first call with this idempotency key is still at work. */
const mayRetry = ({ retryable, status, retryAfterSeconds }: PayymoError): boolean =>
  retryable || (status === 409 && retryAfterSeconds !== undefined)

/** Full jitter keeps clients that failed together from coming back together. */
const pauseMs = ({ retryAfterSeconds }: PayymoError, attempt: number): number =>
  retryAfterSeconds === undefined
    ? Math.random() * Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** attempt)
    : retryAfterSeconds * 1000

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, ms)
    signal.addEventListener('abort', end, { once: true })
  })
