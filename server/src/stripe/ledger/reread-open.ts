import { type Id, uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import type { StripeFeed, StripeReturn } from '../stripe-feed.ts'
import { lockAccountOf, readingBegins } from './account.ts'
import { keep } from './keep.ts'
import { refreshCharge, refreshCharges, refreshReturn, unlessGone } from './refresh.ts'

/** Rows of the ledger are read again for so many days: their money becomes available, and none of them slipped in below the cursor. */
const AGAIN_DAYS = 3
const PAGES_MAX = 50
/** What did not end by then is left alone: authorisations lapse after 30 days, refunds may fail for 30, disputes last 120. */
const OPEN_DAYS = 180

/** Reads again what can still change: charges pending, authorised or without their row of the ledger, refunds and disputes that have
 *  not ended, each unless it was read within the day; and the newest days of the ledger. The longest unread come first, at most
 *  `limit` of each kind. Throws StripeFeedError. */
export async function rereadOpen(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  { limit = 300 }: { limit?: number } = {},
): Promise<void> {
  await rereadLedger(deps, ref, feed)
  const open = await deps.store.read(ref.tenantId, (tx) => listOpen(tx, ref.id, limit))
  for (const id of open.charges) await unlessGone(() => refreshCharge(deps, ref, feed, id))
  for (const { kind, id } of open.returns) await unlessGone(() => refreshReturn(deps, ref, feed, kind, id))
}

async function rereadLedger(deps: StripeDeps, ref: ConnectionRef, feed: StripeFeed): Promise<void> {
  const createdFrom = new Date(deps.clock.now().getTime() - AGAIN_DAYS * 86_400_000)
  const missing: string[] = []
  let before: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const readAt = await readingBegins(deps, ref)
    const page = await feed.listLedger(before === undefined ? {} : { before }, { createdFrom })
    const kept = await deps.store.change(ref.tenantId, systemActor('stripe sync'), async (tx) => {
      const account = await lockAccountOf(tx, ref.id)
      return account && keep(tx, deps, account, { rows: page.rows, rejected: page.rejected, readAt })
    })
    missing.push(...(kept?.missing ?? []))
    const last = page.rows.at(-1)?.id
    if (!page.more || last === undefined || last === before) break
    before = last
  }
  await refreshCharges(deps, ref, feed, missing)
}

async function listOpen(
  tx: TenantTx,
  id: Id<'strc'>,
  limit: number,
): Promise<{ charges: string[]; returns: { kind: StripeReturn['kind']; id: string }[] }> {
  const values = [tx.tenantUuid, uuidOf(id), limit]
  const charges = await tx.many<{ id: string }>(
    `select c.external_id as id from stripe_charges c
      where c.tenant_id = $1 and c.connection_id = $2
        and (c.status = 'pending' or (c.status = 'succeeded' and c.balance_transaction_id is null))
        and not (c.status = 'succeeded' and not c.captured and c.refunded_minor >= c.amount_minor)
        and c.read_at < now() - interval '20 hours' and c.occurred_at > now() - interval '${OPEN_DAYS} days'
      order by c.read_at limit $3`,
    values,
  )
  const returns = await tx.many<{ kind: StripeReturn['kind']; id: string }>(
    `select r.kind, r.external_id as id from stripe_returns r
      where r.tenant_id = $1 and r.connection_id = $2 and not r.final and r.read_at < now() - interval '20 hours'
        and r.occurred_at > now() - interval '${OPEN_DAYS} days'
      order by r.read_at limit $3`,
    values,
  )
  return { charges: charges.map((row) => row.id), returns }
}
