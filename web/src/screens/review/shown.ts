import { useEffect, useMemo, useRef } from 'react'
import type { useDecisions } from './decisions.ts'
import { type Entry, entriesOf, vanished } from './entries.ts'
import type { View } from './filters.ts'
import type { QueuePage } from './queue.ts'

/** What somebody else decided stays to be read for so long, longer while the reader is on it. */
const GONE_MS = 8_000

/** The queue as it is shown, and where the reader stands in it. What others decide is marked and stays in its place for a while, so
 *  that nothing jumps under a finger. */
export function useShown(
  pages: readonly QueuePage[] | undefined,
  hasMore: boolean,
  { decided, placed: allPlaced, setPlaced }: ReturnType<typeof useDecisions>,
  view: View,
  current: string | undefined,
): { entries: Entry[]; at: number; hidden: number } {
  const placed = useMemo(() => allPlaced.filter(({ item }) => item.view === view), [allPlaced, view])
  const entries = useMemo(
    () =>
      entriesOf({
        items: (pages ?? []).flatMap(({ data }) => data),
        startedAtMs: Math.min(...(pages ?? []).map(({ startedAtMs }) => startedAtMs)),
        decided,
        placed,
      }),
    [pages, decided, placed],
  )
  const found = entries.findIndex(({ key }) => key === current)
  const at = Math.max(0, found)
  const before = useRef<{ pages: typeof pages; entries: Entry[] }>({ pages: undefined, entries: [] })
  useEffect(() => {
    const was = before.current
    before.current = { pages, entries }
    if (!pages || !was.pages || pages === was.pages || viewOf(pages) !== viewOf(was.pages)) return
    const items = pages.flatMap(({ data }) => data)
    const gone = vanished(was.entries, items, decided, !hasMore)
    const back = new Set(items.map(({ key }) => key))
    setPlaced((all) => {
      // What is known to be gone is believed before a list that was asked for earlier.
      const kept = all.filter(({ item, gone }) => gone || !back.has(item.key))
      const news = gone.filter(({ item }) => !kept.some((one) => one.item.key === item.key))
      return news.length === 0 && kept.length === all.length ? all : [...kept, ...news]
    })
  }, [pages, entries, decided, hasMore, setPlaced])
  const here = entries[at]?.key
  const waits = placed.some(({ gone, item }) => gone && item.key !== here)
  useEffect(() => {
    if (!waits) return
    const timer = setTimeout(
      () => setPlaced((all) => all.filter(({ gone, item }) => !gone || item.key === here)),
      GONE_MS,
    )
    return () => clearTimeout(timer)
  }, [waits, here, setPlaced])
  const hidden = [...decided.values()].filter(({ state }) => state === 'sending').length
  return { entries, at, hidden }
}

const viewOf = (pages: readonly QueuePage[]): string => pages.find(({ data }) => data.length > 0)?.data[0]!.view ?? ''
