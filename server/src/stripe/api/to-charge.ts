import { z } from 'zod'
import type { StripeCharge } from '../stripe-feed.ts'
import {
  currency,
  integer,
  metadata,
  moment,
  readObject,
  referenceOrNull,
  text,
  textOrNull,
  toMinor,
  word,
} from './read.ts'

const shape = z.object({
  id: word,
  amount: integer,
  amount_captured: integer,
  amount_refunded: integer,
  currency,
  status: word,
  captured: z.boolean(),
  disputed: z.boolean(),
  livemode: z.boolean(),
  created: moment,
  payment_intent: referenceOrNull,
  customer: referenceOrNull,
  balance_transaction: referenceOrNull,
  failure_balance_transaction: referenceOrNull,
  billing_details: z.object({ name: text(), email: text() }).nullish().catch(null),
  receipt_email: text(),
  description: text(4_000),
  calculated_statement_descriptor: text(),
  statement_descriptor: text(),
  statement_descriptor_suffix: text(),
  payment_method_details: z.object({ type: textOrNull() }).nullish().catch(null),
  failure_message: textOrNull(1_000),
  failure_code: textOrNull(),
  outcome: z
    .object({ seller_message: textOrNull(1_000) })
    .nullish()
    .catch(null),
  metadata,
})

/** A charge as Stripe gives it. Pure; throws UnfitError. Amounts are in the currency of the customer. Source: Stripe API, the
 *  charge object. */
export function toCharge(raw: unknown): StripeCharge {
  const charge = readObject(shape, raw, 'charge')
  const minor = (amount: bigint): bigint => toMinor(amount, charge.currency, charge.id)
  return {
    id: charge.id,
    paymentIntentId: charge.payment_intent,
    customerId: charge.customer,
    balanceTransactionId: charge.balance_transaction,
    failureBalanceTransactionId: charge.failure_balance_transaction,
    amountMinor: minor(charge.amount),
    capturedMinor: minor(charge.amount_captured),
    refundedMinor: minor(charge.amount_refunded),
    currency: charge.currency,
    status: charge.status,
    captured: charge.captured,
    disputed: charge.disputed,
    occurredAt: charge.created,
    payerName: charge.billing_details?.name ?? '',
    payerEmail: charge.billing_details?.email || charge.receipt_email,
    description: charge.description,
    descriptor:
      charge.calculated_statement_descriptor ||
      [charge.statement_descriptor, charge.statement_descriptor_suffix].filter(Boolean).join(' '),
    method: charge.payment_method_details?.type ?? null,
    failure:
      charge.status === 'failed'
        ? (charge.failure_message ?? charge.outcome?.seller_message ?? charge.failure_code)
        : null,
    metadata: charge.metadata,
    livemode: charge.livemode,
  }
}
