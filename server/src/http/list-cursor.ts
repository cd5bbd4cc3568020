import { createHash } from 'node:crypto'
import { AppError } from '../base/errors.ts'

/** Where a walk stands: the last row's sort value as the database writes it (full precision; null where it has none), and its
 *  id, which tells equal values apart. */
export interface Position {
  value: string | null
  id: string
}

const CHECK_BYTES = 12

/** What a cursor is bound to: the list and whose it is, the sort and every filter. The page size may change on the way. */
export function walkOf(list: string, scope: readonly unknown[], sort: string, query: Record<string, unknown>): string {
  const { page: _, per_page: __, cursor: ___, sort: ____, ...filters } = query
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify([list, scope, sort, given.sort(([one], [other]) => (one < other ? -1 : 1))])
}

/** Opaque text. The check is no secret: whoever forges a cursor reaches only rows that he may list anyway. */
export function writeCursor(walk: string, { value, id }: Position): string {
  const body = Buffer.from(JSON.stringify([value, id]))
  return Buffer.concat([check(walk, body), body]).toString('base64url')
}

/** Throws `invalid_request` for anything that `writeCursor` did not make for this walk. */
export function readCursor(walk: string, text: string): Position {
  const bytes = Buffer.from(text, 'base64url')
  const body = bytes.subarray(CHECK_BYTES)
  if (bytes.toString('base64url') !== text || !check(walk, body).equals(bytes.subarray(0, CHECK_BYTES)))
    throw noCursor()
  const position = positionIn(body.toString())
  if (!position) throw noCursor()
  return position
}

/** What a body says; undefined for one that only somebody else can have written. */
function positionIn(text: string): Position | undefined {
  try {
    const [value, id] = JSON.parse(text) as [unknown, unknown]
    return (value === null || typeof value === 'string') && typeof id === 'string' ? { value, id } : undefined
  } catch {
    return undefined
  }
}

export const noCursor = (cause?: unknown): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: 'cursor', issue: 'Must be the next_cursor of a former answer with the same sort and filters' }],
    cause,
  })

const check = (walk: string, body: Buffer): Buffer =>
  createHash('sha256').update(walk).update('\n').update(body).digest().subarray(0, CHECK_BYTES)
