import type { Bucket } from './limits.ts'
import type { Refusal } from './refusals.ts'
import { flat } from './refusals.ts'
import type { World } from './state.ts'

export interface Call {
  world: World
  /** The secret id of the token; empty on the token endpoints. */
  company: string
  id: string
  query: URLSearchParams
  /** Path with the query, for `next` and `previous`. */
  url: URL
  body: Record<string, unknown>
  /** An injected refusal that a data call meets where the bank would be asked, once. */
  bankFault: () => Refusal | null
}

export interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/v2`, slash at the end; `{id}` at most once. */
  path: string
  /** The name under which calls are counted and faults are aimed. */
  endpoint: string
  bucket: Bucket
  /** What an id that is no uuid is answered with; absent where ids are not uuids. */
  invalidId?: string
  open?: boolean
  query?: string[]
  fields?: string[]
  handle: (call: Call) => Answer
}

export const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  ...(headers === undefined ? {} : { headers }),
})
export const created = (body: unknown): Answer => ({ status: 201, body })

/** The list envelope. `limit` 100 unless given, at least 1. Throws 400 on anything but whole numbers. */
export function pageOf(call: Call, rows: unknown[]): Answer {
  const limit = wholeNumber(call, 'limit', 100, 1)
  const offset = wholeNumber(call, 'offset', 0, 0)
  const link = (at: number): string => {
    const url = new URL(call.url)
    url.searchParams.set('limit', String(limit))
    url.searchParams.set('offset', String(at))
    return url.href
  }
  return ok({
    count: rows.length,
    next: offset + limit < rows.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results: rows.slice(offset, offset + limit),
  })
}

function wholeNumber(call: Call, name: string, otherwise: number, least: number): number {
  const text = call.query.get(name)
  if (text === null) return otherwise
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw flat(400, `Invalid ${name}`, `${name} must be a whole number of at least ${least}.`)
  return Number(text)
}
