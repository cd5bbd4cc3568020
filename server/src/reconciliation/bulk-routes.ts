import { z } from 'zod'
import type { Store } from '../events/store.ts'
import { ok, type Route, tenantRoute } from '../http/route.ts'
import { idSchema } from '../http/validate.ts'
import { decideMany } from './decide-many.ts'
import { matchExample, STATES } from './schemas.ts'

/** Matches decided by one call. */
const IDS_MAX = 1_000

const bulkSchema = z.strictObject({
  ids: z
    .array(idSchema('match'))
    .min(1, 'Must hold at least one match')
    .max(IDS_MAX, `Must hold at most ${IDS_MAX} matches`)
    .refine((ids) => new Set(ids).size === ids.length, 'Must not hold the same match twice')
    .describe('The matches, each once.'),
  status: z
    .enum(['approved', 'rejected', 'reversed'])
    .describe(
      'As in PATCH /invoice-matches/{id}: `approved` books them, `rejected` never proposes them again, `reversed` takes them back.',
    ),
})

const bulkResultSchema = z
  .object({
    results: z.array(
      z.object({
        id: idSchema('match'),
        status: z.enum(STATES).nullable().describe('What the match is now; null where it was not decided.'),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'BulkDecision' })

const OTHER = 'match_01jrfzq4v8m2k9d7t5x3w1c0ac'

/** Many matches decided by one call. */
export function bulkRoutes(deps: { store: Store; report(error: unknown): void }): Route[] {
  return [
    tenantRoute({
      operationId: 'decideInvoiceMatches',
      method: 'POST',
      path: '/invoice-matches/bulk',
      tag: 'Matches',
      summary: 'Approve, reject or reverse up to 1000 matches',
      description:
        'Each match is decided for itself, as by `PATCH /invoice-matches/{id}`: one that cannot be decided says why and holds up no other. A match that is already as wanted counts as done. An applied match that is being reversed stays `applied` until its payments are taken back. What does not fit into the time of one request ends as `service_unavailable`, unchanged: send those again.',
      permission: 'matches:write',
      resumable: true,
      body: bulkSchema,
      bodyExample: { ids: [matchExample.id, OTHER], status: 'approved' },
      answers: {
        200: {
          description: 'What became of each match, in the order given',
          schema: bulkResultSchema,
          example: {
            results: [
              { id: matchExample.id, status: 'approved', error: null },
              {
                id: OTHER,
                status: null,
                error: {
                  code: 'resource_conflict',
                  message: 'This match is rejected and cannot be approved any more.',
                },
              },
            ],
          },
        },
      },
      handle: async ({ caller, body }) => ok({ results: await decideMany(deps, caller.tenantId, caller.actor, body) }),
    }),
  ]
}
