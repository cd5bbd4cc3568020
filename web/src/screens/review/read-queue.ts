import type { Payymo } from '@payymo/sdk'
import type { QueryClient } from '@tanstack/react-query'
import type { Sort, View } from './filters.ts'
import { keepMatches, keepTransactions } from './queries.ts'

export const PAGE = 100
/** Less sure than this, a suggestion is none (in words of the API, whose bounds belong to the range). */
const WORTH_MIN = '0.0010'
const IDLE_MAX = '0.0009'
/** What the cursors of such suggestions begin with, where they follow other lines. */
const IDLE = 'idle:'

type Reading = { per_page: number; cursor?: string }
type Keys = { keys: string[]; next: string | null }

/** A page of what waits: what it is known by, and where the next page begins. What comes along is kept. */
export async function readPage(
  payymo: Payymo,
  client: QueryClient,
  view: View,
  sort: Sort,
  reading: Reading,
  signal: AbortSignal,
): Promise<Keys> {
  const lineSort = sort === 'amount' ? '-amount' : 'transaction_date'
  if (view === 'unmatched') return readUnmatched(payymo, client, lineSort, reading, signal)
  if (view === 'suggested' && sort !== 'confidence') {
    const [{ data, pagination }, idle] = await Promise.all([
      payymo.transactions.list(
        { match_status: view, direction: 'credit', status: 'processed', sort: lineSort, ...reading },
        { signal },
      ),
      readIdle(payymo, { per_page: PAGE }, signal),
    ])
    keepTransactions(client, data)
    const left = new Set(idle.data.map((match) => match.transaction_id))
    return { keys: data.map(({ id }) => id).filter((id) => !left.has(id)), next: pagination.next_cursor }
  }
  if (view === 'suggested' || view === 'failed') {
    const [{ data, pagination }, ignored] = await Promise.all([
      payymo.invoiceMatches.list(
        view === 'failed'
          ? { status: view, sort: 'created_at', ...reading }
          : { status: view, sort: '-confidence', confidence_min: WORTH_MIN, ...reading },
        { signal },
      ),
      readAside(payymo, signal),
    ])
    keepMatches(client, data)
    const keys = new Set(data.map((match) => match.transaction_id))
    return { keys: [...keys].filter((key) => !ignored.has(key)), next: pagination.next_cursor }
  }
  if (view === 'quarantined') {
    const { data, pagination } = await payymo.payments.list(
      { state: 'quarantined', sort: sort === 'amount' ? '-amount' : 'created_at', ...reading },
      { signal },
    )
    for (const row of data) client.setQueryData(['payments', 'one', row.id], row)
    return { keys: data.map(({ id }) => id), next: pagination.next_cursor }
  }
  const { data, pagination } = await payymo.alerts.list(
    { code: 'undo_needs_person', open: 'true', sort: 'opened_at', ...reading },
    { signal },
  )
  return { keys: data.map(({ subject }) => subject.id), next: pagination.next_cursor }
}

/** Lines that are set aside keep their suggestions, but do not wait. */
async function readAside(payymo: Payymo, signal: AbortSignal): Promise<Set<string>> {
  const { data } = await payymo.transactions.list(
    { match_status: 'suggested', status: 'ignored', per_page: PAGE },
    { signal },
  )
  return new Set(data.map(({ id }) => id))
}

/** Suggestions that are worth next to nothing, as they are left when a person has refused the only good one: their lines stand with
 *  those that no invoice was found for, after them. */
const readIdle = (payymo: Payymo, reading: Reading, signal: AbortSignal) =>
  payymo.invoiceMatches.list(
    { status: 'suggested', confidence_max: IDLE_MAX, sort: '-confidence', ...reading },
    { signal },
  )

async function readUnmatched(
  payymo: Payymo,
  client: QueryClient,
  sort: '-amount' | 'transaction_date',
  reading: Reading,
  signal: AbortSignal,
): Promise<Keys> {
  const keys: string[] = []
  const { cursor, ...size } = reading
  const idleFrom = cursor?.startsWith(IDLE) === true ? cursor.slice(IDLE.length) : undefined
  if (idleFrom === undefined) {
    const { data, pagination } = await payymo.transactions.list(
      { match_status: 'unmatched', direction: 'credit', status: 'processed', sort, ...reading },
      { signal },
    )
    keepTransactions(client, data)
    keys.push(...data.map(({ id }) => id))
    if (pagination.next_cursor !== null) return { keys, next: pagination.next_cursor }
  }
  const [idle, ignored] = await Promise.all([
    readIdle(payymo, { ...size, ...(idleFrom === undefined ? {} : { cursor: idleFrom }) }, signal),
    readAside(payymo, signal),
  ])
  keepMatches(client, idle.data)
  keys.push(...idle.data.map((match) => match.transaction_id).filter((key) => !ignored.has(key)))
  const next = idle.pagination.next_cursor
  return {
    keys: [...new Set(keys)],
    next: next === null ? null : IDLE + next,
  }
}

/** How many wait in a view, and whether there are more than are counted. */
export async function countWaiting(
  payymo: Payymo,
  view: View,
  signal: AbortSignal,
): Promise<{ count: number; capped: boolean }> {
  const splits = view === 'suggested' || view === 'unmatched'
  const [{ pagination }, idle] = await Promise.all([
    countOf(payymo, view, signal),
    splits ? countIdle(payymo, signal) : 0,
  ])
  const count = (pagination.total_items ?? 0) + (view === 'suggested' ? -idle : idle)
  return { count: Math.max(0, count), capped: pagination.total_capped === true }
}

/** How many lines wait whose suggestion is worth next to nothing; mostly none. */
async function countIdle(payymo: Payymo, signal: AbortSignal): Promise<number> {
  const { pagination } = await readIdle(payymo, { per_page: 1 }, signal)
  const count = pagination.total_items ?? 0
  if (count === 0) return 0
  const [{ data }, ignored] = await Promise.all([
    readIdle(payymo, { per_page: PAGE }, signal),
    readAside(payymo, signal),
  ])
  return count - data.filter((match) => ignored.has(match.transaction_id)).length
}

const countOf = (payymo: Payymo, view: View, signal: AbortSignal) => {
  const one = { per_page: 1 }
  if (view === 'failed') return payymo.invoiceMatches.list({ status: 'failed', ...one }, { signal })
  if (view === 'quarantined') return payymo.payments.list({ state: 'quarantined', ...one }, { signal })
  if (view === 'reversals') return payymo.alerts.list({ code: 'undo_needs_person', open: 'true', ...one }, { signal })
  const match_status = view
  return payymo.transactions.list({ match_status, direction: 'credit', status: 'processed', ...one }, { signal })
}
