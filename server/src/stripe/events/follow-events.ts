import { disconnectedByStripe } from '../connections/disconnect.ts'
import { getConnection } from '../connections/queries.ts'
import { withFeed } from '../connections/with-feed.ts'
import type { ConnectionRef } from '../deps.ts'
import type { StripeId } from '../stripe-feed.ts'
import type { EventsDeps } from './deps.ts'
import type { TakenEvent } from './queries.ts'
import { type Target, targetOf } from './target.ts'

/** Events about the same thing: one reading answers them all, since it comes after every one of them. */
export interface Group {
  target: Target
  objectId: StripeId
  /** Oldest first. */
  events: TakenEvent[]
  lookAround: boolean
}

/** Sorts events by what is to be read again. A session is about its purchase, as an intent is. */
export function groupsOf(events: readonly TakenEvent[]): Group[] {
  const groups = new Map<string, Group>()
  for (const event of events) {
    const named = targetOf(event.type)
    if (named === undefined || event.objectId === null) continue
    const target = named === 'session' ? 'intent' : named
    const key = `${target} ${event.objectId}`
    const group = groups.get(key) ?? { target, objectId: event.objectId, events: [], lookAround: false }
    group.events.push(event)
    group.lookAround ||= named === 'session'
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** Does what the events ask for: reads the object as it is now and keeps that. What an event says itself is not believed, but for
 *  the end of our access, after which nothing could be read. Throws what reading throws. */
export async function followGroup(deps: EventsDeps, ref: ConnectionRef, group: Group): Promise<void> {
  const { target, objectId: id, lookAround } = group
  if (target === 'access') {
    // A key of the merchant's own lives on when our platform is let go.
    const row = await deps.store.read(ref.tenantId, (tx) => getConnection(tx, ref.id))
    if (row?.kind === 'restricted_key') return
    await disconnectedByStripe(deps, ref, 'account.application.deauthorized', group.events.at(-1)!.occurredAt)
    return
  }
  await withFeed(deps, ref, async (feed) => {
    if (target === 'refund' || target === 'dispute') await deps.refreshReturn(ref, feed, target, id)
    else if (target === 'payout') await deps.refreshPayout(ref, feed, id)
    else if (target === 'charge') await deps.refreshCharge(ref, feed, id, { lookAround })
    else {
      const charge = await feed.findChargeOf(id)
      if (charge) await deps.refreshCharge(ref, feed, charge.id, { lookAround })
    }
  })
}
