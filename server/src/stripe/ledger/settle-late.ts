import { uuidOf } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { lockAccountOf } from './account.ts'
import { tellReturned } from './returned.ts'
import { settle } from './settle.ts'

const AT_ONCE = 200

/** What decisions of people have changed since: tells of money that went back of charges which pay an invoice only now, and brings
 *  lines whose match was taken back to what Stripe says of them. No call to the outside. */
export async function settleLate(deps: Pick<StripeDeps, 'store' | 'vault'>, ref: ConnectionRef): Promise<void> {
  await deps.store.change(ref.tenantId, systemActor('stripe sync'), async (tx) => {
    const account = await lockAccountOf(tx, ref.id)
    if (!account) return
    const rows = await tx.many<{ external_id: string }>(
      `select c.external_id from stripe_charges c join transactions t on t.tenant_id = c.tenant_id and t.id = c.transaction_id
        where c.tenant_id = $1 and c.connection_id = $2 and c.unsettled and t.match_status in ('unmatched', 'suggested')
        order by c.external_id limit ${AT_ONCE}`,
      [tx.tenantUuid, uuidOf(ref.id)],
    )
    await settle(tx, deps, account, { chargeIds: rows.map((row) => row.external_id), returnIds: [] })
    await tellReturned(tx, ref.id, 'all')
  })
}
