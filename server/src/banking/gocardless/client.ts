import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import { type Outbound, type OutboundAnswer, OutboundError } from '../../outbound/index.ts'
import { BankFeedError } from '../bank-feed.ts'
import { faultOf } from './errors.ts'

export interface GocardlessOptions {
  outbound: Outbound
  clock: Clock
  /** Base URL without path; `/api/v2` is ours to append. */
  baseUrl: string
  secretId: string
  secretKey: Secret
}

/** One call at a time of the data API, with a fresh token, bounded, and every failure turned into a BankFeedError. */
export interface GocardlessClient {
  get(path: string, query?: Record<string, string>): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
  delete(path: string): Promise<void>
}

const BUDGET_MS = 60_000
const BYTES_MAX = 64 * 1024 * 1024
/** A token is renewed this long before it ends. */
const TOKEN_RESERVE_MS = 3_600_000

const tokenSchema = z.object({
  access: z.string().min(1).max(20_000),
  access_expires: z.number().positive(),
  refresh: z.string().min(1).max(20_000).optional(),
  refresh_expires: z.number().positive().optional(),
})

interface Tokens {
  access: string
  accessUntilMs: number
  refresh: string | undefined
  refreshUntilMs: number
}

/** Speaks HTTP with GoCardless Bank Account Data. One pair of tokens per credentials, fetched by one caller at a time: the
 *  company may ask for a hundred an hour. Source: Bank Account Data API v2, token endpoints. */
export function createGocardlessClient(options: GocardlessOptions): GocardlessClient {
  const { outbound, clock, baseUrl } = options
  let tokens: Tokens | undefined
  let fetching: Promise<string> | undefined

  const accessToken = (): Promise<string> => {
    if (tokens && tokens.accessUntilMs - TOKEN_RESERVE_MS > clock.now().getTime()) return Promise.resolve(tokens.access)
    fetching ??= fetchToken().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  const fetchToken = async (): Promise<string> => {
    const now = clock.now().getTime()
    if (tokens?.refresh && tokens.refreshUntilMs > now) {
      const refreshed = await send('POST', '/token/refresh/', { refresh: tokens.refresh }).catch(() => undefined)
      if (refreshed?.status === 200) return keep(refreshed, tokens.refresh, tokens.refreshUntilMs)
    }
    const answer = await send('POST', '/token/new/', {
      secret_id: options.secretId,
      secret_key: options.secretKey.reveal(),
    })
    if (answer.status === 401 || answer.status === 403) {
      const fault = faultOf(answer, clock.now())
      throw fault.reason === 'ip_not_allowed'
        ? fault
        : new BankFeedError(
            'credentials',
            'bad_credentials',
            'GoCardless refuses the secret id and key. Check GOCARDLESS_SECRET_ID and GOCARDLESS_SECRET_KEY.',
          )
    }
    if (answer.status !== 200) throw faultOf(answer, clock.now())
    return keep(answer, undefined, 0)
  }

  const keep = (answer: OutboundAnswer, refresh: string | undefined, refreshUntilMs: number): string => {
    const parsed = tokenSchema.safeParse(readJson(answer))
    if (!parsed.success) throw unreadable()
    const now = clock.now().getTime()
    tokens = {
      access: parsed.data.access,
      accessUntilMs: now + parsed.data.access_expires * 1000,
      refresh: parsed.data.refresh ?? refresh,
      refreshUntilMs:
        parsed.data.refresh_expires === undefined ? refreshUntilMs : now + parsed.data.refresh_expires * 1000,
    }
    return tokens.access
  }

  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<OutboundAnswer> => {
    try {
      return await outbound.request({
        method,
        url: `${baseUrl}/api/v2${path}`,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        budgetMs: BUDGET_MS,
        maxBytes: BYTES_MAX,
        policy: 'provider',
      })
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      throw new BankFeedError(
        'unreachable',
        `unreachable_${error.stage}`,
        'GoCardless does not answer. Payymo tries again by itself.',
        { cause: error },
      )
    }
  }

  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      const token = await accessToken()
      const answer = await send(method, path, body, token)
      if (answer.status >= 200 && answer.status < 300) return answer.body.length === 0 ? undefined : readJson(answer)
      const fault = faultOf(answer, clock.now())
      // A token may die before its time; once more with a new one, never in a loop.
      if (fault.reason !== 'invalid_token' || attempt > 1) throw fault
      // Another call may have fetched a new one meanwhile.
      if (tokens?.access === token) tokens = undefined
    }
  }

  return {
    get: (path, query) => call('GET', query ? `${path}?${new URLSearchParams(query).toString()}` : path),
    post: (path, body) => call('POST', path, body),
    delete: async (path) => void (await call('DELETE', path)),
  }
}

const unreadable = (): BankFeedError =>
  new BankFeedError(
    'unreachable',
    'unreadable_answer',
    'GoCardless answered with something that is not its API. Payymo tries again by itself.',
  )

/** Parsed with amounts kept as text: they are strings in this API, and must stay so. */
function readJson(answer: OutboundAnswer): unknown {
  try {
    return JSON.parse(answer.text().replaceAll('\0', '\ufffd'))
  } catch {
    throw unreadable()
  }
}
