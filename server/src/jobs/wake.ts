import pg from 'pg'
import type { Tx } from '../database/transaction.ts'

const CHANNEL = 'payymo_wake'

/** Says, when the caller's transaction commits, that a table has work due. Lost wake-ups cost a poll, never the work. */
export async function wake(tx: Tx, topic: string): Promise<void> {
  await tx.run("select pg_notify('payymo_wake', $1)", [topic])
}

export interface Wakeups {
  /** Calls `listener` for each wake-up of the topic, until `off()`. */
  on(topic: string, listener: () => void): { off(): void }
  close(): Promise<void>
}

/** Listens on a connection of its own (it needs a session, so not through a pooler in transaction mode) and opens it again
 *  after a break. */
export function openWakeups(connection: pg.ClientConfig): Wakeups {
  const listeners = new Map<string, Set<() => void>>()
  let client: pg.Client | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    const next = new pg.Client({ ...connection, options: '-c timezone=UTC', keepAlive: true })
    next.on('notification', ({ payload }) => listeners.get(payload ?? '')?.forEach((listener) => listener()))
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
    close: async () => {
      closed = true
      clearTimeout(retry)
      await ready
      await client?.end().catch(() => {})
    },
  }
}
