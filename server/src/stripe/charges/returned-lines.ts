import { type Id, idOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** Money that went back of a charge that pays an invoice, and that people were told of. */
export interface ReturnedLine {
  /** The line of the money that went out; the alert is about it. */
  debitId: Id<'txn'>
  /** The line of the charge. */
  creditId: Id<'txn'>
  /** What went out, in the currency of both. */
  amountMinor: bigint
}

/** Those of the last two months, at most a thousand, the latest first. */
export async function listToldReturns(tx: TenantTx): Promise<ReturnedLine[]> {
  const rows = await tx.many<{ debit_id: string; credit_id: string; amount_minor: string }>(
    `select d.id as debit_id, c.transaction_id as credit_id, d.amount_minor
       from stripe_returns r
       join stripe_charges c on c.tenant_id = r.tenant_id and c.connection_id = r.connection_id and c.external_id = r.charge_id
       join transactions d on d.tenant_id = r.tenant_id and d.id = r.transaction_id and not d.void
      where r.tenant_id = $1 and r.told_at > now() - interval '60 days' and c.transaction_id is not null and d.currency = c.currency
      order by r.told_at desc, r.external_id limit 1000`,
    [tx.tenantUuid],
  )
  return rows.map((row) => ({
    debitId: idOf('txn', row.debit_id),
    creditId: idOf('txn', row.credit_id),
    amountMinor: BigInt(row.amount_minor),
  }))
}
