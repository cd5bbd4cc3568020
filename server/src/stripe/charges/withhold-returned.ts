import { type Id, idOf, uuidOf } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import type { TenantTx } from '../../database/transaction.ts'

/** Charges of which a part was refunded or is disputed: whether the whole invoice counts as paid by them is for a person to say. Each
 *  comes with the reason, as matching shows it. (Of those that went back whole the line is set aside and not matched at all.) */
export async function withholdReturned(
  tx: TenantTx,
  lines: readonly { id: Id<'txn'>; source: string }[],
): Promise<Map<Id<'txn'>, { code: 'card_charge_returned'; weight: 0; text: string }>> {
  const cards = lines.filter((line) => line.source === 'stripe').map((line) => line.id)
  if (cards.length === 0) return new Map()
  const rows = await tx.many<{ transaction_id: string; amount_minor: string; currency: string }>(
    `select c.transaction_id, sum(d.amount_minor)::text as amount_minor, d.currency
       from stripe_charges c
       join stripe_returns r on r.tenant_id = c.tenant_id and r.connection_id = c.connection_id and r.charge_id = c.external_id
       join transactions d on d.tenant_id = r.tenant_id and d.id = r.transaction_id and not d.void
      where c.tenant_id = $1 and c.transaction_id = any($2::uuid[])
      group by c.transaction_id, d.currency order by c.transaction_id, d.currency`,
    [tx.tenantUuid, cards.map(uuidOf)],
  )
  return new Map(
    rows.map((row) => [
      idOf('txn', row.transaction_id),
      {
        code: 'card_charge_returned' as const,
        weight: 0 as const,
        text: `${formatAmount(BigInt(row.amount_minor), row.currency)} ${row.currency} of this charge were refunded or are disputed.`,
      },
    ]),
  )
}
