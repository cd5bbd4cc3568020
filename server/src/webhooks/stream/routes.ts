import type { Store } from '../../events/store.ts'
import { type Route, tenantRoute } from '../../http/route.ts'
import { openStream } from './open-stream.ts'
import type { EventTails } from './tail-events.ts'

const EXAMPLE = `retry: 2000

id: evt_01jrfzq4v8m2k9d7t5x3w1c0ab
event: match.approved
data: {"id":"evt_01jrfzq4v8m2k9d7t5x3w1c0ab","event_type":"match.approved","resource":{"type":"match","id":"match_01jrfzq4v8m2k9d7t5x3w1c0ab"},"timestamp":"2025-04-10T14:35:22Z"}

: still here

`

/** The tenant's events as they happen. */
export function streamRoutes(deps: { store: Store; tails: EventTails }): Route[] {
  return [
    tenantRoute({
      operationId: 'streamEvents',
      method: 'GET',
      path: '/events/stream',
      tag: 'Events',
      summary: 'Listen to events',
      description: `Server-sent events: each event of the tenant when it is committed, as what happened to what; the thing itself is read through the API. A comment comes every 15 s.

The stream ends after ten minutes, with the token, and when Payymo restarts. Come again with \`Last-Event-ID\`: what was missed is told first, and perhaps some of what is known already, under the same ids. \`event: reset\` says that more happened than is told one by one (1,000 events, or a day away): read anew what you keep. A tenant may have 20 streams open.`,
      permission: 'webhooks:read',
      live: true,
      answers: { 200: { description: 'A stream that goes on', example: EXAMPLE } },
      handle: async ({ caller, header }) => {
        const { body } = await openStream(deps, caller.tenantId, header('last-event-id'))
        return {
          status: 200,
          body,
          // The last: proxies of the nginx family pass each message on at once.
          headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
        }
      },
    }),
  ]
}
