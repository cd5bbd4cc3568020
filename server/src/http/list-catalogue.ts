import { AppError } from '../base/errors.ts'
import type { Page } from './list.ts'
import { readCursor, walkOf, writeCursor } from './list-cursor.ts'

/** A list that is not in the database: few rows, all at hand. */
export interface Catalogue<Row> {
  name: string
  /** In the order of the list unless sorted otherwise. */
  rows: readonly Row[]
  /** What tells the rows apart. */
  id(row: Row): string
  sortable: Record<string, (row: Row) => string>
  /** The texts that `q` looks into. */
  texts?(row: Row): string[]
}

/** A page of a catalogue, by the same rules as any list: pages or cursors, sorting, `q`. Filters have been applied before;
 *  `query` still binds cursors to them. Throws `invalid_request` for a cursor of another walk. */
export function cataloguePage<Row>(catalogue: Catalogue<Row>, query: Record<string, unknown>): Page<Row> {
  const perPage = (query.per_page as number | undefined) ?? 10
  const sort = (query.sort as string | undefined) ?? ''
  const walk = walkOf(catalogue.name, [], sort, query)
  const key = catalogue.sortable[sort.replace(/^-/, '')]
  const words = wordsOf((query.q as string | undefined) ?? '')
  const rows = catalogue.rows.filter((row) => {
    const own = words.length === 0 ? [] : wordsOf(catalogue.texts?.(row).join(' ') ?? '')
    return words.every((word) => own.some((one) => one.startsWith(word)))
  })
  if (key) rows.sort((one, other) => compare(key(one), key(other)) || compare(catalogue.id(one), catalogue.id(other)))
  if (sort.startsWith('-')) rows.reverse()

  const page = (query.page as number | undefined) ?? 1
  const after = query.cursor === undefined ? undefined : readCursor(walk, query.cursor as string).id
  const start = after === undefined ? (page - 1) * perPage : rows.findIndex((row) => catalogue.id(row) === after) + 1
  // The row a cursor stands on may have left the catalogue since.
  if (after !== undefined && start === 0) throw gone()
  const shown = rows.slice(start, start + perPage)
  const next =
    start + perPage < rows.length ? writeCursor(walk, { value: null, id: catalogue.id(shown.at(-1)!) }) : null
  const total = after === undefined ? rows.length : null
  return {
    rows: shown,
    pagination: {
      total_items: total,
      total_pages: total === null ? null : Math.ceil(total / perPage),
      current_page: total === null ? null : page,
      per_page: perPage,
      next_cursor: next,
      total_capped: total === null ? null : false,
    },
  }
}

const gone = (): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: 'cursor', issue: 'The list has changed since. Begin again without a cursor' }],
  })

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** As `search_words` in the database folds them: lower case, no accents, anything but letters and digits separates. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[łđøıħŧðŋĸςßæœþ]/g, (letter) => SPELLED[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** Letters that Unicode does not take apart. */
const SPELLED = Object.fromEntries(
  'ł l đ d ø o ı i ħ h ŧ t ð d ŋ n ĸ k ς σ ß ss æ ae œ oe þ th'
    .split(' ')
    .flatMap((letter, index, all) => (index % 2 === 0 ? [[letter, all[index + 1]!]] : [])),
) as Record<string, string>
