import type { IdPrefix } from '../base/ids.ts'

/** A column that lists filter or sort by, and how request text becomes its value.
 *  `amount`: a bigint of ten-thousandths of the major unit (`amount_scaled`), so that currencies compare as they are shown.
 *  `enum` values become part of the statement, which lets the planner know how many rows hold them. */
export interface ListColumn {
  sql: string
  kind: 'text' | 'enum' | 'id' | 'time' | 'day' | 'amount' | 'number' | 'currency' | 'boolean'
  /** For `enum`. */
  values?: readonly string[]
  /** For `id`: what the id must begin with; other texts are refused. */
  prefix?: IdPrefix
  /** For sorting: rows without a value come last in either direction. */
  nullable?: boolean
}

/** A filter of the same name. With `range` also `_from` and `_to`, `_min` and `_max` for amounts and numbers. `where` replaces
 *  `sql = value` by a condition on the value's placeholder; `$1` is the tenant. `given` is what the request wrote, never to stand in
 *  the statement: where the condition depends on it, there are as many statements. */
export interface ListFilter extends ListColumn {
  range?: boolean
  where?(placeholder: string, given: string): string
}

/** What a list is made of. Every list also filters and sorts by `created_at` and `updated_at`, and takes `updated_since`. */
export interface ListSource {
  select: string
  /** Tables with the joins that the rows and the search need. */
  from: string
  /** The same without joins, when filters and sorts need none: what counting and deep pages walk. */
  keys?: string
  /** The table's alias that holds tenant_id, id, created_at and updated_at. */
  alias: string
  filters: Record<string, ListFilter>
  sortable: Record<string, ListColumn>
  /** Columns of folded words (`search_words`), which `q` looks into, or conditions on the placeholder of blank + word. Without
   *  it there is no `q`. */
  search?: (string | ((placeholder: string) => string))[]
  /** For tables whose times are called otherwise: their SQL. Then the list has no `created_at` and `updated_at`, and the
   *  source names its own. */
  times?: { created: string; updated: string }
  /** Rows of a tenant are never deleted: once the list is longer than totals count, it stays so. */
  lasting?: boolean
}

const TIMES = ['created_at', 'updated_at'] as const

const filters = new WeakMap<object, Record<string, ListFilter>>()

/** Filters of the source and the times that every row has. */
export function filtersOf(source: Pick<ListSource, 'filters' | 'times' | 'alias'>): Record<string, ListFilter> {
  const known = filters.get(source) ?? allFilters(source)
  filters.set(source, known)
  return known
}

function allFilters(source: Pick<ListSource, 'filters' | 'times' | 'alias'>): Record<string, ListFilter> {
  if (source.times) return source.filters
  const times = TIMES.map((name) => [name, { sql: `${source.alias}.${name}`, kind: 'time', range: true } as const])
  return { ...Object.fromEntries(times), ...source.filters }
}

/** Sort fields of the source and the times that every row has. */
export function sortsOf(source: Pick<ListSource, 'sortable' | 'times' | 'alias'>): Record<string, ListColumn> {
  if (source.times) return source.sortable
  const times = TIMES.map((name) => [name, { sql: `${source.alias}.${name}`, kind: 'time' } as const])
  return { ...Object.fromEntries(times), ...source.sortable }
}

export const createdOf = (source: ListSource): string => source.times?.created ?? `${source.alias}.created_at`
export const updatedOf = (source: ListSource): string => source.times?.updated ?? `${source.alias}.updated_at`

/** The names of a range's two ends. */
export const endsOf = (kind: ListColumn['kind']): [string, string] =>
  kind === 'amount' || kind === 'number' ? ['_min', '_max'] : ['_from', '_to']
