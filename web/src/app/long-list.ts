/** A page of a list of the API, with whatever else is kept of it. `news`: so many rows stand above it at the server and are not shown
 *  yet; `newsMore`: or more than that. */
export interface Page<T> {
  data: T[]
  pagination: { next_cursor: string | null }
  news?: number
  newsMore?: boolean
}

/** What is kept of a list: its pages, and the cursor each was read by, '' for the first. */
export interface Kept<P> {
  pages: P[]
  pageParams: string[]
}

/** The rows in sight, by their place in the whole list. `growing`: what is new is shown wherever they are. */
export interface Seen {
  first: number
  last: number
  growing?: boolean
}

/** As much as the API gives at once. */
const REREAD_ROWS = 100
/** Who has scrolled no further than this sees the list grow at its top; for others, what they read must not move. */
const TOP_ROWS = 3

/** Reads a list anew that has grown to many pages: its first page, and those in sight; the others stay as they are. Cursors are of
 *  keys, not of places: what a page was read by still gives the rows that follow there. Each page ends where it ended before,
 *  whatever came in between. New rows are shown to who reads at the top, and counted for everybody else. */
export async function reread<T extends { id: string }, P extends Page<T>>(
  kept: Kept<P>,
  seen: Seen,
  read: (cursor: string, rows: number) => PromiseLike<P>,
): Promise<P[]> {
  const inSight = pagesInSight(kept.pages, seen)
  const fresh = await Promise.all(
    kept.pageParams.map(async (cursor, at) => (at === 0 || inSight.has(at) ? read(cursor, REREAD_ROWS) : undefined)),
  )
  const known = new Set(kept.pages.flatMap(({ data }) => data.map(({ id }) => id)))
  return kept.pages.map((page, at) => {
    const now = fresh[at]
    if (!now) return page
    const last = at === kept.pages.length - 1
    const rows = last ? now.data : upTo(now.data, page.data.at(-1)?.id, kept.pages.slice(at + 1))
    const pagination = {
      ...(at === 0 ? now.pagination : page.pagination),
      next_cursor: (last ? now : page).pagination.next_cursor,
    }
    if (rows && (at > 0 || seen.growing === true || seen.first < TOP_ROWS)) return { ...now, data: rows, pagination }
    const same = { ...now, data: patched(page.data, now.data), pagination }
    if (at > 0) return same
    const news = (rows ?? now.data).filter(({ id }) => !known.has(id)).length
    return { ...same, news, newsMore: rows === undefined }
  })
}

/** Places of the pages whose rows are in sight. */
function pagesInSight(pages: readonly { data: readonly unknown[] }[], { first, last }: Seen): Set<number> {
  const found = new Set<number>()
  let from = 0
  for (const [at, { data }] of pages.entries()) {
    if (from <= last && from + data.length > first) found.add(at)
    from += data.length
  }
  return found
}

/** The rows down to the one that the next page follows or, where that is gone, before those of the pages that follow; undefined when
 *  none of these is among them. */
function upTo<T extends { id: string }>(
  rows: readonly T[],
  lastId: string | undefined,
  following: readonly Page<T>[],
): T[] | undefined {
  const last = rows.findIndex(({ id }) => id === lastId)
  if (last >= 0) return rows.slice(0, last + 1)
  const ids = new Set(following.flatMap(({ data }) => data.map(({ id }) => id)))
  const end = rows.findIndex(({ id }) => ids.has(id))
  return end < 0 ? undefined : rows.slice(0, end)
}

/** The same rows, each as it is now. */
function patched<T extends { id: string }>(rows: readonly T[], now: readonly T[]): T[] {
  const fresh = new Map(now.map((row) => [row.id, row]))
  return rows.map((row) => fresh.get(row.id) ?? row)
}
