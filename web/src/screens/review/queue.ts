import type { Payymo } from '@payymo/sdk'
import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'
import type { Sort, View } from './filters.ts'
import { keepMatches, keepTransactions } from './queries.ts'

/** One thing that waits for a person. */
export interface Item {
  /** The transaction's id, or the payment's in the views of payments. */
  key: string
  view: View
}

/** A part of the queue, and when it was asked for: what was decided after that moment may stand in it still. */
export interface QueuePage {
  items: Item[]
  next: string | undefined
  startedAtMs: number
}

const PAGE = 100
const RESOURCES: Record<View, string> = {
  suggested: 'matches',
  unmatched: 'transactions',
  failed: 'matches',
  quarantined: 'payments',
  reversals: 'alerts',
}

type Reading = { per_page: number; cursor?: string }

/** What waits, in the order wanted, as it is fetched page by page. Suggestions are a match and a line: the one is the list, the
 *  other is fetched beside it, and what neither holds comes one by one as it is seen. */
export function useQueue(view: View, sort: Sort) {
  const payymo = useApi()
  const client = useQueryClient()
  const byLine = view === 'suggested' && sort !== 'confidence'
  const list = useInfiniteQuery({
    queryKey: [byLine ? 'transactions' : RESOURCES[view], 'queue', view, sort],
    queryFn: async ({ pageParam, signal }): Promise<QueuePage> => {
      const startedAtMs = performance.now()
      const reading = { per_page: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }
      const page = await readPage(payymo, client, view, sort, reading, signal)
      return { items: page.keys.map((key) => ({ key, view })), next: page.next ?? undefined, startedAtMs }
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
  useQuery({
    queryKey: [byLine ? 'matches' : 'transactions', 'beside', view],
    enabled: view === 'suggested',
    queryFn: async ({ signal }) => {
      if (byLine) {
        const { data } = await payymo.invoiceMatches.list({ status: 'suggested', per_page: PAGE }, { signal })
        keepMatches(client, data)
      } else {
        const { data } = await payymo.transactions.list({ match_status: 'suggested', per_page: PAGE }, { signal })
        keepTransactions(client, data)
      }
      return null
    },
  })
  return list
}

async function readPage(
  payymo: Payymo,
  client: QueryClient,
  view: View,
  sort: Sort,
  reading: Reading,
  signal: AbortSignal,
): Promise<{ keys: string[]; next: string | null }> {
  const lineSort = sort === 'amount' ? '-amount' : 'transaction_date'
  if (view === 'unmatched' || (view === 'suggested' && sort !== 'confidence')) {
    const { data, pagination } = await payymo.transactions.list(
      { match_status: view, direction: 'credit', status: 'processed', sort: lineSort, ...reading },
      { signal },
    )
    keepTransactions(client, data)
    return { keys: data.map(({ id }) => id), next: pagination.next_cursor }
  }
  if (view === 'suggested' || view === 'failed') {
    const [{ data, pagination }, aside] = await Promise.all([
      payymo.invoiceMatches.list(
        { status: view, sort: view === 'failed' ? 'created_at' : '-confidence', ...reading },
        { signal },
      ),
      // A line that is set aside keeps its suggestion, but does not wait.
      payymo.transactions.list({ match_status: 'suggested', status: 'ignored', per_page: PAGE }, { signal }),
    ])
    keepMatches(client, data)
    const ignored = new Set(aside.data.map(({ id }) => id))
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

/** How many wait in a view, and whether there are more than are counted. */
export function useWaiting(view: View): { count: number; capped: boolean } | undefined {
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: [view === 'suggested' ? 'transactions' : RESOURCES[view], 'waiting', view],
    queryFn: async ({ signal }) => {
      const { pagination } = await countOf(payymo, view, signal)
      return { count: pagination.total_items ?? 0, capped: pagination.total_capped === true }
    },
  })
  return data
}

const countOf = (payymo: Payymo, view: View, signal: AbortSignal) => {
  const one = { per_page: 1 }
  if (view === 'failed') return payymo.invoiceMatches.list({ status: 'failed', ...one }, { signal })
  if (view === 'quarantined') return payymo.payments.list({ state: 'quarantined', ...one }, { signal })
  if (view === 'reversals') return payymo.alerts.list({ code: 'undo_needs_person', open: 'true', ...one }, { signal })
  const match_status = view
  return payymo.transactions.list({ match_status, direction: 'credit', status: 'processed', ...one }, { signal })
}
