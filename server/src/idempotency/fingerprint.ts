import { createHash, type Hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { canonicalJson } from '../base/json.ts'
import type { Caller, Route, RouteContext } from '../http/route.ts'

type Context = RouteContext<Caller | null, unknown, unknown, unknown>

/** SHA-256 of what makes a request this request: method, route, ids in the path, query, body and who calls. JSON counts by its
 *  content (order of keys and spaces do not matter, digits do), a file by its bytes, a form without its boundary, which
 *  clients draw anew for each try. */
export async function fingerprint(context: Context, route: Route): Promise<Buffer> {
  const { actor } = context.caller!
  const type = (context.header('content-type') ?? '').trim()
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify([
      route.method,
      route.path,
      sorted(context.params),
      sorted(context.query),
      actor.type,
      actor.id,
      route.rawBody ? type.split(';')[0]!.trim().toLowerCase() : 'json',
    ]),
  )
  if (route.rawBody) await addFile(hash, context.rawBody, boundaryOf(type))
  else hash.update(contentOf(context.rawBody))
  return hash.digest()
}

/** No body and an empty object mean the same to every operation. What is not JSON stands for itself: it is refused later. */
function contentOf(body: Buffer): string | Buffer {
  if (body.length === 0) return '{}'
  try {
    return canonicalJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return body
  }
}

/** Hashing stops nobody for longer than about 10 ms. */
const SLICE_BYTES = 4 * 1024 * 1024

async function addFile(hash: Hash, body: Buffer, boundary: string | undefined): Promise<void> {
  let from = 0
  for (const end of endsOf(body, boundary)) {
    hash.update(`${end - from}:`)
    for (; end - from > SLICE_BYTES; from += SLICE_BYTES) {
      hash.update(body.subarray(from, from + SLICE_BYTES))
      await setImmediate()
    }
    hash.update(body.subarray(from, end))
    from = end + (boundary?.length ?? 0)
  }
}

/** A form has a handful of parts; whoever sends more than these is not retrying an upload. */
const PARTS_MAX = 100

/** Where the parts between boundaries end; without a boundary the whole is one. */
function endsOf(body: Buffer, boundary: string | undefined): number[] {
  const ends: number[] = []
  if (boundary !== undefined) {
    let at = body.indexOf(boundary, 0, 'latin1')
    while (at !== -1 && ends.length < PARTS_MAX) {
      ends.push(at)
      at = body.indexOf(boundary, at + boundary.length, 'latin1')
    }
  }
  return [...ends, body.length]
}

function boundaryOf(contentType: string): string | undefined {
  const found = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)
  return found?.[1] ?? found?.[2]
}

const sorted = (values: unknown): [string, unknown][] =>
  Object.entries((values ?? {}) as Record<string, unknown>).sort(([one], [other]) => (one < other ? -1 : 1))
