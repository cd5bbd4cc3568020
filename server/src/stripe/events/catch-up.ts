import { systemActor } from '../../events/audit.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripeFeed } from '../stripe-feed.ts'
import type { EventsDeps } from './deps.ts'
import { keepEvents } from './keep-events.ts'
import { getReach, setEventsFrom } from './queries.ts'
import { targetOf } from './target.ts'

const ACTOR = systemActor('stripe catch-up')
/** Without an event for so long, it may be that Stripe does not reach us. */
const SILENT_MS = 3_600_000
/** Even while events come: some may have been lost before they came again. */
const DAILY_MS = 86_400_000
/** What Stripe keeps. */
const REACH_MS = 30 * 86_400_000
/** Events are listed a moment after they happened. */
const OVERLAP_MS = 5 * 60_000
/** 20,000 events. What is older than those is found by the walk along the ledger. */
const PAGES_MAX = 200

/** Lists what happened since events were last known completely, up to 30 days back, and keeps it as if it had been sent: after an
 *  outage, once a day, and each time where no events are sent at all. One read where nothing happened, none while events come.
 *  Returns how many events were new. Throws StripeFeedError; what was kept until then stays, and the next call begins anew. */
export async function catchUp(
  deps: Pick<EventsDeps, 'store' | 'clock' | 'scaled' | 'log'>,
  ref: ConnectionRef,
  feed: StripeFeed,
): Promise<number> {
  const now = deps.clock.now()
  const reach = await deps.store.read(ref.tenantId, (tx) => getReach(tx, ref.id))
  if (!reach) return 0
  const ageMs = (at: Date | null): number => (at === null ? Infinity : now.getTime() - at.getTime())
  if (ageMs(reach.webhookAt) <= deps.scaled(SILENT_MS) && ageMs(reach.eventsFrom) <= deps.scaled(DAILY_MS)) return 0
  // Before it was connected nothing was missed: that is what the first reading reads.
  const known = Math.min((reach.eventsFrom ?? reach.connectedAt ?? now).getTime(), now.getTime())
  const createdFrom = new Date(Math.max(known - OVERLAP_MS, now.getTime() - REACH_MS))

  let fresh = 0
  let before: string | undefined
  for (let pages = 1; ; pages++) {
    const page = await feed.listEvents(before === undefined ? {} : { before }, { createdFrom })
    // That we can ask shows that access was not taken away.
    const events = page.rows.filter((event) => targetOf(event.type) !== 'access')
    fresh += await deps.store.change(ref.tenantId, ACTOR, (tx) => keepEvents(tx, ref.id, events))
    const last = page.rows.at(-1)?.id
    if (!page.more || last === undefined || last === before) break
    if (pages === PAGES_MAX) {
      deps.log.warn('events of stripe not listed to the end', { tenant_id: ref.tenantId, connection_id: ref.id })
      break
    }
    before = last
  }
  await deps.store.change(ref.tenantId, ACTOR, (tx) => setEventsFrom(tx, ref.id, now))
  return fresh
}
