import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { messagesOf } from './event-stream.ts'
import { accessToken } from './session.ts'
import { useSeat } from './tenant.tsx'

/** News of the tenant: what happened to what; the thing itself is read through the API. */
export interface News {
  id: string
  event_type: string
  resource: { type: string; id: string } | null
  timestamp: string
}

/** What is read anew after news of a kind: names that keys of queries begin with. */
const CONCERNS: Record<string, readonly string[]> = {
  match: ['matches', 'transactions', 'payments', 'candidates', 'reports'],
  transaction: ['transactions', 'candidates', 'reports'],
  payment: ['payments', 'matches', 'reports'],
  invoice: ['invoices', 'candidates'],
  bank_connection: ['bank-connections', 'bank-accounts'],
  stripe_connection: ['stripe-connections'],
  payout: ['payouts'],
  whmcs_instance: ['whmcs-instances'],
  alert: ['alerts'],
  webhook: ['webhooks'],
}

/** News that comes together is answered by one reading: soon after a quiet time, and once a second while it goes on. */
const SOON_MS = 120
const AGAIN_MS = 1_000
/** Sums over many rows are read anew no more often than this. */
const SUMS = 'reports'
const SUMS_AGAIN_MS = 5_000

/** Keeps what is shown up to date: over the stream of events while it holds, by asking every 15 s while it does not. Queries are read
 *  anew by the first word of their key; those of one thing (`[resource, 'one', id]`) only when the news is about it. */
export function useLive(on: boolean): void {
  const { tenant } = useSeat()
  const client = useQueryClient()
  useEffect(() => {
    if (!on) return
    const stale = new Set<string>()
    const ids = new Set<string>()
    let gathering: ReturnType<typeof setTimeout> | undefined
    let readAtMs = -AGAIN_MS
    let summedAtMs = -SUMS_AGAIN_MS
    let summing: ReturnType<typeof setTimeout> | undefined
    const sum = () => {
      summing = undefined
      summedAtMs = performance.now()
      void client.invalidateQueries({ queryKey: [SUMS] })
    }
    const readAnew = () => {
      gathering = undefined
      readAtMs = performance.now()
      if (stale.delete(SUMS)) summing ??= setTimeout(sum, Math.max(0, summedAtMs + SUMS_AGAIN_MS - performance.now()))
      const [names, changed] = [new Set(stale), new Set(ids)]
      stale.clear()
      ids.clear()
      void client.invalidateQueries({
        predicate: ({ queryKey: [name, kind, id] }) =>
          names.has(name as string) && (kind !== 'one' || changed.has(id as string)),
      })
    }
    const hear = (news: News) => {
      for (const name of CONCERNS[news.event_type.split('.')[0] ?? ''] ?? []) stale.add(name)
      if (news.resource) ids.add(news.resource.id)
      gathering ??= setTimeout(readAnew, Math.max(SOON_MS, readAtMs + AGAIN_MS - performance.now()))
    }
    const missed = () => {
      if (document.visibilityState === 'visible')
        void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    }
    const stop = share(tenant.id, { hear, missed })
    return () => {
      stop()
      clearTimeout(gathering)
      clearTimeout(summing)
    }
  }, [client, tenant.id, on])
}

interface Ear {
  hear(news: News): void
  /** What happened in the meantime is not known. */
  missed(): void
}

/** One stream for all windows of the browser, which allows only six lines to a server: whoever holds the lock reads it and passes on
 *  what is said; when that window closes, the next one goes on where it stood. Where the browser has no locks (only over https and on
 *  this machine), each window reads for itself. */
function share(tenantId: string, ear: Ear): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const name = `payymo.live.${tenantId}`
  const place = { lastId: '' }
  const others = new BroadcastChannel(name)
  others.addEventListener('message', ({ data }: MessageEvent<{ lastId: string; news: News | null }>) => {
    place.lastId = data.lastId
    if (data.news) ear.hear(data.news)
    else ear.missed()
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin than its own
  const pass = (news: News | null) => signal.aborted || others.postMessage({ lastId: place.lastId, news })
  const both: Ear = {
    hear: (news) => {
      pass(news)
      ear.hear(news)
    },
    missed: () => {
      pass(null)
      ear.missed()
    },
  }
  const reading = () => follow(tenantId, place, both, signal)
  if ('locks' in navigator) navigator.locks.request(name, { signal }, reading).catch(() => {})
  else void reading()
  return () => {
    stop.abort()
    others.close()
  }
}

const POLL_MS = 15_000
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000

/** Reads the stream, again and again, from where it was left. While it cannot be had, `missed` is called every 15 s. */
async function follow(tenantId: string, place: { lastId: string }, ear: Ear, signal: AbortSignal): Promise<void> {
  let failures = 0
  let refused = false
  const polls = setInterval(() => failures > 0 && ear.missed(), POLL_MS)
  while (!signal.aborted) {
    try {
      const response: Response = await fetch('/api/v1/events/stream', {
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${await accessToken(tenantId, refused)}`,
          ...(place.lastId === '' ? {} : { 'last-event-id': place.lastId }),
        },
        signal,
      })
      refused = response.status === 401
      if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
      if (failures > 0 && place.lastId === '') ear.missed()
      failures = 0
      for await (const { id, event, data } of messagesOf(response.body, signal)) {
        if (id !== '') place.lastId = id
        if (event === 'reset') ear.missed()
        else if (data !== '') ear.hear(JSON.parse(data) as News)
      }
    } catch {
      failures += 1
    }
    await pause(Math.min(PAUSE_MS * 2 ** Math.max(0, failures - 1), PAUSE_MS_MAX), signal)
  }
  clearInterval(polls)
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
