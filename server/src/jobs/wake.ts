import pg from 'pg'
import type { Tx } from '../database/transaction.ts'
import { openRelay, type Relay } from './wake-relay.ts'

const CHANNEL = 'payymo_wake'
/** News may come twice, from the database and by Redis; so many are remembered. */
const SEEN_MAX = 1_000

/** Says, when the caller's transaction commits, that a table has work due. Lost wake-ups cost a poll, never the work.
 *  topic: without spaces. The transaction's number goes along, so that the same news is known when it comes twice. */
export async function wake(tx: Tx, topic: string): Promise<void> {
  await tx.run("select pg_notify('payymo_wake', $1::text || ' ' || pg_current_xact_id()::text)", [topic])
}

export interface Wakeups {
  /** Calls `listener` for each wake-up of the topic, until `off()`. */
  on(topic: string, listener: () => void): { off(): void }
  /** Resolves when it listens, or has failed to for a first time; it goes on trying. */
  ready: Promise<void>
  close(): Promise<void>
}

/** Listens on a connection of its own (it needs a session, so not through a pooler in transaction mode) and opens it again
 *  after a break. With `redisUrl` all processes also hear it by Redis, passed on by whichever of them listens to the database.
 *
 *  Redis comes in addition and not instead: only the database can tie a wake-up to the commit. A publish before the commit would
 *  wake for work that is not there yet or never will be; one after it is lost with a process that dies in between. What Redis
 *  adds: a process behind a pooler, or whose listening connection is just gone, is woken as long as one other one listens. */
export function openWakeups(connection: pg.ClientConfig, redisUrl?: string): Wakeups {
  const listeners = new Map<string, Set<() => void>>()
  const seen = new Set<string>()
  let client: pg.Client | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  const hear = (news: string): void => {
    if (seen.has(news)) return
    seen.add(news)
    if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value!)
    listeners.get(news.split(' ')[0]!)?.forEach((listener) => listener())
  }
  const relay: Relay | undefined = redisUrl === undefined ? undefined : openRelay(redisUrl, hear)

  const connect = async () => {
    const next = new pg.Client({ ...connection, options: '-c timezone=UTC', keepAlive: true })
    next.on('notification', ({ payload = '' }) => {
      hear(payload)
      relay?.passOn(payload)
    })
    next.on('error', () => reconnect(next))
    next.on('end', () => reconnect(next))
    try {
      await next.connect()
      await next.query(`listen ${CHANNEL}`)
      if (closed) await next.end()
      else client = next
    } catch {
      reconnect(next)
    }
  }
  const reconnect = (lost: pg.Client) => {
    if (closed || retry) return
    if (client === lost) client = undefined
    retry = setTimeout(() => {
      retry = undefined
      void connect()
    }, 1000).unref()
  }
  const ready = connect()

  return {
    on: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(listener))
      return { off: () => void set.delete(listener) }
    },
    ready: Promise.all([ready, relay?.ready]).then(() => {}),
    close: async () => {
      closed = true
      clearTimeout(retry)
      relay?.close()
      await ready
      await client?.end().catch(() => {})
    },
  }
}
