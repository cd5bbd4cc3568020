import type { Id } from '../../base/ids.ts'
import { uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import { type StripeCharge, type StripeFeed, StripeFeedError, type Surroundings } from '../stripe-feed.ts'
import { lockAccountOf } from './account.ts'
import { type ChargeRow, getCharges, upsertCharges } from './charge-queries.ts'
import { mergeNames, namesAround, namesInvoice } from './names.ts'
import { settle } from './settle.ts'

/** Reads what stands around a charge (payment intent, checkout sessions, customer: up to three calls) and keeps what may name its
 *  invoice. Only for charges that are money, name no invoice themselves and were not looked around before; with `again` for any that
 *  names none. What Stripe does not show there (`gone`, `permission`) is nothing. Throws StripeFeedError otherwise. */
export async function lookAroundCharge(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  charge: StripeCharge,
  { again }: { again: boolean },
): Promise<void> {
  const wanted = await deps.store.read(ref.tenantId, async (tx) => {
    const row = (await getCharges(tx, ref.id, [charge.id])).get(charge.id)
    return (
      row !== undefined &&
      row.transactionId !== null &&
      !row.names.some((name) => name.from.startsWith('charge.') && namesInvoice([name])) &&
      (again || !row.lookedAround)
    )
  })
  if (!wanted) return
  let around: Surroundings | undefined
  try {
    around = await feed.lookAround(charge)
  } catch (error) {
    if (!(error instanceof StripeFeedError && (error.fault === 'gone' || error.fault === 'permission'))) throw error
  }
  await deps.store.change(ref.tenantId, systemActor('stripe refresh'), async (tx) => {
    const account = await lockAccountOf(tx, ref.id)
    const row = account && (await getCharges(tx, ref.id, [charge.id])).get(charge.id)
    if (!account || !row) return
    await upsertCharges(tx, ref.id, [around ? withSurroundings(row, around) : { ...row, lookedAround: true }])
    await settle(tx, deps, account, { chargeIds: [charge.id], returnIds: [] })
  })
}

function withSurroundings(row: ChargeRow, around: Surroundings): ChargeRow {
  const own = row.names.filter((name) => name.from.startsWith('charge.'))
  return {
    ...row,
    names: mergeNames(own, namesAround(around)),
    sessionIds: [...new Set([...row.sessionIds, ...around.sessions.map((session) => session.id)])],
    payerName: row.payerName || around.customerName,
    payerEmail: row.payerEmail || around.customerEmail,
    lookedAround: true,
  }
}

/** Looks around charges that came by the ledger and name no invoice, newest first, at most `limit` of them: those that nobody has
 *  found an invoice for. Returns how many were read. */
export async function lookAroundNameless(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  limit: number,
): Promise<number> {
  const rows = await deps.store.read(ref.tenantId, (tx) => listNameless(tx, ref.id, limit))
  for (const row of rows) await lookAroundCharge(deps, ref, feed, chargeAsRead(row), { again: false })
  return rows.length
}

/** What `lookAround` needs to know of a charge. */
const chargeAsRead = (row: ChargeRow): StripeCharge => ({
  ...row,
  failureBalanceTransactionId: null,
  metadata: {},
  livemode: true,
})

async function listNameless(tx: TenantTx, id: Id<'strc'>, limit: number): Promise<ChargeRow[]> {
  if (limit <= 0) return []
  const rows = await tx.many<{ external_id: string }>(
    `select c.external_id from stripe_charges c join transactions t on t.tenant_id = c.tenant_id and t.id = c.transaction_id
      where c.tenant_id = $1 and c.connection_id = $2 and not c.looked_around and t.match_status in ('unmatched', 'suggested')
        and t.status <> 'ignored'
      order by c.occurred_at desc limit $3`,
    [tx.tenantUuid, uuidOf(id), limit],
  )
  const charges = await getCharges(
    tx,
    id,
    rows.map((row) => row.external_id),
  )
  return rows.flatMap((row) => charges.get(row.external_id) ?? [])
}
