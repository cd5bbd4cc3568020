import type { Pagination } from '@payymo/sdk'
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import type { Page, Seen } from './long-list.ts'
import { useRereading } from './rereading.ts'

const PAGE_ROWS = 50

export interface ListPage<T> extends Page<T> {
  pagination: Pagination
}

export type List<T> = UseInfiniteQueryResult<InfiniteData<ListPage<T>>> & {
  /** Tells where the reader is. */
  onSeen(rows: Seen): void
  /** From the top again, with what is new. */
  showNews(): void
}

/** A list of the API as `Rows` takes it: page after page by cursor. `key` begins with the name of the resource; while other filters
 *  are fetched, the former rows stay. `everyMs`: how often it is read anew while `waits` says that something is under way. */
export function useList<T extends { id: string }>(
  key: readonly unknown[],
  read: (page: { per_page: number; cursor?: string }, signal: AbortSignal) => PromiseLike<ListPage<T>>,
  { waits, everyMs = 3_000 }: { waits?: (row: T) => boolean; everyMs?: number } = {},
): List<T> {
  const client = useQueryClient()
  const seen = useRef<Seen>({ first: 0, last: 0 })
  const readPages = useRereading<T, ListPage<T>>(key, () => seen.current)
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      readPages(pageParam, PAGE_ROWS, (cursor, rows) =>
        read({ per_page: rows, ...(cursor === '' ? {} : { cursor }) }, signal),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (waits && state.data?.pages.some(({ data }) => data.some(waits)) ? everyMs : false),
  })
  const onSeen = useCallback((rows: Seen) => {
    seen.current = rows
  }, [])
  const keyed = JSON.stringify(key)
  const showNews = useCallback(() => {
    seen.current = { first: 0, last: 0 }
    const queryKey = JSON.parse(keyed) as unknown[]
    client.setQueryData<InfiniteData<ListPage<T>, string>>(
      queryKey,
      (kept) => kept && { pages: kept.pages.slice(0, 1), pageParams: kept.pageParams.slice(0, 1) },
    )
    void client.invalidateQueries({ queryKey, exact: true })
  }, [client, keyed])
  return useMemo(() => ({ ...query, onSeen, showNews }), [query, onSeen, showNews])
}
