import { z } from 'zod'
import { type OutboundAnswer, OutboundError, readRetryAfter } from '../../outbound/index.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { clean } from './read.ts'

/** What a refusal says about itself. Source: Stripe API, errors. */
const bodyShape = z.object({
  error: z.object({
    type: z.string().max(100).catch(''),
    code: z.string().max(100).catch(''),
    message: z.string().catch(''),
    param: z.string().max(200).catch(''),
  }),
})
type Words = z.output<typeof bodyShape>['error']

/** The resources as Stripe's own page for restricted keys names them, by the first part of the path. */
const RESOURCES: Record<string, string> = {
  account: 'Account',
  balance_transactions: 'Balance transactions',
  charges: 'Charges',
  payment_intents: 'PaymentIntents',
  payouts: 'Payouts',
  refunds: 'Refunds',
  disputes: 'Disputes',
  events: 'Events',
  checkout: 'Checkout Sessions',
  customers: 'Customers',
}
/** The same, by the permission that a refusal names (`rak_charge_read`). */
const PERMISSIONS: Record<string, string> = {
  balance: 'Balance transactions',
  balance_transaction: 'Balance transactions',
  charge: 'Charges',
  payment_intent: 'PaymentIntents',
  payout: 'Payouts',
  refund: 'Refunds',
  dispute: 'Disputes',
  event: 'Events',
  checkout_session: 'Checkout Sessions',
  customer: 'Customers',
}

/** How long to stay away, ms, where Stripe does not say. Limits count by the second, locks are short. */
const LIMIT_MS = 10_000
const LOCK_MS = 3_000
const TROUBLE_MS = 60_000

/** Turns any answer that is no 2xx into what it means for us, by status and code, and by words only where Stripe has no code.
 *  `path`: what was asked for, with its query. */
export function faultOf(answer: OutboundAnswer, path: string, now: Date): StripeFeedError {
  const { status } = answer
  const words = wordsOf(answer)
  const later = (reason: string, message: string, afterMs: number): StripeFeedError => {
    const asked = readRetryAfter(answer.headers['retry-after'], now.getTime())
    return new StripeFeedError('later', reason, message, { notBefore: new Date(now.getTime() + (asked ?? afterMs)) })
  }
  if (status === 429 || words?.code === 'rate_limit') return tooMany(answer, words, later)
  if (status === 409 || words?.code === 'lock_timeout') {
    return later('lock_timeout', 'Stripe is working on the same object just now. Payymo asks again by itself.', LOCK_MS)
  }
  if (status >= 500) {
    return later(`status_${status}`, 'Stripe has a problem. Payymo asks again by itself.', TROUBLE_MS)
  }
  if (!words) return unreadable()
  if (status === 401) {
    return new StripeFeedError(
      'credentials',
      words.code || 'bad_credentials',
      'Stripe does not accept the key. Enter one that is valid.',
    )
  }
  if (status === 403) return refusedAccess(words, path)
  if (words.code === 'resource_missing') {
    const cursor = words.param === 'starting_after' || words.param === 'ending_before'
    return new StripeFeedError(
      'gone',
      cursor ? 'cursor_unknown' : 'resource_missing',
      'Stripe does not know this object.',
    )
  }
  // The refusal has no code; these are its words, seen since 2015.
  if (/[?&]payout=/.test(path) && (words.param === 'payout' || /only be filtered on automatic/i.test(words.message))) {
    return new StripeFeedError(
      'not_itemised',
      'not_itemised',
      'Stripe lists what a payout is made of only for automatic payouts.',
    )
  }
  return new StripeFeedError(
    'refused',
    words.code || `status_${status}`,
    `Stripe refused the request: ${masked(words.message) || `status ${status}`}`,
  )
}

/** A limiter names itself in a header; a 429 without it is a locked object. Source: Stripe, rate limits. */
function tooMany(
  answer: OutboundAnswer,
  words: Words | undefined,
  later: (reason: string, message: string, afterMs: number) => StripeFeedError,
): StripeFeedError {
  const limiter = /^[a-z-]{1,60}$/.exec(answer.headers['stripe-rate-limited-reason'] ?? '')?.[0]
  if (limiter === undefined && words?.code !== 'rate_limit') {
    return later(
      words?.code || 'lock_timeout',
      'Stripe is working on the same object just now. Payymo asks again by itself.',
      LOCK_MS,
    )
  }
  const reason = limiter === undefined ? 'rate_limited' : `rate_limited_${limiter.replaceAll('-', '_')}`
  return later(reason, 'Stripe takes no more calls for the moment. Payymo asks again by itself.', LIMIT_MS)
}

function refusedAccess(words: Words, path: string): StripeFeedError {
  if (words.code === 'account_invalid' || /does not have access to account/i.test(words.message)) {
    return new StripeFeedError(
      'revoked',
      'account_invalid',
      'Stripe does not let us into this account any more. Connect it again.',
    )
  }
  const missing = missingOf(words.message, path)
  return new StripeFeedError(
    'permission',
    'permission_missing',
    `The key may not do this at Stripe. It lacks ${missing}.`,
    {
      missing,
    },
  )
}

function missingOf(message: string, path: string): string {
  const [, name, right] = /'?rak_([a-z0-9_]{1,60})_(read|write)\b/.exec(message) ?? []
  if (name !== undefined && right !== undefined) {
    const words = name.replaceAll('_', ' ')
    return `${PERMISSIONS[name] ?? words[0]!.toUpperCase() + words.slice(1)}: ${right === 'read' ? 'Read' : 'Write'}`
  }
  const part = /^\/v1\/([a-z_]+)/.exec(path)?.[1] ?? ''
  return `${RESOURCES[part] ?? part}: Read`
}

/** Turns a call that brought no answer into a StripeFeedError; hands other errors back. */
export function faultOfCall(error: unknown, now: Date): unknown {
  if (!(error instanceof OutboundError)) return error
  if (error.stage === 'too_large') return unreadable('answer_too_large', error)
  return new StripeFeedError(
    'later',
    `unreachable_${error.stage}`,
    'Stripe does not answer. Payymo asks again by itself.',
    { notBefore: new Date(now.getTime() + TROUBLE_MS), cause: error },
  )
}

export const unreadable = (reason = 'unreadable_answer', cause?: unknown): StripeFeedError =>
  new StripeFeedError(
    'unreadable',
    reason,
    'Stripe answered with something that is not its API. Payymo asks again by itself.',
    cause === undefined ? {} : { cause },
  )

const WORDS_BYTES_MAX = 64 * 1024

function wordsOf(answer: OutboundAnswer): Words | undefined {
  if (answer.body.byteLength > WORDS_BYTES_MAX) return undefined
  try {
    return bodyShape.safeParse(JSON.parse(answer.text())).data?.error
  } catch {
    return undefined
  }
}

/** Stripe's own sentence without keys, which it quotes now and then. */
const masked = (message: string): string => clean(message.replaceAll(/\b([srp]k|whsec)_\w+/g, '$1_…'), 300)
