import { z } from 'zod'
import type { StripeReturn } from '../stripe-feed.ts'
import {
  currency,
  integer,
  moment,
  readObject,
  reference,
  referenceOrNull,
  textOrNull,
  toMinor,
  UnfitError,
  word,
} from './read.ts'

/** A refund may still fail 30 days after it succeeded; that comes as a row of the ledger and as an event of its own. */
const REFUND_ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'canceled'])
const DISPUTE_ENDS: ReadonlySet<string> = new Set(['won', 'lost', 'warning_closed', 'prevented'])

const common = {
  id: word,
  amount: integer,
  currency,
  charge: referenceOrNull,
  reason: textOrNull(),
  created: moment,
}
const refundShape = z.object({
  ...common,
  status: textOrNull().transform((status) => status ?? 'pending'),
  balance_transaction: referenceOrNull,
  failure_balance_transaction: referenceOrNull,
})
const disputeShape = z.object({
  ...common,
  status: word,
  balance_transactions: z.array(reference).max(100).nullish(),
})

/** Pure; throws UnfitError. Source: Stripe API, the refund object. */
export function toRefund(raw: unknown): StripeReturn {
  const refund = readObject(refundShape, raw, 'refund')
  const ids = [refund.balance_transaction, refund.failure_balance_transaction]
  return {
    ...returned('refund', refund),
    final: REFUND_ENDS.has(refund.status),
    ledgerIds: ids.filter((id) => id !== null),
  }
}

/** Pure; throws UnfitError. Source: Stripe API, the dispute object. */
export function toDispute(raw: unknown): StripeReturn {
  const dispute = readObject(disputeShape, raw, 'dispute')
  return {
    ...returned('dispute', dispute),
    final: DISPUTE_ENDS.has(dispute.status),
    ledgerIds: dispute.balance_transactions ?? [],
  }
}

function returned(
  kind: StripeReturn['kind'],
  object: Omit<z.output<typeof refundShape>, 'balance_transaction' | 'failure_balance_transaction'>,
): Omit<StripeReturn, 'final' | 'ledgerIds'> {
  if (object.charge === null) throw new UnfitError(`${object.id} names no charge`)
  return {
    id: object.id,
    kind,
    chargeId: object.charge,
    amountMinor: toMinor(object.amount, object.currency, object.id),
    currency: object.currency,
    status: object.status,
    reason: object.reason,
    occurredAt: object.created,
  }
}
