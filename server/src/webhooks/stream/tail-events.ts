import type { TenantId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import type { Wakeups } from '../../jobs/wake.ts'
import { eventsFrom, type StreamEvent } from './stream-events.ts'
import { streamTopic, watch } from './watchers.ts'

/** What a reader hears: events, or that more happened than is told one by one. */
export type News = readonly StreamEvent[] | 'reset'

/** The events of tenants as they are committed, for all streams of this process. One look at the table serves all readers of a
 *  tenant; without readers nothing is looked at. */
export interface EventTails {
  /** From now on the reader hears of every event that is committed, once; what was committed before `follow` was called may be among
   *  it. Resolves when it listens. */
  follow(tenantId: TenantId, reader: (news: News) => void): Promise<{ off(): void }>
}

/** An event has its id before it is committed, and commits come in another order than ids: every look goes back so far. A change
 *  that takes longer from its event to its commit is told by nobody. The clocks of processes may differ by as much. */
export const LOOK_BACK_MS = 20_000
/** More rows at one look are not told one by one. */
const ROWS_MAX = 5_000
/** Between two looks, whatever wakes; and after more than could be told. */
const LOOK_APART_MS = 200
const AFTER_RESET_MS = 2_000
/** Wake-ups may be lost. */
const POLL_MS = 5_000
const WATCH_MS = 60_000
/** Renewed three times before it ends. */
const WATCHED_FOR_MS = 3 * WATCH_MS

interface TailDeps {
  store: Store
  wakeups: Pick<Wakeups, 'on'>
  report(error: unknown): void
}

export function createEventTails(deps: TailDeps): EventTails {
  const tails = new Map<TenantId, Tail>()
  return {
    follow: async (tenantId, reader) => {
      let tail = tails.get(tenantId)
      if (!tail) {
        const opened = openTail(deps, tenantId, () => {
          if (tails.get(tenantId) === opened) tails.delete(tenantId)
        })
        tails.set(tenantId, (tail = opened))
      }
      const place = tail.join(reader)
      try {
        await tail.ready
      } catch (error) {
        place.off()
        throw error
      }
      return place
    },
  }
}

interface Tail {
  /** Rejects when the database could not be asked. */
  ready: Promise<void>
  join(reader: (news: News) => void): { off(): void }
}

function openTail({ store, wakeups, report }: TailDeps, tenantId: TenantId, onEnd: () => void): Tail {
  const readers = new Set<(news: News) => void>()
  /** Ids told already, as far back as looks go. */
  let told = new Set<string>()
  let fromMs = 0
  let nextLookMs = 0
  let looking = false
  let again = false
  let missed = false
  let closed = false
  let waiting: NodeJS.Timeout | undefined

  const read = () => store.look(tenantId, (tx) => eventsFrom(tx, Math.max(fromMs, Date.now() - LOOK_BACK_MS), ROWS_MAX))
  const renew = () => store.read(tenantId, (tx) => watch(tx, WATCHED_FOR_MS))
  const say = (news: News) => {
    for (const reader of readers) reader(news)
  }

  const look = (): void => {
    if (closed) return
    if (looking) {
      again = true
      return
    }
    const inMs = nextLookMs - performance.now()
    if (inMs > 0) {
      waiting ??= setTimeout(() => {
        waiting = undefined
        look()
      }, inMs)
      return
    }
    looking = true
    void lookOnce().finally(() => {
      looking = false
      nextLookMs = Math.max(nextLookMs, performance.now() + LOOK_APART_MS)
      if (again) {
        again = false
        look()
      }
    })
  }

  const lookOnce = async (): Promise<void> => {
    try {
      const begunMs = Date.now()
      const rows = await read()
      if (missed || rows.length === ROWS_MAX) {
        missed = false
        // What is just being committed may bear ids from before this moment.
        fromMs = begunMs - AFTER_RESET_MS
        told = new Set(rows.map(({ id }) => id))
        nextLookMs = performance.now() + AFTER_RESET_MS
        say('reset')
        return
      }
      const fresh = rows.filter(({ id }) => !told.has(id))
      // Rows that left the window are not met again.
      told = new Set(rows.map(({ id }) => id))
      if (fresh.length > 0) say(fresh)
    } catch (error) {
      // While the database was away somebody else may have reached it.
      missed = true
      report(error)
    }
  }

  const begin = async (): Promise<void> => {
    await renew()
    // What was committed before is told to nobody.
    const rows = await read()
    if (rows.length === ROWS_MAX) fromMs = Date.now()
    told = new Set(rows.map(({ id }) => id))
  }

  const subscription = wakeups.on(streamTopic(tenantId), () => void ready.then(look, () => {}))
  const ready = begin()
  const poll = setInterval(() => void ready.then(look, () => {}), POLL_MS)
  const renewing = setInterval(() => void renew().catch(report), WATCH_MS)
  const close = () => {
    closed = true
    subscription.off()
    clearInterval(poll)
    clearInterval(renewing)
    clearTimeout(waiting)
    onEnd()
  }

  return {
    ready,
    join: (reader) => {
      readers.add(reader)
      return {
        off: () => {
          if (readers.delete(reader) && readers.size === 0 && !closed) close()
        },
      }
    },
  }
}
