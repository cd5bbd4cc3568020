/** A page as every list of the API shows it. */
interface Page<T> {
  data: T[]
  pagination: { next_cursor: string | null; current_page: number | null; total_pages: number | null }
}

interface PageQuery {
  cursor?: string
  page?: number
  per_page?: number
}

const PER_PAGE = 100

/** Every row of a list, page after page by cursor: constant cost at any depth, and rows that are added meanwhile shift nothing.
 *  The few lists without cursors are walked by page number. Stop by leaving the loop. */
export async function* eachItem<T, Q extends object>(
  read: (query: Q & PageQuery) => Promise<Page<T>>,
  query: Q,
): AsyncGenerator<T, void, undefined> {
  const { page: first, ...rest } = query as Q & PageQuery
  const filters = { per_page: PER_PAGE, ...rest } as Q & PageQuery
  let next: Q & PageQuery = first === undefined ? filters : { ...filters, page: first }
  for (;;) {
    const { data, pagination } = await read(next)
    yield* data
    const { next_cursor: cursor, current_page: current, total_pages: pages } = pagination
    if (cursor !== null) next = { ...filters, cursor }
    else if (current !== null && pages !== null && current < pages) next = { ...filters, page: current + 1 }
    else return
  }
}
