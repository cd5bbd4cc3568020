import type { ReceivedRequest, ReceiverAnswer } from './receiver.ts'
import { errorAnswer, listAnswer } from './stripe-answers.ts'

type Thing = Record<string, unknown> & { id: string }

/** What a server of recorded answers has, by path: lists newest first, and single objects. */
export interface Recorded {
  /** `/v1/charges` → its objects; each is served alone as well. */
  lists: Record<string, Thing[]>
  /** `/v1/account` → the object. */
  single?: Record<string, unknown>
  /** Keeps an object of a list by a filter that is none of limit, cursor, time or `expand`. */
  keeps?(thing: Thing, filter: string, value: string): boolean
  /** Speaks first, where it has something to say. */
  first?(request: ReceivedRequest): ReceiverAnswer | undefined
}

/** Answers as Stripe does: newest first, `ending_before` next to its cursor, cursors that must exist. */
export function answerRecorded(recorded: Recorded, request: ReceivedRequest): ReceiverAnswer {
  const spoken = recorded.first?.(request)
  if (spoken) return spoken
  const url = new URL(request.path, 'http://stripe.test')
  const things = recorded.lists[url.pathname]
  if (things) return listOf(things, url.searchParams, recorded)
  const [, path, id] = /^(.*)\/([^/]+)$/.exec(url.pathname) ?? []
  const found = recorded.single?.[url.pathname] ?? recorded.lists[path ?? '']?.find((each) => each.id === id)
  return found === undefined ? refused(404, { code: 'resource_missing', param: 'id' }) : json(found)
}

const json = (body: unknown, status = 200): ReceiverAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body, undefined, 2),
})
const refused = (status: number, fields: Record<string, unknown>): ReceiverAnswer => json(errorAnswer(fields), status)

function listOf(things: Thing[], query: URLSearchParams, recorded: Recorded): ReceiverAnswer {
  let rows = things
  for (const [name, value] of query) {
    const range = /^(created|arrival_date)\[gte\]$/.exec(name)?.[1]
    if (range) rows = rows.filter((each) => Number(each[range]) >= Number(value))
    else if (!/^(limit|starting_after|ending_before|expand\[\d+\])$/.test(name)) {
      if (!recorded.keeps) return refused(400, { code: 'parameter_unknown', param: name })
      rows = rows.filter((each) => recorded.keeps!(each, name, value))
    }
  }
  const limit = Number(query.get('limit') ?? 10)
  for (const param of ['starting_after', 'ending_before'] as const) {
    const cursor = query.get(param)
    if (cursor === null) continue
    const at = things.findIndex((each) => each.id === cursor)
    if (at < 0) return refused(400, { code: 'resource_missing', param })
    const beyond = things.slice(0, at)
    const left = rows.filter((each) => (param === 'ending_before') === beyond.includes(each) && each.id !== cursor)
    return param === 'ending_before'
      ? json(listAnswer(left.slice(-limit), left.length > limit))
      : json(listAnswer(left.slice(0, limit), left.length > limit))
  }
  return json(listAnswer(rows.slice(0, limit), rows.length > limit))
}
