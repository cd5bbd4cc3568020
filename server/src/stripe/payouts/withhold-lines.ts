import type { Id } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { stripeState } from './bank-queries.ts'
import { looksLikeStripe, type LineText } from './stripe-like.ts'

/** Lines of a bank that read like a payout of Stripe although none is found for them yet: while a Stripe account is connected, they
 *  pay no invoice without a person. Each comes with the reason, as matching shows it. */
export async function withholdPayoutLines(
  tx: TenantTx,
  lines: readonly (LineText & { id: Id<'txn'>; source: string })[],
): Promise<Map<Id<'txn'>, { code: 'looks_like_payout'; weight: 0; text: string }>> {
  const alike = lines.filter((line) => line.source !== 'stripe' && looksLikeStripe(line))
  if (alike.length === 0 || !(await stripeState(tx)).active) return new Map()
  return new Map(alike.map(({ id }) => [id, REASON]))
}

const REASON = {
  code: 'looks_like_payout',
  weight: 0,
  text: 'It reads like a payout of Stripe: then it is made of payments that pay their invoices themselves.',
} as const
