import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import { noCursor, type Position, readCursor, walkOf, writeCursor } from './list-cursor.ts'
import {
  countOf,
  type Listed,
  orderOf,
  positionOf,
  rowsAfter,
  rowsAndTotal,
  rowsAt,
  SKIP_MAX,
  TOTAL_MAX,
} from './list-rows.ts'
import type { ListSource } from './list-source.ts'
import { type ListScope, whereOf } from './list-where.ts'

export { listQuery } from './list-query.ts'
export type { ListColumn, ListFilter, ListSource } from './list-source.ts'
export type { ListScope } from './list-where.ts'

/** Rows asked for at once are one of these, so that lists make few different statements. */
const FETCH_SIZES = [11, 26, 51, 101]

export interface Page<Row> {
  rows: Row[]
  pagination: {
    total_items: number | null
    total_pages: number | null
    current_page: number | null
    per_page: number
    next_cursor: string | null
    total_capped: boolean | null
  }
}

/** One page of the tenant's rows: by number, or by cursor at constant cost at any depth. Newest first by creation unless
 *  asked; the id tells equal values apart. Throws `invalid_request` for a cursor of another walk, and for a page number that
 *  would pass over more than 100,000 rows that exist. */
export function listPage<Row extends { id: string }>(
  tx: TenantTx,
  source: ListSource,
  query: Record<string, unknown>,
): Promise<Page<Row>> {
  return listScoped(tx, source, query, ofTenant(tx, source))
}

const ofTenant = (tx: TenantTx, source: ListSource): ListScope => ({
  sql: `${source.alias}.tenant_id = $1`,
  values: [tx.tenantUuid],
})

/** As `listPage`, for the few lists that are not of one tenant's rows. */
export async function listScoped<Row extends { id: string }>(
  tx: Tx,
  source: ListSource,
  query: Record<string, unknown>,
  scope: ListScope,
): Promise<Page<Row>> {
  const perPage = (query.per_page as number | undefined) ?? 10
  const order = orderOf(source, query.sort as string | undefined)
  const walk = walkOf(source.from, scope.values, order.name, query)
  const position = query.cursor === undefined ? undefined : readCursor(walk, query.cursor as string)
  const where = await whereOf(tx, source, query, scope)
  const limit = FETCH_SIZES.find((size) => size > perPage) ?? perPage + 1
  const paged = (rows: Listed<Row>[]): { shown: Row[]; next_cursor: string | null } => {
    const shown = rows.slice(0, perPage)
    const last = rows.length > perPage ? shown.at(-1)! : undefined
    return { shown, next_cursor: last ? writeCursor(walk, positionOf(last)) : null }
  }
  if (position) {
    const rows = await rowsAfter<Row>(tx, source, where, order, position, limit).catch((error: unknown) => {
      // A cursor of ours holds what the database wrote; one it cannot read was forged.
      throw (error as { code?: string }).code?.startsWith('22') ? noCursor(error) : error
    })
    const { shown, next_cursor } = paged(rows)
    const unknown = { total_items: null, total_pages: null, current_page: null, total_capped: null }
    return { rows: shown, pagination: { ...unknown, per_page: perPage, next_cursor } }
  }
  const page = (query.page as number | undefined) ?? 1
  const skip = (page - 1) * perPage
  if (skip > SKIP_MAX && (await countOf(tx, source, where, skip)) > SKIP_MAX) throw tooDeep(perPage)
  const { rows, total: all } = await rowsAndTotal<Row>(tx, source, where, order, skip, limit)
  const { shown, next_cursor } = paged(rows)
  const total = Math.min(all, TOTAL_MAX)
  return {
    rows: shown,
    pagination: {
      total_items: total,
      total_pages: Math.ceil(total / perPage),
      current_page: page,
      per_page: perPage,
      next_cursor,
      total_capped: all > TOTAL_MAX,
    },
  }
}

const tooDeep = (perPage: number): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [
      {
        field: 'page',
        issue: `Page numbers reach the first ${SKIP_MAX} rows, here page ${Math.floor(SKIP_MAX / perPage) + 1}. Go on with cursor=<next_cursor> of the page before`,
      },
    ],
  })

/** All rows that the query asks for, in its order, in pieces of at most `size`, each read in a transaction of its own: for
 *  exports of any length. `read` opens the transaction. */
export async function* listAll<Row extends { id: string }>(
  read: <T>(work: (tx: TenantTx) => Promise<T>) => Promise<T>,
  source: ListSource,
  query: Record<string, unknown>,
  size: number,
): AsyncGenerator<Row[]> {
  const order = orderOf(source, query.sort as string | undefined)
  let position: Position | undefined
  for (;;) {
    const rows: Listed<Row>[] = await read(async (tx) => {
      const where = await whereOf(tx, source, query, ofTenant(tx, source))
      return position
        ? rowsAfter<Row>(tx, source, where, order, position, size)
        : rowsAt<Row>(tx, source, where, order, 0, size)
    })
    if (rows.length > 0) yield rows
    if (rows.length < size) return
    position = positionOf(rows.at(-1)!)
  }
}

/** The list envelope of contract 3.3; the request id is added on the way out. */
export const listBody = <Row>(page: Page<Row>, present: (row: Row) => unknown, requestId: string): unknown => ({
  data: page.rows.map(present),
  pagination: page.pagination,
  meta: { request_id: requestId },
})

/** The documented shape of a list of `item`. */
export const listSchema = (item: z.ZodType) =>
  z.object({
    data: z.array(item),
    pagination: z
      .object({
        total_items: z.int().nullable(),
        total_pages: z.int().nullable(),
        current_page: z.int().nullable(),
        per_page: z.int(),
        next_cursor: z.string().nullable(),
        total_capped: z.boolean().nullable(),
      })
      .meta({ id: 'Pagination' }),
    meta: z.object({ request_id: z.string() }),
  })

export const listExample = (item: unknown): unknown => ({
  data: [item],
  pagination: { total_items: 1, total_pages: 1, current_page: 1, per_page: 10, next_cursor: null, total_capped: false },
  meta: { request_id: 'req_01jrfzq4v8m2k9d7t5x3w1c0ab' },
})
