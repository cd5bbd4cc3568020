import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../app/words.tsx'
import { Failed, Waiting } from './states.tsx'

export interface Column<T> {
  key: string
  title: string
  /** Width on wide screens, as a track of a grid, such as `7rem` or `minmax(0, 1fr)`. */
  width: string
  end?: boolean
  cell: (row: T) => ReactNode
}

interface Page<T> {
  data: T[]
  pagination: { next_cursor: string | null; total_items: number | null; total_capped: boolean | null }
  news?: number
  newsMore?: boolean
}

const ROW_PX = 48
const NARROW_ROW_PX = 76
/** Rows drawn beyond what is seen; at the end of them the next page is fetched. */
const OVERSCAN = 12

/** A list of any length: pages are fetched by cursor as the reader comes near, and only rows in sight are drawn. On narrow screens
 *  each row is drawn by `narrow`. The whole row follows its link, and arrow keys are left to the page. */
export function Rows<T extends { id: string }>({
  label,
  columns,
  query,
  narrow,
  onOpen,
  empty,
}: {
  label: string
  columns: readonly Column<T>[]
  query: UseInfiniteQueryResult<{ pages: Page<T>[] }> & {
    onSeen?: (rows: { first: number; last: number }) => void
    showNews?: () => void
  }
  narrow: (row: T) => ReactNode
  onOpen?: (row: T) => void
  empty: ReactNode
}) {
  const words = useWords()
  const wide = useWide()
  const list = useRef<HTMLDivElement>(null)
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), [query.isPending])
  // Joined once for each page that comes, and not for each frame of scrolling. A row that has moved may stand in two pages.
  const pages = query.data?.pages
  const rows = useMemo(
    () => [...new Map(pages?.flatMap(({ data }) => data.map((row) => [row.id, row]))).values()],
    [pages],
  )
  const rowPx = wide ? ROW_PX : NARROW_ROW_PX
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]!.id,
  })
  useEffect(() => virtual.measure(), [rowPx, virtual])
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1
  const first = shown.find(({ end }) => end > (virtual.scrollOffset ?? 0))?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage, onSeen } = query
  useEffect(() => onSeen?.({ first, last }), [first, last, onSeen])
  useEffect(() => {
    if (last >= rows.length - OVERSCAN && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  if (query.isPending) return <Waiting rows={8} label={words.states.loading} />
  if (query.isError && rows.length === 0) return <Failed error={query.error} again={() => void query.refetch()} />
  if (rows.length === 0) return empty
  const tracks = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') }
  const { news = 0, newsMore = false, pagination } = query.data?.pages[0] ?? {}
  const total = pagination?.total_items
  const showNews = () => {
    query.showNews?.()
    window.scrollTo({ top: 0 })
  }
  return (
    <div role="table" aria-label={label} aria-rowcount={total ?? -1}>
      {news > 0 && <News text={words.states.news(news, newsMore)} onClick={showNews} />}
      {wide && (
        <div
          role="row"
          style={tracks}
          className="[section>[role=table]:first-child>&]:rounded-t-[0.6875rem] sticky top-14 z-10 grid h-9 items-center gap-4 border-b border-line bg-surface px-4 text-xs font-medium text-faint"
        >
          {columns.map(({ key, title, end }) => (
            <span key={key} role="columnheader" className={end ? 'text-right' : undefined}>
              {title}
            </span>
          ))}
        </div>
      )}
      <div ref={list} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, key, start, size }) => {
          const row = rows[index]!
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the row's own link or button is what keys reach
            <div
              key={key}
              role="row"
              aria-rowindex={index + 1}
              onClick={onOpen && (() => onOpen(row))}
              style={{ ...(wide ? tracks : {}), height: size, transform: `translateY(${start - offset}px)` }}
              className={`absolute inset-x-0 top-0 border-b border-line px-4 last:border-b-0 ${wide ? 'grid items-center gap-4' : 'flex flex-col justify-center'} ${onOpen ? 'cursor-pointer hover:bg-sunken' : ''}`}
            >
              {wide ? (
                columns.map(({ key: column, end, cell }) => (
                  <div key={column} role="cell" className={`min-w-0 ${end ? 'text-right' : ''}`}>
                    {cell(row)}
                  </div>
                ))
              ) : (
                <div role="cell" className="min-w-0">
                  {narrow(row)}
                </div>
              )}
            </div>
          )
        })}
      </div>
      {isFetchingNextPage && (
        <p role="status" className="px-4 py-3 text-sm text-faint">
          {words.states.more}
        </p>
      )}
    </div>
  )
}

/** Rows came above those that are read. */
const News = ({ text, onClick }: { text: string; onClick: () => void }) => (
  <div role="status" className="pointer-events-none fixed inset-x-0 top-18 z-20 flex justify-center">
    <button
      type="button"
      onClick={onClick}
      className="pointer-events-auto flex min-h-9 items-center gap-1.5 rounded-full border border-line bg-surface px-4 text-sm font-medium shadow-md hover:bg-sunken"
    >
      <ArrowUp aria-hidden className="size-4" />
      {text}
    </button>
  </div>
)

const WIDE = '(min-width: 768px)'

/** Whether there is room for columns. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches)
  useEffect(() => {
    const media = matchMedia(WIDE)
    const change = () => setWide(media.matches)
    media.addEventListener('change', change)
    return () => media.removeEventListener('change', change)
  }, [])
  return wide
}
