import { type Id, isId, type TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { createLiveStream, type LiveStream } from '../../http/live-streams.ts'
import { idFrom, msOf } from './event-times.ts'
import { eventsFrom, messageOf, resetMessage, type StreamEvent } from './stream-events.ts'
import { type EventTails, LOOK_BACK_MS, type News } from './tail-events.ts'

/** Events that a returning reader is told one by one. */
const MISSED_MAX = 1_000
/** Whoever was away for longer reads everything anew. */
const AWAY_MS_MAX = 86_400_000
/** How soon a reader comes again when a stream ends. */
const RETRY_MS = 2_000

/** Begins a stream of the tenant's events. `lastId`: where the reader stands who comes again; it is told what was committed since, and
 *  perhaps some of what it knows. Ids of nobody, and ones too old, are answered by `reset`. */
export async function openStream(
  deps: { store: Store; tails: EventTails },
  tenantId: TenantId,
  lastId: string | undefined,
): Promise<LiveStream> {
  const stream = createLiveStream()
  const begunMs = Date.now()
  // Held back until what was missed is told.
  let held: News[] | undefined = []
  const place = await deps.tails.follow(tenantId, (news) => {
    if (held) held.push(news)
    else tell(stream, news)
  })
  stream.onEnd(place.off)
  try {
    stream.say(`retry: ${RETRY_MS}\n\n`)
    const missed = lastId === undefined ? [] : await missedSince(deps.store, tenantId, lastId)
    if (lastId === undefined) stream.say(`id: ${idFrom(begunMs)}\n\n`)
    tell(stream, missed)
    const known = new Set(missed === 'reset' ? [] : missed.map(({ id }) => id))
    for (const news of held) tell(stream, news === 'reset' ? news : news.filter(({ id }) => !known.has(id)))
    held = undefined
    return stream
  } catch (error) {
    stream.body.destroy()
    throw error
  }
}

function tell(stream: LiveStream, news: News): void {
  if (news === 'reset') stream.say(resetMessage(idFrom(Date.now())))
  else if (news.length > 0) stream.say(news.map(messageOf).join(''))
}

async function missedSince(store: Store, tenantId: TenantId, lastId: string): Promise<StreamEvent[] | 'reset'> {
  if (!isId('evt', lastId)) return 'reset'
  const sinceMs = msOf(lastId satisfies Id<'evt'>)
  const awayMs = Date.now() - sinceMs
  if (awayMs > AWAY_MS_MAX || awayMs < -LOOK_BACK_MS) return 'reset'
  const rows = await store.look(tenantId, (tx) => eventsFrom(tx, sinceMs - LOOK_BACK_MS, MISSED_MAX + 1))
  if (rows.length > MISSED_MAX) return 'reset'
  return rows.filter(({ id }) => id !== lastId)
}
