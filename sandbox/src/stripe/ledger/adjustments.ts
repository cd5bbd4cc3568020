import { type Book, Impossible } from './book.ts'
import type { BalanceTransaction } from './objects.ts'
import { post } from './post.ts'

/** Rows without a customer: type, reporting category, and the sign that the amount of an order gets. */
const KINDS = {
  fee: ['stripe_fee', 'fee', -1n, 'Radar (2026-10-01 - 2026-10-31): Radar for Fraud Teams'],
  tax: ['tax_fee', 'tax', -1n, 'VAT on Stripe fees'],
  fx_fee: ['stripe_fx_fee', 'fee', -1n, 'Currency conversion fee'],
  reserve: ['reserved_funds', 'risk_reserved_funds', -1n, 'Funds held in reserve'],
  reserve_release: ['reserved_funds', 'risk_reserved_funds', 1n, 'Release of funds held in reserve'],
  adjustment: ['adjustment', 'other_adjustment', 1n, 'Adjustment'],
  topup: ['topup', 'topup', 1n, 'Top-up'],
  contribution: ['contribution', 'contribution', -1n, 'Stripe Climate contribution'],
} as const

export type AdjustmentKind = keyof typeof KINDS

export interface AdjustmentOrder {
  kind: AdjustmentKind
  /** Above zero; `adjustment` may be below. */
  amount: bigint
  /** The default currency when absent. */
  currency?: string
  description?: string
  /** Overrule the row's names, for values that no client knows yet. */
  type?: string
  category?: string
}

/** Money that moves between the merchant and Stripe. Throws `Impossible` for a kind it does not know. */
export function adjust(book: Book, order: AdjustmentOrder): BalanceTransaction {
  const kind = Object.hasOwn(KINDS, order.kind) ? KINDS[order.kind] : undefined
  if (kind === undefined) throw new Impossible(`kind must be one of ${Object.keys(KINDS).join(', ')}`)
  const [type, category, sign, description] = kind
  if (order.amount === 0n || (order.amount < 0n && order.kind !== 'adjustment'))
    throw new Impossible('the amount must be above zero')
  return post(book, {
    movement: `${order.kind} ${book.id('move')}`,
    type: order.type ?? type,
    category: order.category ?? category,
    amount: sign * order.amount,
    currency: order.currency ?? book.terms.defaultCurrency,
    source: order.kind === 'topup' ? book.id('tu') : null,
    description: order.description ?? description,
  })
}
