import type { Pagination } from '@payymo/sdk'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

const PAGE_ROWS = 50

/** A list of the API as `Rows` takes it: page after page by cursor. `key` begins with the name of the resource; while other filters
 *  are fetched, the former rows stay. `everyMs`: how often it is read anew while `waits` says that something is under way. */
export function useList<T>(
  key: readonly unknown[],
  read: (
    page: { per_page: number; cursor?: string },
    signal: AbortSignal,
  ) => PromiseLike<{ data: T[]; pagination: Pagination }>,
  { waits, everyMs = 3_000 }: { waits?: (row: T) => boolean; everyMs?: number } = {},
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) =>
      read({ per_page: PAGE_ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (waits && state.data?.pages.some(({ data }) => data.some(waits)) ? everyMs : false),
  })
}
