import { Stripe } from 'stripe'
import type { Clock } from '../../base/clock.ts'
import type { Outbound } from '../../outbound/index.ts'
import type { StripeAccess } from '../deps.ts'
import { type Page, StripeFeedError } from '../stripe-feed.ts'
import { unreadable } from './errors.ts'
import type { StripePace } from './pace.ts'
import { UnfitError } from './read.ts'
import { createTransport } from './transport.ts'

export interface StripeFeedOptions {
  outbound: Outbound
  clock: Clock
  /** Base URL without path; `/v1` is the library's to append. */
  apiUrl: string
  access: StripeAccess
  /** One for all feeds of the process. */
  pace: StripePace
  /** Hears of each call, before it is made. */
  onRead(): void
}

/** The shapes we read are those of this version, whatever the account's own default. */
const API_VERSION = '2026-10-28.endive'
/** For one call in all, the wait for its turn included. */
const BUDGET_MS = 20_000
const PAGE_ROWS_MAX = 1_000

/** Asks with the official library, one request for each. Nothing is tried twice: whoever calls is tried again by its job. */
export interface StripeClient {
  /** The object with this very id, read. `getAccount` is the only one that has none to ask for. */
  one<T extends { id: string }>(id: string | undefined, ask: Ask, read: (raw: unknown) => T): Promise<T>
  /** A page, each object read for itself. `read` may tell of parts it had to leave out. */
  page<T>(ask: Ask, read: (raw: unknown, reject: (sentence: string) => void) => T): Promise<Page<T>>
}

type Ask = (stripe: Stripe, request: Stripe.RequestOptions) => Promise<unknown>

export function createStripeClient({ outbound, clock, apiUrl, access, pace, onRead }: StripeFeedOptions): StripeClient {
  const restricted = access.kind === 'restricted_key'
  const stripe = new Stripe((restricted ? access.apiKey : access.secretKey).reveal(), {
    apiVersion: API_VERSION,
    httpClient: createTransport({ outbound, clock, apiUrl }),
    maxNetworkRetries: 0,
    telemetry: false,
    ...(restricted ? {} : { stripeAccount: access.accountId }),
  })

  const call = async (ask: Ask): Promise<unknown> => {
    const waitedMs = await pace.turn(access, clock.now())
    onRead()
    try {
      return await ask(stripe, { timeout: BUDGET_MS - waitedMs })
    } catch (error) {
      throw faultIn(error)
    }
  }

  return {
    one: async (id, ask, read) => {
      if (id !== undefined && !isSendable(id)) {
        throw new StripeFeedError('gone', 'no_stripe_id', 'Stripe has no object by such an id.')
      }
      const raw = await call(ask)
      try {
        const object = read(raw)
        if (id === undefined || object.id === id) return object
      } catch (error) {
        if (!(error instanceof UnfitError)) throw error
        throw new StripeFeedError(
          'unreadable',
          'unfit_object',
          `Stripe answered in an unknown shape. ${error.message}.`,
        )
      }
      throw unreadable('other_object')
    },
    page: async (ask, read) => {
      const { data, has_more: more } = listIn(await call(ask))
      const rejected: string[] = []
      const rows = data.flatMap((raw) => {
        try {
          return [read(raw, (sentence) => rejected.push(sentence))]
        } catch (error) {
          if (!(error instanceof UnfitError)) throw error
          rejected.push(error.message)
          return []
        }
      })
      return { rows, more, rejected }
    },
  }
}

/** Ids come from outside: one that would lead to another path is none of Stripe's. */
const isSendable = (id: string): boolean => /^[\w.:@+-]{1,255}$/.test(id) && !/^\.+$/.test(id)

function listIn(raw: unknown): { data: unknown[]; has_more: boolean } {
  const { object, data, has_more: more } = raw as { object?: unknown; data?: unknown; has_more?: unknown }
  if (object !== 'list' || !Array.isArray(data) || data.length > PAGE_ROWS_MAX || typeof more !== 'boolean') {
    throw unreadable('unreadable_list')
  }
  return { data, has_more: more }
}

/** The library wraps what the transport threw. Whatever else it throws came of an answer it could not stomach. */
function faultIn(error: unknown): StripeFeedError {
  const inner = (error as { detail?: unknown } | null)?.detail
  for (const each of [error, inner]) if (each instanceof StripeFeedError) return each
  return unreadable('unreadable_answer', inner ?? error)
}
