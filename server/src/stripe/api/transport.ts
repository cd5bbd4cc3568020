import type Stripe from 'stripe'
import type { Clock } from '../../base/clock.ts'
import type { Outbound, OutboundAnswer } from '../../outbound/index.ts'
import { faultOf, faultOfCall, unreadable } from './errors.ts'

const BYTES_MAX = 5 * 1024 * 1024
/** All that Stripe needs of what the library would send; the rest describes this machine. */
const SENT: ReadonlySet<string> = new Set(['authorization', 'stripe-account', 'stripe-version', 'accept'])

/** Carries the library's requests over our own way out. Three habits of the library are kept from it here (seen in 23.1.0): it
 *  takes any JSON without `error` for a success, whatever the status, so statuses are judged before it sees an answer; it sends
 *  again when a connection was reset, even with retries off, so it hears of no system code; and it prints what a header
 *  `stripe-notice` says, so it sees no headers. Failures leave as StripeFeedError. */
export function createTransport(options: { outbound: Outbound; apiUrl: string; clock: Clock }): Stripe.HttpClient {
  const { outbound, apiUrl, clock } = options

  const send = async (
    method: string,
    path: string,
    headers: Record<string, unknown>,
    budgetMs: number,
  ): Promise<OutboundAnswer> => {
    if (method !== 'GET') throw new TypeError(`this feed only reads, and does not ${method}`)
    try {
      return await outbound.request({
        method,
        url: `${apiUrl}${path}`,
        headers: { ...sent(headers), 'user-agent': 'Payymo' },
        budgetMs,
        maxBytes: BYTES_MAX,
        policy: 'provider',
      })
    } catch (error) {
      throw faultOfCall(error, clock.now())
    }
  }

  return {
    getClientName: () => 'payymo',
    // Anything thrown before the promise exists would end the process: the library does not catch it.
    makeRequest: async (_host, _port, path, method, headers, _body, _protocol, budgetMs) => {
      const answer = await send(method, path, headers, budgetMs)
      if (answer.status < 200 || answer.status > 299) throw faultOf(answer, path, clock.now())
      const value = objectIn(answer)
      return {
        getStatusCode: () => answer.status,
        getHeaders: () => ({}),
        getRawResponse: () => ({}),
        toStream: () => {
          throw new TypeError('nothing is streamed')
        },
        toJSON: () => Promise.resolve(value),
      }
    },
  }
}

function sent(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
      .filter(([name]) => SENT.has(name)),
  )
}

/** Numbers are doubles from here on: the shapes take only those that hold an integer exactly. */
function objectIn(answer: OutboundAnswer): object {
  let value: unknown
  try {
    value = JSON.parse(answer.text())
  } catch {
    throw unreadable()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'error' in value) throw unreadable()
  return value
}
