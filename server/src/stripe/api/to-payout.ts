import { z } from 'zod'
import type { StripePayout } from '../stripe-feed.ts'
import {
  currency,
  dayOf,
  integer,
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
  currency,
  status: word,
  automatic: z.boolean(),
  type: textOrNull(),
  method: textOrNull(),
  payout_method: referenceOrNull.catch(null),
  arrival_date: moment,
  created: moment,
  balance_transaction: referenceOrNull,
  failure_balance_transaction: referenceOrNull,
  statement_descriptor: text(),
  trace_id: z
    .object({ status: textOrNull(), value: textOrNull(255) })
    .nullish()
    .catch(null),
  destination: z
    .union([z.string(), z.object({ last4: textOrNull(4) })])
    .nullish()
    .catch(null),
  reconciliation_status: textOrNull(),
  failure_code: textOrNull(),
  failure_message: textOrNull(1_000),
})

/** A payout as Stripe gives it, with or without its destination. Pure; throws UnfitError. Source: Stripe API, the payout object. */
export function toPayout(raw: unknown): StripePayout {
  const payout = readObject(shape, raw, 'payout')
  const { destination } = payout
  return {
    id: payout.id,
    balanceTransactionId: payout.balance_transaction,
    failureBalanceTransactionId: payout.failure_balance_transaction,
    amountMinor: toMinor(payout.amount, payout.currency, payout.id),
    currency: payout.currency,
    status: payout.status,
    automatic: payout.automatic,
    method: payout.method,
    // A `payout_method` is a balance at Stripe, and a card has no statement.
    toBank: payout.payout_method === null && payout.type !== 'card',
    arrivalOn: dayOf(payout.arrival_date),
    descriptor: payout.statement_descriptor,
    traceId: payout.trace_id?.status === 'supported' ? payout.trace_id.value : null,
    destinationLast4: typeof destination === 'object' ? (destination?.last4 ?? null) : null,
    reconciliationStatus: payout.reconciliation_status,
    failureCode: payout.failure_code,
    failureMessage: payout.failure_message,
    occurredAt: payout.created,
  }
}
