import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { readJson } from '../base/json.ts'
import type { Route } from './route.ts'
import { check } from './validate.ts'

const QUERY_PARAMETERS_MAX = 100

/** Query and body in their shapes. Throws one `invalid_request` with all faults, wherever they stand. */
export function readRequest(request: FastifyRequest, route: Route, raw: Buffer): { query: unknown; body: unknown } {
  const faults: AppError[] = []
  const read = <T>(step: () => T): T | undefined => {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof AppError) || error.details.length === 0) throw error
      faults.push(error)
      return undefined
    }
  }
  const query = read(() => checkQuery(route, request.query as Record<string, unknown>))
  const body = route.rawBody ? undefined : read(() => check(route.body ?? NO_FIELDS, readBody(raw), 'body'))
  if (faults.length === 1) throw faults[0]!
  if (faults.length > 1) {
    throw new AppError('invalid_request', faults.at(-1)!.message, { details: faults.flatMap((fault) => fault.details) })
  }
  return { query, body: route.body ? body : undefined }
}

/** What is not JSON, or packed, is refused before it is looked at. */
export function refuseOtherMedia(request: FastifyRequest, raw: Buffer): void {
  if (raw.length === 0) return
  const { 'content-type': type, 'content-encoding': encoding } = request.headers
  if (type === undefined || !/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(type))
    throw new AppError('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type', 'Send the body as it is, without Content-Encoding')
}

function readBody(raw: Buffer): unknown {
  if (raw.length === 0) return {}
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch (cause) {
    const details = [{ field: 'body', issue: 'Is not valid UTF-8' }]
    throw new AppError('invalid_request', 'The body is not valid UTF-8', { cause, details })
  }
  return readJson(text)
}

const NO_PARAMETERS = z.strictObject({})
/** Operations that take no body take an empty one. */
const NO_FIELDS = z.strictObject({})

/** Stands in the query for more parameters than any operation has. */
const TOO_MANY = `more than ${QUERY_PARAMETERS_MAX}`

/** One value per name: a name given twice shows as an array and is refused by every shape. Called before there is a request to
 *  answer, so it never throws. */
export function readQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > QUERY_PARAMETERS_MAX) return { [TOO_MANY]: '' }
    query[name] = name in query ? [query[name], value].flat() : value
  }
  return query
}

function checkQuery(route: Route, query: Record<string, unknown>): unknown {
  if (TOO_MANY in query) throw faultyQuery('query', `Must have at most ${QUERY_PARAMETERS_MAX} parameters`)
  const faults = Object.entries(query).flatMap(([name, value]) =>
    // Outside the API others write the address: there the route's own shape says what it makes of it.
    Array.isArray(value) && !route.outside
      ? [{ field: name.slice(0, 200), issue: 'Is given twice' }]
      : String(value).includes('\0')
        ? [{ field: name.slice(0, 200), issue: 'Must not hold NUL characters' }]
        : [],
  )
  const named = new Set(faults.map((fault) => fault.field))
  try {
    // Without a prototype zod takes it for no plain object.
    const checked = check(route.query ?? NO_PARAMETERS, { ...query })
    if (faults.length === 0) return checked
  } catch (error) {
    if (!(error instanceof AppError) || faults.length === 0) throw error
    faults.push(...error.details.filter((detail) => !named.has(detail.field)))
  }
  throw new AppError('invalid_request', 'The request contains invalid parameters', { details: faults })
}

const faultyQuery = (field: string, issue: string): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', { details: [{ field, issue }] })

/** Which of two keys would hold is anybody's guess. Node joins them with a comma. */
export function refuseTwoKeys(request: FastifyRequest): void {
  if (timesGiven(request, 'idempotency-key') > 1) throw faultyQuery('Idempotency-Key', 'Is given twice')
}

export const timesGiven = (request: FastifyRequest, header: string): number =>
  request.raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === header).length
