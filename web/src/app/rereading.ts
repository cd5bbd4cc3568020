import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { type Page, reread, type Seen } from './long-list.ts'

/** How a query of many pages reads them: one by one as they are wanted, and when it is read anew, for whatever reason, only the first
 *  and those that are in sight at that moment (long-list.ts). */
export function useRereading<T extends { id: string }, P extends Page<T>>(key: readonly unknown[], seen: () => Seen) {
  const client = useQueryClient()
  // What one reading brought for the pages after the first, which are asked for one by one.
  const beside = useRef(new Map<string, P>())
  return async (cursor: string, rows: number, read: (cursor: string, rows: number) => PromiseLike<P>): Promise<P> => {
    const found = beside.current.get(cursor)
    if (found) {
      beside.current.delete(cursor)
      return found
    }
    // What an earlier reading left is of no use to this one.
    if (cursor === '') beside.current.clear()
    const kept = client.getQueryData<InfiniteData<P, string>>(key)
    if (cursor !== '' || !kept || kept.pages.length < 2) return read(cursor, rows)
    const [first, ...others] = await reread<T, P>(kept, seen(), read)
    beside.current = new Map(others.map((other, n) => [kept.pageParams[n + 1]!, other]))
    return first!
  }
}
