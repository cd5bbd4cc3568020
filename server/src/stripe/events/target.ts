/** What an event is about, and so what is read again. `access`: nothing is read, since nothing can be read any more. */
export type Target = 'charge' | 'refund' | 'dispute' | 'payout' | 'intent' | 'session' | 'access'

const TARGETS: readonly (readonly [Target, readonly string[]])[] = [
  [
    'charge',
    [
      'charge.succeeded',
      'charge.updated',
      'charge.pending',
      'charge.failed',
      'charge.captured',
      'charge.expired',
      'charge.refunded',
    ],
  ],
  ['refund', ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated']],
  [
    'dispute',
    [
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
    ],
  ],
  [
    'payout',
    [
      'payout.created',
      'payout.updated',
      'payout.paid',
      'payout.failed',
      'payout.canceled',
      'payout.reconciliation_completed',
    ],
  ],
  [
    'intent',
    [
      'payment_intent.succeeded',
      'payment_intent.payment_failed',
      'payment_intent.processing',
      'payment_intent.canceled',
    ],
  ],
  [
    'session',
    ['checkout.session.completed', 'checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed'],
  ],
  ['access', ['account.application.deauthorized']],
]
const BY_TYPE: ReadonlyMap<string, Target> = new Map(
  TARGETS.flatMap(([target, types]) => types.map((type) => [type, target] as const)),
)

/** Every type that leads to something: those an endpoint at Stripe is to send. */
export const STRIPE_EVENTS: readonly string[] = [...BY_TYPE.keys()]

/** Undefined for types that lead to nothing. Source: Stripe, types of events; which of them move money is in reference 4.5. */
export const targetOf = (type: string): Target | undefined => BY_TYPE.get(type)
