import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { typesOf } from './target.ts'

/** Stripe's clock and ours may differ by as much as a signature's may. */
const CLOCKS_APART_S = 300

/** Ends the work on due events whose object was read since they happened: where an account is polled, its lists bring nearly every
 *  charge and refund before the events about them are listed, and each would cost one more of the reads that Stripe allows. Left
 *  are sessions, whose purchase is looked around, payouts, of which there are few, and what happened in the last minutes. */
export async function settleAlreadyRead(tx: TenantTx, id: Id<'strc'>): Promise<void> {
  await tx.run(
    `with due as materialized (
       select external_id, type, object_id, occurred_at + $6 * interval '1 second' as read_after from stripe_events
        where tenant_id = $1 and connection_id = $2 and state = 'waiting' and next_attempt_at <= now() for update skip locked
     ), charge as (
       select due.external_id, c.balance_transaction_id from due join stripe_charges c
           on c.tenant_id = $1 and c.connection_id = $2 and c.external_id = due.object_id and c.read_at > due.read_after
        where due.type = any($3)
       union all
       select due.external_id, c.balance_transaction_id from due join stripe_charges c
           on c.tenant_id = $1 and c.connection_id = $2 and c.payment_intent_id = due.object_id and c.read_at > due.read_after
          and c.status = 'succeeded'
        where due.type = any($4)
     ), known as (
       select external_id from charge where balance_transaction_id is null or exists (
         select 1 from stripe_ledger l
          where l.tenant_id = $1 and l.connection_id = $2 and l.external_id = charge.balance_transaction_id)
       union all
       select due.external_id from due join stripe_returns r
           on r.tenant_id = $1 and r.connection_id = $2 and r.external_id = due.object_id and r.read_at > due.read_after
        where due.type = any($5)
     )
     update stripe_events e set state = 'done', updated_at = now()
      where e.tenant_id = $1 and e.connection_id = $2 and e.external_id in (select external_id from known)`,
    [
      tx.tenantUuid,
      uuidOf(id),
      typesOf('charge'),
      typesOf('intent'),
      [...typesOf('refund'), ...typesOf('dispute')],
      CLOCKS_APART_S,
    ],
  )
}
