import { type Id, idOf, uuidOf } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { closeAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'

/** Money that went back at the provider of a line that pays an invoice, and that people were told of under this code, with the line that
 *  went out as the subject. */
const RETURNED_ALERT = 'stripe_payment_returned'

/** What of such money there is; joined in main. */
export type ToldReturns = (
  tx: TenantTx,
) => Promise<readonly { debitId: Id<'txn'>; creditId: Id<'txn'>; amountMinor: bigint }[]>

/** Most refunds are made in the billing system, which has its gateway give the money back: then both show it, and there is nothing
 *  left to decide. Closes the alerts about money of which the billing system shows as much gone out of an invoice that the line pays, by
 *  another hand than ours. Each such row there answers for one of them. And closes those of lines that pay no invoice any more. */
export async function closeReturnedThere(tx: Change, told: ToldReturns): Promise<void> {
  const open = await tx.many<{ subject_id: string }>(
    'select subject_id from alerts where tenant_id = $1 and code = $2 and closed_at is null',
    [tx.tenantUuid, RETURNED_ALERT],
  )
  if (open.length === 0) return
  const subjects = new Set(open.map((row) => row.subject_id))
  const all = await told(tx)
  if (!all.some((one) => subjects.has(one.debitId))) return
  const creditIds = [...new Set(all.map((one) => uuidOf(one.creditId)))]
  const rows = await tx.many<{ transaction_id: string; amount_minor: string; gone: string }>(
    `select m.transaction_id, (-q.amount_minor)::text as amount_minor, count(distinct (q.invoice_id, q.external_id))::text as gone
       from matches m
       join match_allocations l on l.tenant_id = m.tenant_id and l.match_id = m.id
       join invoice_payments q on q.tenant_id = l.tenant_id and q.invoice_id = l.invoice_id and q.amount_minor < 0
      where m.tenant_id = $1 and m.transaction_id = any($2::uuid[]) and m.status in ('approved', 'applied')
        and not exists (select 1 from undos u where u.tenant_id = q.tenant_id and u.transid = q.transid)
      group by m.transaction_id, q.amount_minor`,
    [tx.tenantUuid, creditIds],
  )
  const free = await tx.many<{ id: string }>(
    `select id from transactions where tenant_id = $1 and id = any($2::uuid[]) and match_status in ('unmatched', 'suggested')`,
    [tx.tenantUuid, creditIds],
  )
  const freed = new Set(free.map((row) => idOf('txn', row.id)))
  const gone = new Map(rows.map((row) => [`${idOf('txn', row.transaction_id)} ${row.amount_minor}`, BigInt(row.gone)]))
  // The latest are told first: what was closed before has used up its row.
  for (const one of all.toReversed()) {
    const key = `${one.creditId} ${one.amountMinor}`
    const left = gone.get(key) ?? 0n
    if (left <= 0n && !freed.has(one.creditId)) continue
    gone.set(key, left - 1n)
    if (subjects.has(one.debitId)) await closeAlert(tx, RETURNED_ALERT, one.debitId)
  }
}
