import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Page, Seen } from '../../app/long-list.ts'
import { useRereading } from '../../app/rereading.ts'
import { useApi } from '../../app/tenant.tsx'
import type { Sort, View } from './filters.ts'
import { keepMatches, keepTransactions } from './queries.ts'
import { countWaiting, PAGE, readPage } from './read-queue.ts'

/** One thing that waits for a person. */
export interface Item {
  /** The transaction's id, or the payment's in the views of payments. */
  key: string
  view: View
}

/** A part of the queue, and when it was asked for: what was decided after that moment may stand in it still. */
export interface QueuePage extends Page<Item & { id: string }> {
  startedAtMs: number
}

/** Rows of the list at the side, and a few more. */
const IN_SIGHT = 20
const RESOURCES: Record<View, string> = {
  suggested: 'matches',
  unmatched: 'transactions',
  failed: 'matches',
  quarantined: 'payments',
  reversals: 'alerts',
}

/** What waits, in the order wanted, as it is fetched page by page. Suggestions are a match and a line: the one is the list, the
 *  other is fetched beside it, and what neither holds comes one by one as it is seen. */
export function useQueue(view: View, sort: Sort, current: string | undefined) {
  const payymo = useApi()
  const client = useQueryClient()
  const byLine = view === 'suggested' && sort !== 'confidence'
  const queryKey = [byLine ? 'transactions' : RESOURCES[view], 'queue', view, sort]
  const seen = (): Seen => {
    const keys = client.getQueryData<InfiniteData<QueuePage>>(queryKey)?.pages.flatMap(({ data }) => data) ?? []
    const at = Math.max(
      0,
      keys.findIndex(({ key }) => key === current),
    )
    return { first: at, last: at + IN_SIGHT, growing: true }
  }
  const readPages = useRereading<Item & { id: string }, QueuePage>(queryKey, seen)
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      readPages(pageParam, PAGE, async (cursor, rows): Promise<QueuePage> => {
        const startedAtMs = performance.now()
        const reading = { per_page: rows, ...(cursor === '' ? {} : { cursor }) }
        const { keys, next } = await readPage(payymo, client, view, sort, reading, signal)
        return {
          data: keys.map((key) => ({ id: key, key, view })),
          pagination: { next_cursor: next },
          startedAtMs,
        }
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
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

/** How many wait in a view, and whether there are more than are counted. */
export function useWaiting(view: View): { count: number; capped: boolean } | undefined {
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: [view === 'suggested' ? 'transactions' : RESOURCES[view], 'waiting', view],
    queryFn: ({ signal }) => countWaiting(payymo, view, signal),
  })
  return data
}
