import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** What Stripe kept of the charges behind these lines of money, platform fees and taxes on them included, in the smallest unit of
 *  the line's own currency. Left out are charges that Stripe has not settled yet, and those it settled in another currency: there
 *  the fee was taken in that one, and a converted figure would be no amount that ever moved (docs/decisions/0019). */
export async function feesOfCharges(
  tx: TenantTx,
  transactionIds: readonly Id<'txn'>[],
): Promise<ReadonlyMap<Id<'txn'>, bigint>> {
  if (transactionIds.length === 0) return new Map()
  const rows = await tx.many<{ transaction_id: string; fee_minor: string }>(
    `select c.transaction_id, sum(l.fee_minor)::text as fee_minor
       from stripe_charges c
       join stripe_ledger l on l.tenant_id = c.tenant_id and l.connection_id = c.connection_id and l.charge_id = c.external_id
         and l.category = 'charge'
      where c.tenant_id = $1 and c.transaction_id = any($2::uuid[])
      group by c.transaction_id
     having bool_and(l.currency = c.currency) and sum(l.fee_minor) >= 0`,
    [tx.tenantUuid, transactionIds.map(uuidOf)],
  )
  return new Map(rows.map((row) => [idOf('txn', row.transaction_id), BigInt(row.fee_minor)]))
}
