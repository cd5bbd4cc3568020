import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { accessToken } from './session.ts'
import { useSeat } from './tenant.tsx'

/** News of the tenant, as the server tells it: what happened to what; the thing itself is read through the API. */
export interface News {
  id: string
  event_type: string
  resource: { type: string; id: string }
  timestamp: string
}

type Listener = (news: News) => void
const listeners = new Set<Listener>()

/** Calls with each piece of news while the component is there. The function may change with every drawing. */
export function useNews(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [listener])
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

/** News that comes together is answered by one reading. */
const GATHER_MS = 700
const POLL_MS = 15_000
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000
/** The server says something every 15 s; a line that is silent for longer is dead. */
const SILENCE_MS = 45_000

/** Keeps what is shown up to date: over the stream of events while it holds, by asking every 15 s while it does not. */
export function useLive(): void {
  const { tenant } = useSeat()
  const client = useQueryClient()
  useEffect(() => {
    const stop = new AbortController()
    const stale = new Set<string>()
    const ids = new Set<string>()
    let gathering: ReturnType<typeof setTimeout> | undefined
    const readAnew = () => {
      gathering = undefined
      const [names, changed] = [new Set(stale), new Set(ids)]
      stale.clear()
      ids.clear()
      void client.invalidateQueries({
        // A query of one thing is read anew only when the news is about that thing.
        predicate: ({ queryKey: [name, kind, id] }) =>
          names.has(name as string) && (kind !== 'one' || changed.has(id as string)),
      })
    }
    const hear = (news: News) => {
      for (const name of CONCERNS[news.event_type.split('.')[0] ?? ''] ?? []) stale.add(name)
      ids.add(news.resource.id)
      gathering ??= setTimeout(readAnew, GATHER_MS)
      for (const listener of listeners) listener(news)
    }
    const everything = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    void follow({ tenantId: tenant.id, signal: stop.signal, hear, missed: everything })
    return () => {
      stop.abort()
      clearTimeout(gathering)
    }
  }, [client, tenant.id])
}

interface Following {
  tenantId: string
  signal: AbortSignal
  hear(news: News): void
  /** What happened in the meantime is not known. */
  missed(): void
}

/** Reads the stream, again and again, from where it was left. While it cannot be had, `missed` is called every 15 s. */
async function follow({ tenantId, signal, hear, missed }: Following): Promise<void> {
  let lastId = ''
  let failures = 0
  const polls = setInterval(() => failures > 0 && document.visibilityState === 'visible' && missed(), POLL_MS)
  signal.addEventListener('abort', () => clearInterval(polls))
  let refused = false
  while (!signal.aborted) {
    try {
      const response: Response = await fetch('/api/v1/events/stream', {
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${await accessToken(tenantId, refused)}`,
          ...(lastId === '' ? {} : { 'last-event-id': lastId }),
        },
        signal,
      })
      refused = response.status === 401
      if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
      if (failures > 0 && lastId === '') missed()
      failures = 0
      for await (const message of messages(response.body, signal)) {
        if (message.id !== '') lastId = message.id
        if (message.event === 'reset') missed()
        else if (message.data !== '') hear(JSON.parse(message.data) as News)
      }
    } catch {
      failures += 1
    }
    await pause(failures === 0 ? PAUSE_MS : Math.min(PAUSE_MS * 2 ** (failures - 1), PAUSE_MS_MAX), signal)
  }
}

interface Message {
  id: string
  event: string
  data: string
}

/** The messages of a stream. Source: HTML standard, server-sent events. Ends when the server ends it, throws when it falls
 *  silent. */
export async function* messages(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const end = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', end)
  let rest = ''
  try {
    while (true) {
      const silence = setTimeout(end, SILENCE_MS)
      const { done, value } = await reader.read().finally(() => clearTimeout(silence))
      if (done) return
      const blocks = (rest + value).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const message = readMessage(block)
        if (message) yield message
      }
    }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

function readMessage(block: string): Message | undefined {
  const message: Message = { id: '', event: 'message', data: '' }
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^(\w+): ?(.*)$/s.exec(line) ?? []
    if (name === 'data') message.data += (message.data === '' ? '' : '\n') + value
    else if (name === 'id' || name === 'event') message[name] = value
  }
  return message.id === '' && message.data === '' && message.event === 'message' ? undefined : message
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
