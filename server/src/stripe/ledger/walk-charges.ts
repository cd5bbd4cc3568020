import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef, StripeDeps } from '../deps.ts'
import type { StripeFeed } from '../stripe-feed.ts'
import { lockAccountOf, readingBegins } from './account.ts'
import { keep } from './keep.ts'
import { getWalk, setChargesWalk } from './walk-queries.ts'
import { isForgotten, type Walked } from './walk-ledger.ts'

/** Pending, failed and late captured charges change for a while after they were made. */
const OVERLAP_MS = 48 * 3_600_000
/** How far back the first reading goes: what moved money stands in the ledger, and card authorisations lapse within a week. */
const FIRST_MS = 7 * 86_400_000
const PAGES_MAX = 100

/** Reads the charges made since the last reading, and for two days before: authorisations stand in no ledger. Newest first; what
 *  the page cap cuts off is read by the next walk. Throws StripeFeedError. */
export async function walkCharges(
  deps: StripeDeps,
  ref: ConnectionRef,
  feed: StripeFeed,
  { pagesMax = PAGES_MAX }: { pagesMax?: number } = {},
): Promise<Walked> {
  const actor = systemActor('stripe sync')
  const walked: Walked = { rows: 0, done: false }
  const walk = await deps.store.read(ref.tenantId, (tx) => getWalk(tx, ref.id))
  const beganAt = walk.chargesBefore === null ? deps.clock.now() : (walk.chargesWalkAt ?? deps.clock.now())
  const createdFrom = new Date(
    walk.chargesFrom === null ? deps.clock.now().getTime() - FIRST_MS : walk.chargesFrom.getTime() - OVERLAP_MS,
  )
  let before = walk.chargesBefore
  for (let pages = 0; pages < pagesMax && !walked.done; pages++) {
    const readAt = await readingBegins(deps, ref)
    const page = await feed.listCharges(before === null ? {} : { before }, { createdFrom }).catch((error: unknown) => {
      if (before === null || !isForgotten(error)) throw error
      // The place is forgotten: the walk begins anew, from the newest.
      return undefined
    })
    if (page === undefined) {
      before = null
      continue
    }
    const next = page.more ? (page.rows.at(-1)?.id ?? null) : null
    const isLoop = next !== null && next === before
    const kept = await deps.store.change(ref.tenantId, actor, async (tx) => {
      const account = await lockAccountOf(tx, ref.id)
      if (!account) return undefined
      await setChargesWalk(tx, ref.id, { before: isLoop ? null : next, at: beganAt })
      return keep(tx, deps, account, { charges: page.rows, rejected: page.rejected, readAt })
    })
    walked.rows += kept?.charges ?? 0
    before = next
    walked.done = next === null || isLoop || kept === undefined
  }
  return walked
}
