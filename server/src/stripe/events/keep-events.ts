import type { Id } from '../../base/ids.ts'
import type { Change } from '../../events/store.ts'
import type { StripeEvent } from '../stripe-feed.ts'
import { EVENTS_JOB } from './deps.ts'
import { insertEvents } from './queries.ts'
import { targetOf } from './target.ts'

/** Rows are kept so many days after they came. */
export const KEPT_DAYS = 400
/** Stripe itself forgets events after 30 days. What happened longer ago than this is not taken; so whatever is taken is remembered
 *  for as long as it could be taken again, and no event is ever worked on twice. */
const AGE_DAYS_MAX = KEPT_DAYS - 10
const AHEAD_DAYS_MAX = 1
const DAY_MS = 86_400_000

/** Whether the event is of a time that we take events of. */
export function isTimely(event: StripeEvent, now: Date): boolean {
  const ageMs = now.getTime() - event.occurredAt.getTime()
  return ageMs <= AGE_DAYS_MAX * DAY_MS && ageMs >= -AHEAD_DAYS_MAX * DAY_MS
}

/** Keeps events once each, with the job that works them off. Types that nobody knows, and events that name nothing, are kept and
 *  lead to nothing. Returns how many were new and lead to something. */
export async function keepEvents(tx: Change, id: Id<'strc'>, events: readonly StripeEvent[]): Promise<number> {
  const fresh = await insertEvents(
    tx,
    id,
    events.map((event) => ({ ...event, ignored: targetOf(event.type) === undefined || event.objectId === null })),
  )
  if (fresh > 0) tx.job(EVENTS_JOB, { connectionId: id }, { onlyOne: id })
  return fresh
}
