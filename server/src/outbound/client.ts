import { Agent } from 'undici'
import { inSpan, SpanKind } from '../base/span.ts'
import { hostOf, type OutboundPolicy, portOf, privateHosts, readUrl } from './check-url.ts'
import { guardedConnector, type Resolve, systemResolve, vettedAddresses } from './connect.ts'
import { exchange, type Head } from './exchange.ts'
import { codeOf, OutboundError, type OutboundStage } from './outbound-error.ts'

export interface OutboundRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  /** `host` and what belongs to the connection are ours to set. */
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** For everything together: name look-up, connection, request, answer to its last byte. */
  budgetMs: number
  /** Longest answer body taken. */
  maxBytes: number
  policy: OutboundPolicy
  signal?: AbortSignal
  /** Uses a connection of its own, so that no kept-alive one that the other side has just closed can leave a doubt whether
   *  the request arrived. For calls that move money. */
  fresh?: boolean
}

export interface OutboundDownload extends OutboundRequest {
  /** Takes the pieces of a 2xx answer in order; the next one is read when the promise is kept. If it throws, the call ends
   *  and fails with that very error. */
  to: (chunk: Uint8Array) => void | Promise<void>
}

export interface OutboundAnswer extends Head {
  /** Empty for a 2xx answer of `download`. */
  body: Uint8Array
  /** The body as UTF-8; bytes that are none become U+FFFD. */
  text(): string
  durationMs: number
}

/** One line for a log or a metric; without path and query, which may hold secrets. */
export interface OutboundRecord {
  method: string
  host: string
  status: number | null
  stage: OutboundStage | null
  code: string | null
  bytes: number
  durationMs: number
}

export interface OutboundOptions {
  /** `host:port` pairs that may be private and plain http. Production passes none. */
  allowedPrivateHosts: readonly string[]
  log?: (record: OutboundRecord) => void
  /** Name look-up; tests give their own. */
  resolve?: Resolve
}

export interface Outbound {
  /** Sends once and reads the whole answer, whatever its status; redirects come back as they are. Throws OutboundError. */
  request(order: OutboundRequest): Promise<OutboundAnswer>
  /** As `request`, handing a large 2xx answer on piece by piece. Bodies of other statuses are kept, up to 64 KiB. */
  download(order: OutboundDownload): Promise<OutboundAnswer>
  /** For the moment an address is saved: null, or a sentence saying why we would never call it. A name that cannot be
   *  resolved now passes, since every call checks again. */
  checkUrl(url: string, policy: OutboundPolicy): Promise<string | null>
  /** Drops all connections; running calls fail. */
  close(): Promise<void>
}

const REFUSED_BODY_BYTES_MAX = 64 * 1024
const CHECK_MS_MAX = 2_000
/** Set by us or by undici; a caller's value would cut the request from its connection. */
const OURS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect', 'keep-alive'])

/** The only way out of the process. It follows no redirect, heeds no proxy variable, retries nothing, and reaches only
 *  public addresses over https, except for the hosts listed. */
export function createOutbound({ allowedPrivateHosts, log, resolve = systemResolve }: OutboundOptions): Outbound {
  const listed = privateHosts(allowedPrivateHosts)
  const settings: Agent.Options = {
    connect: guardedConnector(listed, resolve),
    pipelining: 1,
    connections: 128,
    keepAliveTimeout: 4_000,
    // The budget of each call is the only timer.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 32 * 1024,
    allowH2: false,
  }
  const shared = new Agent(settings)
  // Its connections are closed after one call each, so that it never holds an idle one.
  const single = new Agent(settings)

  async function call(order: OutboundRequest, to?: OutboundDownload['to']): Promise<OutboundAnswer> {
    const startedAt = performance.now()
    const since = (): number => Math.round(performance.now() - startedAt)
    const chunks: Uint8Array[] = []
    let bytes = 0
    let kept = 0
    const note = (host: string, status: number | null, error: unknown): void =>
      log?.({
        method: order.method,
        host,
        status,
        stage: error instanceof OutboundError ? error.stage : null,
        code: codeOf(error) ?? null,
        bytes,
        durationMs: since(),
      })

    const { url, fault } = readUrl(order.url, order.policy, listed)
    if (!url) {
      const error = new OutboundError('blocked', false, fault)
      note('', null, error)
      throw error
    }
    try {
      const head = await exchange({
        dispatcher: order.fresh ? single : shared,
        url,
        method: order.method,
        headers: { 'accept-encoding': 'identity', ...ownHeaders(order.headers ?? {}) },
        body: order.body ?? null,
        budgetMs: order.budgetMs,
        maxBytes: order.maxBytes,
        signal: order.signal,
        fresh: order.fresh ?? false,
        take: (chunk, status) => {
          bytes += chunk.byteLength
          if (to && status >= 200 && status < 300) return to(chunk)
          if (!to || kept + chunk.byteLength <= REFUSED_BODY_BYTES_MAX) {
            kept += chunk.byteLength
            chunks.push(chunk)
          }
        },
      })
      note(url.host, head.status, null)
      const body = Buffer.concat(chunks)
      return { ...head, body, text: () => new TextDecoder().decode(body), durationMs: since() }
    } catch (error) {
      note(url.host, null, error)
      throw error
    }
  }

  return {
    request: (order) => traced(order, () => call(order)),
    download: (order) => traced(order, () => call(order, order.to)),
    async checkUrl(text, policy) {
      const { url, fault } = readUrl(text, policy, listed)
      if (!url) return fault
      const look = vettedAddresses(hostOf(url), listed.has(url.hostname, portOf(url)), resolve).then(
        () => null,
        (error: unknown) => (error instanceof OutboundError && error.stage === 'blocked' ? error.message : null),
      )
      let timer: NodeJS.Timeout | undefined
      const tired = new Promise<null>((done) => {
        timer = setTimeout(() => done(null), CHECK_MS_MAX)
      })
      return Promise.race([look, tired]).finally(() => clearTimeout(timer))
    },
    close: async () => void (await Promise.all([shared.destroy(), single.destroy()])),
  }
}

/** A span for each call, named by its host alone: paths and queries may hold what a trace must not. Our trace ids are not
 *  sent along: they are nobody else's business. */
const traced = (order: OutboundRequest, work: () => Promise<OutboundAnswer>): Promise<OutboundAnswer> =>
  inSpan(
    order.method,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': order.method,
        'server.address': URL.canParse(order.url) ? new URL(order.url).hostname : 'invalid',
      },
    },
    async (span) => {
      const answer = await work()
      span.setAttribute('http.response.status_code', answer.status)
      return answer
    },
  )

function ownHeaders(headers: Record<string, string>): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (OURS.has(lower)) throw new TypeError(`the header ${lower} is not the caller's to set`)
    own[lower] = value
  }
  return own
}
