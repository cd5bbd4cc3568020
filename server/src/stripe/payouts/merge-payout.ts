import type { StripePayout } from '../stripe-feed.ts'

/** How far a payout has come. Answers of Stripe reach us in any order: one that is older than what we know is not believed.
 *  `paid` may still become `failed`; what failed or was canceled stays so. Source: Stripe, payouts, life cycle. */
const RANK: Record<string, number> = { pending: 0, in_transit: 1, paid: 2, failed: 3, canceled: 3 }

/** Of an unknown status nothing is known but that Stripe says so now. */
const rankOf = (status: string): number => RANK[status] ?? 1

/** What is known of a payout after one more answer. A status never goes back, and what came once (trace id, failure, final list)
 *  is not lost to an answer that was made before. Amount, currency and the moment it was made never change. Pure. */
export function mergePayout(known: StripePayout, answer: StripePayout): StripePayout {
  const older = rankOf(answer.status) < rankOf(known.status) || (isOver(known) && answer.status !== known.status)
  const newest = older ? known : answer
  const other = older ? answer : known
  return {
    ...newest,
    id: known.id,
    amountMinor: known.amountMinor,
    currency: known.currency,
    occurredAt: known.occurredAt,
    balanceTransactionId: newest.balanceTransactionId ?? other.balanceTransactionId,
    failureBalanceTransactionId: newest.failureBalanceTransactionId ?? other.failureBalanceTransactionId,
    method: newest.method ?? other.method,
    descriptor: newest.descriptor === '' ? other.descriptor : newest.descriptor,
    traceId: newest.traceId ?? other.traceId,
    destinationLast4: newest.destinationLast4 ?? other.destinationLast4,
    reconciliationStatus: [newest, other].some(({ reconciliationStatus }) => reconciliationStatus === 'completed')
      ? 'completed'
      : (newest.reconciliationStatus ?? other.reconciliationStatus),
    failureCode: newest.failureCode ?? other.failureCode,
    failureMessage: newest.failureMessage ?? other.failureMessage,
  }
}

/** Nothing more will come of it: no money reaches the bank, or it has come back. */
export const isOver = ({ status }: { status: string }): boolean => status === 'failed' || status === 'canceled'

/** Money that is on its way to the bank or there. */
export const isUnderWay = ({ status }: { status: string }): boolean => status === 'in_transit' || status === 'paid'

/** Whether the answer told anything new. */
export function differs(one: StripePayout, other: StripePayout): boolean {
  const text = (payout: StripePayout): string => FACTS.map((fact) => String(payout[fact])).join('\n')
  return text(one) !== text(other)
}

const FACTS = [
  'balanceTransactionId',
  'failureBalanceTransactionId',
  'status',
  'automatic',
  'method',
  'toBank',
  'arrivalOn',
  'descriptor',
  'traceId',
  'destinationLast4',
  'reconciliationStatus',
  'failureCode',
  'failureMessage',
] as const satisfies readonly (keyof StripePayout)[]
