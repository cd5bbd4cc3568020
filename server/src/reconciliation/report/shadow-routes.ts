import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { jsonAmount } from '../../base/json.ts'
import type { Store } from '../../events/store.ts'
import { cellsOf, csvLine } from '../../http/csv.ts'
import { listBody, listExample, listSchema } from '../../http/list.ts'
import { wantsCsv } from '../../http/list-answer.ts'
import { cataloguePage } from '../../http/list-catalogue.ts'
import { type Answer, ok, type Route, tenantRoute } from '../../http/route.ts'
import { idSchema } from '../../http/validate.ts'
import { matchExample, matchSchema, presentMatch } from '../schemas.ts'
import { readShadow, type ShadowRow } from './read-shadow.ts'
import { rangeQuery } from './schemas.ts'

const OUTCOMES = ['same', 'other', 'open'] as const
const { allocations: allocationsSchema } = matchSchema.shape

const rowSchema = z
  .object({
    transaction_id: idSchema('txn'),
    at: z.string().describe('When Payymo would have applied it.'),
    amount: z.number().describe('Of the transaction.'),
    currency: z.string(),
    confidence: z.number(),
    allocations: allocationsSchema.describe('What it would have booked.'),
    outcome: z
      .enum(OUTCOMES)
      .describe(
        '`same`: people decided the same, or booked the same in the billing system. `other`: they decided otherwise. `open`: not decided yet.',
      ),
    decided: matchSchema
      .pick({ id: true, status: true, allocations: true, decided_by: true })
      .nullable()
      .describe('The decision in Payymo, where there is one.'),
  })
  .meta({ id: 'ShadowDecision' })

const summarySchema = z
  .object({
    from: z.string(),
    to: z.string(),
    would_have_applied: z.int(),
    same: z.int(),
    other: z.int(),
    open: z.int(),
    share: z.number().nullable().describe('Of those decided, the share that people decided the same.'),
  })
  .meta({ id: 'ShadowSummary' })

const rawNumber = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)

function presentRow({ shadow, line, numbers, outcome, decided }: ShadowRow): unknown {
  const match = decided && presentMatch(decided)
  return {
    transaction_id: line.id,
    at: isoSeconds(shadow.at),
    amount: jsonAmount(line.amountMinor, line.currency),
    currency: line.currency,
    confidence: rawNumber(shadow.confidence),
    allocations: shadow.allocations.map(({ invoiceId, amountMinor, currency }) => ({
      invoice_id: invoiceId,
      invoice_number: numbers.get(invoiceId) ?? '',
      amount: jsonAmount(amountMinor, currency),
      currency,
    })),
    outcome,
    decided: match && {
      id: match.id,
      status: match.status,
      allocations: match.allocations,
      decided_by: match.decided_by,
    },
  }
}

const COLUMNS = ['at', 'transaction_id', 'amount', 'currency', 'confidence', 'outcome', 'decided.id', 'decided.status']

/** What automation would have done, before it is switched on. */
export function shadowRoutes({ store, now }: { store: Store; now(): Date }): Route[] {
  return [
    tenantRoute({
      operationId: 'reportShadow',
      method: 'GET',
      path: '/reports/shadow',
      tag: 'Reports',
      summary: 'What Payymo would have applied in mode shadow, and what people decided',
      description:
        'One row for each transaction that mode `auto` would have applied while the mode was `shadow`, newest first, held against what people decided since: in Payymo, or by booking it in the billing system. At most the newest 10,000. With `Accept: text/csv` all rows come as one file.',
      permission: 'reports:read',
      query: rangeQuery.extend({ outcome: z.enum(OUTCOMES).optional() }),
      csv: true,
      answers: {
        200: {
          description: 'A page of what would have been applied, and a summary',
          schema: listSchema(rowSchema).extend({ summary: summarySchema }),
          example: {
            ...(listExample({
              transaction_id: matchExample.transaction_id,
              at: '2025-04-10T14:35:22Z',
              amount: 1250,
              currency: 'GBP',
              confidence: 0.9981,
              allocations: matchExample.allocations,
              outcome: 'same',
              decided: {
                id: matchExample.id,
                status: 'applied',
                allocations: matchExample.allocations,
                decided_by: 'usr_01jrfzq4v8m2k9d7t5x3w1c0ab',
              },
            }) as object),
            summary: {
              from: '2025-03-12',
              to: '2025-04-10',
              would_have_applied: 412,
              same: 398,
              other: 1,
              open: 13,
              share: 0.9975,
            },
          },
        },
        422: { description: 'The range ends before it begins, or holds more than 400 days' },
      },
      handle: async ({ caller, query, requestId, header }) => {
        const { rows: all, range } = await store.read(caller.tenantId, (tx) => readShadow(tx, query, now()))
        const since = query.updated_since === undefined ? -Infinity : Date.parse(query.updated_since)
        const rows = all.filter(
          ({ outcome, shadow }) =>
            (query.outcome === undefined || outcome === query.outcome) && shadow.at.getTime() >= since,
        )
        if (wantsCsv(header('accept'))) return file(query.sort === 'date' ? rows.toReversed() : rows)
        const page = cataloguePage(
          {
            name: `shadow ${range.from} ${range.to}`,
            rows,
            id: ({ line }) => line.id,
            sortable: { date: ({ shadow }) => shadow.at.toISOString() },
          },
          query,
        )
        const of = (outcome: ShadowRow['outcome']) => all.filter((row) => row.outcome === outcome).length
        const [same, other, open] = [of('same'), of('other'), of('open')]
        const share = same + other === 0 ? null : Math.round((same / (same + other)) * 10_000) / 10_000
        const summary = { ...range, would_have_applied: all.length, same, other, open, share }
        const body = listBody(page, presentRow, requestId) as object
        return { ...ok({ ...body, summary }), headers: { vary: 'accept' } }
      },
    }),
  ]
}

const file = (rows: readonly ShadowRow[]): Answer => ({
  status: 200,
  body: [csvLine(COLUMNS), ...rows.map((row) => csvLine(cellsOf(presentRow(row), COLUMNS)))].join(''),
  headers: {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="shadow.csv"',
    vary: 'accept',
  },
})
