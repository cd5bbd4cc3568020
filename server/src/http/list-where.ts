import { uuidOf } from '../base/ids.ts'
import type { Tx } from '../database/transaction.ts'
import { endsOf, filtersOf, type ListFilter, type ListSource, updatedOf } from './list-source.ts'

/** Which rows a list is about; the values are the statement's first. Of a tenant's rows: `tenant_id = $1`. */
export interface ListScope {
  sql: string
  values: unknown[]
}

/** Conditions of a statement, the scope's first, and the values of its placeholders. */
export interface Where {
  scope: ListScope
  conditions: string[]
  values: unknown[]
  /** Whether `q` reads the words of every row it passes. */
  searching: boolean
  /** Whether everything in the scope is asked for. */
  unfiltered: boolean
}

const WORDS_MAX = 20

/** What the query asks of the rows. Conditions stand on plain columns and comparisons of the base types only: below row-level
 *  security an index serves no others (docs/decisions/0008). */
export async function whereOf(
  tx: Tx,
  source: ListSource,
  query: Record<string, unknown>,
  scope: ListScope,
): Promise<Where> {
  const conditions = [scope.sql]
  const values: unknown[] = [...scope.values]
  const bind = (value: unknown): string => `$${values.push(value)}`

  const filters = filtersOf(source)
  for (const name in filters) {
    const filter = filters[name]!
    const given = query[name] as string | undefined
    if (given !== undefined) conditions.push(...equals(filter, given, bind))
    if (!filter.range) continue
    const [low, high] = endsOf(filter.kind)
    const from = query[name + low] as string | undefined
    const to = query[name + high] as string | undefined
    if (from !== undefined) conditions.push(atLeast(filter, from, bind))
    if (to !== undefined) conditions.push(atMost(filter, to, bind))
  }
  const since = query.updated_since as string | undefined
  if (since !== undefined) conditions.push(`${updatedOf(source)} >= ${bind(instant(since))}`)
  const words = source.search ? await wordsOf(tx, query.q as string | undefined) : []
  for (const word of words) {
    const placeholder = bind(` ${word}`)
    const places = source.search!.map((one) =>
      typeof one === 'string' ? `strpos(${one}, ${placeholder}) > 0` : one(placeholder),
    )
    conditions.push(`(${places.join(' or ')})`)
  }
  // Joins and sets of ids of a search stay in memory: one search at a time and connection holds them.
  if (words.length > 0) await tx.run("set local work_mem = '64MB'")
  // A text without a single letter or digit names nothing.
  if (query.q !== undefined && source.search && words.length === 0 && /\S/.test(query.q as string))
    conditions.push('false')
  return { scope, conditions, values, searching: words.length > 0, unfiltered: conditions.length === 1 }
}

/** The words of a search, folded by the very function that folded the rows; long ones first, since they find the fewest. */
async function wordsOf(tx: Tx, text: string | undefined): Promise<string[]> {
  if (text === undefined || !/\S/.test(text)) return []
  const { words } = await tx.one<{ words: string }>('select search_words($1) as words', [text])
  const all = [...new Set(words.split(' ').filter(Boolean))]
  return all.sort((one, other) => other.length - one.length).slice(0, WORDS_MAX)
}

type Bind = (value: unknown) => string

function equals(filter: ListFilter, given: string, bind: Bind): string[] {
  if (filter.where) return [filter.where(bind(valueOf(filter, given)), given)]
  // A day means all of it, and a second likewise: rows are shown by the second.
  if (filter.kind === 'time') return [atLeast(filter, given, bind), atMost(filter, given, bind)]
  if (filter.kind === 'enum') return [`${filter.sql} = '${known(filter, given)}'`]
  if (filter.kind === 'amount') {
    const [low, high] = [scaled(given, 'up'), scaled(given, 'down')]
    return low === high ? [`${filter.sql} = ${bind(low)}`] : ['false']
  }
  return [`${filter.sql} = ${bind(valueOf(filter, given))}`]
}

const atLeast = (filter: ListFilter, given: string, bind: Bind): string =>
  `${filter.sql} >= ${bind(filter.kind === 'amount' ? scaled(given, 'up') : valueOf(filter, given))}`

function atMost(filter: ListFilter, given: string, bind: Bind): string {
  if (filter.kind === 'amount') return `${filter.sql} <= ${bind(scaled(given, 'down'))}`
  if (filter.kind !== 'time') return `${filter.sql} <= ${bind(valueOf(filter, given))}`
  const step = given.length === 10 ? 86_400_000 : given.includes('.') ? 0 : 1000
  return step === 0
    ? `${filter.sql} <= ${bind(instant(given))}`
    : `${filter.sql} < ${bind(instant(new Date(Date.parse(given) + step).toISOString()))}`
}

/** The database knows no year 0 and writes the year 10000 otherwise: both ends of its calendar will do. */
const instant = (text: string): string =>
  text.startsWith('0000') || text.startsWith('-') ? '-infinity' : text.startsWith('+') ? 'infinity' : text

function valueOf(filter: ListFilter, given: string): unknown {
  if (filter.kind === 'time') return instant(given)
  if (filter.kind === 'day') return instant(given.slice(0, 10))
  if (filter.kind !== 'id') return given
  // An id of another kind, or none at all, simply finds nothing.
  try {
    return uuidOf(given)
  } catch {
    return '00000000-0000-0000-0000-000000000000'
  }
}

/** The value as the source names it, never as the request wrote it: it stands in the statement. */
const known = (filter: ListFilter, given: string): string =>
  (filter.values?.find((value) => value === given) ?? '').replaceAll("'", "''")

/** Ten-thousandths of the major unit. Digits beyond them are never lost: a lower end rises, an upper end falls. */
export function scaled(text: string, rounding: 'up' | 'down'): string {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!
  const kept = BigInt(whole! + fraction.slice(0, 4).padEnd(4, '0')) * (sign ? -1n : 1n)
  const rest = /[1-9]/.test(fraction.slice(4))
  const away = rest ? (rounding === 'up' ? (sign ? 0n : 1n) : sign ? -1n : 0n) : 0n
  return String(kept + away)
}
