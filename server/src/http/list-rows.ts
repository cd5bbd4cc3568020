import type { Tx } from '../database/transaction.ts'
import type { Position } from './list-cursor.ts'
import { createdOf, type ListColumn, type ListSource, sortsOf } from './list-source.ts'
import type { Where } from './list-where.ts'

export const TOTAL_MAX = 10_000
/** How many rows a page number may pass over; a cursor passes any number at no cost (docs/decisions/0008). */
export const SKIP_MAX = 100_000

export interface Order {
  /** What a cursor is bound to. */
  name: string
  column: ListColumn
  direction: 'asc' | 'desc'
}

/** Newest first by creation unless the request says otherwise. */
export function orderOf(source: ListSource, sort: string | undefined): Order {
  const column: ListColumn =
    sort === undefined ? { sql: createdOf(source), kind: 'time' } : sortsOf(source)[sort.replace(/^-/, '')]!
  const direction = sort === undefined || sort.startsWith('-') ? 'desc' : 'asc'
  return { name: `${column.sql} ${direction}`, column, direction }
}

/** A row with the value it is sorted by, as the database writes it. */
export type Listed<Row> = Row & { list_sort: string | null }
export const positionOf = (row: Listed<{ id: string }>): Position => ({ value: row.list_sort, id: row.id })

/** The first rows of the list, or those after a position. Equality on the scope and a comparison of (sort, id) make it one
 *  short walk along an index. Rows without a sort value come last in either direction: first those with one are walked, then
 *  the others. */
export async function rowsAfter<Row>(
  tx: Tx,
  source: ListSource,
  where: Where,
  order: Order,
  after: Position | undefined,
  limit: number,
): Promise<Listed<Row>[]> {
  const { column, direction } = order
  const sign = direction === 'desc' ? '<' : '>'
  const phases = column.nullable ? [`${column.sql} is not null`, `${column.sql} is null`] : [undefined]
  const first = after?.value === null ? 1 : 0
  const rows: Listed<Row>[] = []
  for (const [index, phase] of phases.entries()) {
    if (index < first || rows.length >= limit) continue
    const values = [...where.values]
    const conditions = [...where.conditions, ...(phase ? [phase] : [])]
    if (after && index === first) {
      const id = `$${values.push(after.id)}`
      conditions.push(
        after.value === null
          ? `${source.alias}.id ${sign} ${id}`
          : `(${column.sql}, ${source.alias}.id) ${sign} ($${values.push(after.value)}, ${id})`,
      )
    }
    const more = rows.length === 0 ? String(limit) : `$${values.push(limit - rows.length)}`
    const text = where.searching
      ? `with page as materialized (${idsSql(source, where, order, conditions)} limit ${more}) ${pageSql(source, where, order)}`
      : `select ${selected(source, order)} from ${source.from} where ${conditions.join(' and ')}
          order by ${column.sql} ${direction}, ${source.alias}.id ${direction} limit ${more}`
    rows.push(...(await tx.many<Listed<Row>>(text, values)))
  }
  return rows
}

/** The rows of a page number: ids alone are passed over, in the index, and only the page's rows are read. */
export async function rowsAt<Row>(
  tx: Tx,
  source: ListSource,
  where: Where,
  order: Order,
  skip: number,
  limit: number,
): Promise<Listed<Row>[]> {
  if (skip === 0) return rowsAfter<Row>(tx, source, where, order, undefined, limit)
  return tx.many<Listed<Row>>(
    `with page as materialized (${idsSql(source, where, order, where.conditions)} limit ${limit} offset $${where.values.length + 1})
     ${pageSql(source, where, order)}`,
    [...where.values, skip],
  )
}

/** The rows of a page number and how many there are, exactly to 10,000. Where the page itself shows the total, nothing is
 *  counted. */
export async function rowsAndTotal<Row>(
  tx: Tx,
  source: ListSource,
  where: Where,
  order: Order,
  skip: number,
  limit: number,
): Promise<{ rows: Listed<Row>[]; total: number }> {
  if (where.searching && skip + limit <= TOTAL_MAX) return searched<Row>(tx, source, where, order, skip, limit)
  const rows = skip > SKIP_MAX ? [] : await rowsAt<Row>(tx, source, where, order, skip, limit)
  const last = rows.length < limit && (rows.length > 0 || skip === 0)
  const beyond = rows.length > 0 && skip >= TOTAL_MAX
  return { rows, total: last || beyond ? skip + rows.length : await countOf(tx, source, where, skip) }
}

/** A page and the total in one pass over the rows: searches read the words of every row they pass. */
async function searched<Row>(
  tx: Tx,
  source: ListSource,
  where: Where,
  order: Order,
  skip: number,
  limit: number,
): Promise<{ rows: Listed<Row>[]; total: number }> {
  const found = await tx.many<Listed<Row> & { id: string | null; list_total: string }>(
    `with found as materialized (${idsSql(source, where, order, where.conditions)} limit ${TOTAL_MAX + 1}),
       page as materialized (select * from found order by ${byPage(order)} limit ${limit} offset $${where.values.length + 1})
     select total.list_total, rows.* from (select count(*) as list_total from found) total left join (${pageSql(source, where, order)}) rows on true`,
    [...where.values, skip],
  )
  return {
    // One row of nothing carries the total when the page is empty.
    rows: found.filter((row) => row.id !== null),
    total: Number.parseInt(found[0]!.list_total, 10),
  }
}

const long = new Set<string>()
const LONG_MAX = 10_000

/** How many rows there are, exactly to 10,000; for a page beyond that, exactly to where page numbers end. Of lists that lose no
 *  rows it is remembered that they are longer. */
export async function countOf(tx: Tx, source: ListSource, where: Where, skip: number): Promise<number> {
  const most = (skip < TOTAL_MAX ? TOTAL_MAX : SKIP_MAX) + 1
  const lasting = source.lasting === true && where.unfiltered
  const name = lasting ? `${most} ${where.scope.values.join(' ')} ${source.from}` : ''
  if (lasting && long.has(name)) return most
  const { count } = await tx.one<{ count: string }>(
    `select count(*) as count from (select 1 from ${keysOf(source, where)} where ${where.conditions.join(' and ')} limit ${most}) counted`,
    where.values,
  )
  const rows = Number.parseInt(count, 10)
  if (lasting && rows === most) {
    if (long.size >= LONG_MAX) long.clear()
    long.add(name)
  }
  return rows
}

const keysOf = (source: ListSource, where: Where): string =>
  where.searching ? source.from : (source.keys ?? source.from)

/** Ids and sort values in order. A search in another order than creation's first finds all rows in the order they lie in, then
 *  sorts them: along the sort's index it would read the table in disorder (5.6 s instead of 1.4 s for a million rows). */
function idsSql(source: ListSource, where: Where, order: Order, conditions: string[]): string {
  const { column, direction } = order
  const inner = `select ${source.alias}.id as page_id, ${column.sql} as page_sort from ${keysOf(source, where)} where ${conditions.join(' and ')}`
  if (where.searching && column.sql !== createdOf(source)) {
    return `select page_id, page_sort from (${inner} offset 0) disordered order by ${byPage(order)}`
  }
  return `${inner} order by ${column.sql} ${nullsLast(order)}, ${source.alias}.id ${direction}`
}

const pageSql = (source: ListSource, where: Where, order: Order): string =>
  `select ${selected(source, order)} from page, ${source.from}
    where ${where.scope.sql} and ${source.alias}.id = page_id order by ${byPage(order)}`

const selected = (source: ListSource, { column }: Order): string => `${source.select}, ${column.sql}::text as list_sort`
const byPage = (order: Order): string => `page_sort ${nullsLast(order)}, page_id ${order.direction}`
const nullsLast = ({ column, direction }: Order): string => `${direction}${column.nullable ? ' nulls last' : ''}`
