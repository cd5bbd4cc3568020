import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { uuidOf } from '../base/ids.ts'
import type { TenantTx, Tx } from '../database/transaction.ts'
import { daySchema } from './validate.ts'

const TOTAL_MAX = 10_000

/** A column that lists may filter or sort by: its SQL and how request text becomes its value. */
export interface ListColumn {
  sql: string
  /** `id`: the text is an id of ours. */
  kind: 'text' | 'id' | 'time' | 'day' | 'amount' | 'boolean'
}

/** What a list is made of. `columns` are both the filters and the sort fields; `from` joins whatever the rows need. */
export interface ListSource {
  select: string
  from: string
  /** The table's alias that holds tenant_id, id, created_at and updated_at. */
  alias: string
  filters: Record<string, ListColumn & { range?: boolean }>
  sortable: Record<string, ListColumn>
}

/** The query parameters of a list: pages or a cursor, sorting, `updated_since`, and the source's filters. */
export function listQuery(
  source: Pick<ListSource, 'filters' | 'sortable'>,
  filterShapes: Record<string, z.ZodType> = {},
) {
  const sortFields = Object.keys(source.sortable).flatMap((field) => [field, `-${field}`])
  const filters: Record<string, z.ZodType> = {}
  for (const [name, column] of Object.entries(source.filters)) {
    if (!column.range) filters[name] = (filterShapes[name] ?? z.string().max(200)).optional()
    else {
      const [low, high] = column.kind === 'amount' ? ['_min', '_max'] : ['_from', '_to']
      const shape =
        column.kind === 'amount' ? z.string().regex(/^\d{1,13}(\.\d+)?$/, 'Must be a decimal number') : daySchema
      filters[name + low] = shape.optional()
      filters[name + high] = shape.optional()
    }
  }
  return z.strictObject({
    page: wholeNumber(1, 1_000_000).optional(),
    per_page: wholeNumber(1, 100).optional(),
    cursor: z.string().max(400).optional(),
    sort: z.enum(sortFields as [string, ...string[]]).optional(),
    updated_since: daySchema.optional(),
    ...filters,
  })
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `Must be a whole number from ${min} to ${max}`)
    .transform((text) => Number.parseInt(text, 10))
    .refine((value) => value >= min && value <= max, `Must be a whole number from ${min} to ${max}`)

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

/** One page of the tenant's rows: by number, or by cursor at constant cost at any depth. Newest first unless asked.
 *  Amount filters arrive already in minor units. */
export function listPage<Row extends { id: string }>(
  tx: TenantTx,
  source: ListSource,
  query: Record<string, unknown>,
): Promise<Page<Row>> {
  return listScoped(tx, source, query, { sql: `${source.alias}.tenant_id = $1`, values: [tx.tenantUuid] })
}

/** Which rows a list is about; the values are the statement's first. */
export interface ListScope {
  sql: string
  values: unknown[]
}

/** As `listPage`, for the few lists that are not of one tenant's rows. */
export async function listScoped<Row extends { id: string }>(
  tx: Tx,
  source: ListSource,
  query: Record<string, unknown>,
  scope: ListScope,
): Promise<Page<Row>> {
  const perPage = (query.per_page as number | undefined) ?? 10
  const { field, descending } = sortOf(query.sort as string | undefined)
  const column = field === undefined ? undefined : source.sortable[field]
  const conditions = [scope.sql]
  const values: unknown[] = [...scope.values]
  const add = (sql: (n: string) => string, value: unknown) => conditions.push(sql(`$${values.push(value)}`))

  for (const [name, filter] of Object.entries(source.filters)) {
    if (!filter.range) {
      if (query[name] !== undefined) add((n) => `${filter.sql} = ${n}`, valueOf(filter, query[name]))
      continue
    }
    const [low, high] = filter.kind === 'amount' ? ['_min', '_max'] : ['_from', '_to']
    if (query[name + low] !== undefined) add((n) => `${filter.sql} >= ${n}`, valueOf(filter, query[name + low]))
    if (query[name + high] !== undefined) add((n) => `${filter.sql} <= ${n}`, valueOf(filter, query[name + high]))
  }
  if (query.updated_since !== undefined) add((n) => `${source.alias}.updated_at >= ${n}`, query.updated_since)

  const filtered = conditions.join(' and ')
  const filterValues = [...values]
  const order = descending ? 'desc' : 'asc'
  const orderBy = column ? `${column.sql} ${order}, ${source.alias}.id ${order}` : `${source.alias}.id ${order}`
  const cursor = readCursor(query.cursor as string | undefined, field ?? '')
  if (cursor) {
    const sign = descending ? '<' : '>'
    if (column) {
      const [first, second] = [`$${values.push(cursor.value)}`, `$${values.push(cursor.id)}`]
      conditions.push(`(${column.sql}, ${source.alias}.id) ${sign} (${first}, ${second})`)
    } else add((n) => `${source.alias}.id ${sign} ${n}`, cursor.id)
  }
  const page = cursor ? 1 : ((query.page as number | undefined) ?? 1)
  const rows = await tx.many<Row & { sort_value?: string }>(
    `select ${source.select}${column ? `, ${column.sql}::text as sort_value` : ''} from ${source.from}
      where ${conditions.join(' and ')} order by ${orderBy} limit ${perPage + 1} offset ${(page - 1) * perPage}`,
    values,
  )
  const more = rows.length > perPage
  const shown = rows.slice(0, perPage)
  const last = shown.at(-1)
  const next_cursor = more && last ? writeCursor(field ?? '', last.sort_value ?? null, last.id) : null
  if (cursor) {
    const unknown = { total_items: null, total_pages: null, current_page: null, total_capped: null }
    return { rows: shown, pagination: { ...unknown, per_page: perPage, next_cursor } }
  }
  const { count } = await tx.one<{ count: string }>(
    `select count(*) as count from (select 1 from ${source.from} where ${filtered} limit ${TOTAL_MAX + 1}) counted`,
    filterValues,
  )
  const total = Math.min(Number.parseInt(count, 10), TOTAL_MAX)
  return {
    rows: shown,
    pagination: {
      total_items: total,
      total_pages: Math.ceil(total / perPage),
      current_page: page,
      per_page: perPage,
      next_cursor,
      total_capped: Number.parseInt(count, 10) > TOTAL_MAX,
    },
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

function valueOf(column: ListColumn, value: unknown): unknown {
  if (column.kind !== 'id') return value
  // An id of another kind, or none at all, simply finds nothing.
  try {
    return uuidOf(String(value))
  } catch {
    return '00000000-0000-0000-0000-000000000000'
  }
}

function sortOf(sort: string | undefined): { field: string | undefined; descending: boolean } {
  if (sort === undefined || sort === '-created_at') return { field: undefined, descending: true }
  if (sort === 'created_at') return { field: undefined, descending: false }
  return { field: sort.replace(/^-/, ''), descending: sort.startsWith('-') }
}

const writeCursor = (field: string, value: string | null, uuid: string): string =>
  Buffer.from(JSON.stringify([field, value, uuid])).toString('base64url')

function readCursor(text: string | undefined, field: string): { value: string | null; id: string } | undefined {
  if (text === undefined) return undefined
  try {
    const [of, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, string | null, string]
    if (of === field && /^[0-9a-f-]{36}$/.test(id) && (value === null || typeof value === 'string'))
      return { value, id }
  } catch {
    // Falls through: not a cursor of ours.
  }
  throw new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: 'cursor', issue: 'Must be the next_cursor of a former answer with the same sort' }],
  })
}
