import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import { isId } from '../base/ids.ts'
import { jsonAmount } from '../base/json.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listQuery, listSchema } from '../http/list.ts'
import { cataloguePage } from '../http/list-catalogue.ts'
import { ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { getTransaction } from '../transactions/index.ts'
import { type HistoryEntry, readHistory } from './read-history.ts'
import { matchExample, matchSchema, presentMatch } from './schemas.ts'

const historySchema = z
  .object({
    id: z
      .string()
      .describe(
        'Of the audit row or the alert that tells of it; of the transaction where it was recorded without one.',
      ),
    at: z.string(),
    action: z
      .string()
      .describe('As in the audit trail, such as `match.approve`; `alert.open` for what people were told to look at.'),
    text: z.string().describe('The same as a sentence.'),
    actor: z
      .object({ type: z.string(), id: z.string(), name: z.string() })
      .nullable()
      .describe('The person, key or application that did it, or Payymo itself; null for alerts.'),
    resource: z.object({ type: z.string(), id: z.string() }),
    match: matchSchema
      .pick({ id: true, confidence: true, score: true, reasons: true, withheld: true, allocations: true })
      .nullable()
      .describe('Of entries about a match: what it proposes, and why.'),
    payment: z
      .object({
        invoice_id: z.string(),
        invoice_number: z.string(),
        amount: z.number(),
        currency: z.string(),
        transaction_reference: z.string(),
      })
      .nullable()
      .describe('Of entries about a payment: what is booked, and under which id.'),
    gateway: z
      .string()
      .nullable()
      .optional()
      .describe(
        'Of money that a gateway of the billing system recorded: its name there, empty where it is not known; null for all else.',
      ),
    changes: z.object({}).loose().nullable().describe('Before and after, as in the audit trail.'),
  })
  .meta({ id: 'TransactionHistoryEntry' })

function presentEntry(entry: HistoryEntry): unknown {
  const { match, payment } = entry
  const shown = match && presentMatch(match)
  return {
    id: entry.id,
    at: isoSeconds(entry.at),
    action: entry.action,
    text: entry.text,
    actor: entry.actor,
    resource: entry.resource,
    match: shown && {
      id: shown.id,
      confidence: shown.confidence,
      score: shown.score,
      reasons: shown.reasons,
      withheld: shown.withheld,
      allocations: shown.allocations,
    },
    payment: payment && {
      invoice_id: payment.invoiceId,
      invoice_number: payment.invoiceNumber,
      amount: jsonAmount(payment.amountMinor, payment.currency),
      currency: payment.currency,
      transaction_reference: payment.transid,
    },
    gateway: entry.gateway,
    changes: entry.changes,
  }
}

const historyQuery = listQuery({
  filters: {},
  sortable: { at: { sql: '', kind: 'time' } },
  search: [],
  times: { created: '', updated: '' },
})

/** Why a line is what it is. */
export function historyRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listTransactionHistory',
      method: 'GET',
      path: '/transactions/{id}/history',
      tag: 'Transactions',
      summary: 'What happened to a transaction',
      description:
        'Everything, newest first: recorded, proposed and why, decided and by whom, booked and under which id, taken back, noted on, and what people were told to look at. `sort=at` tells it from the beginning.',
      permission: 'transactions:read',
      params: pathId,
      query: historyQuery,
      answers: {
        200: {
          description: 'A page of what happened',
          schema: listSchema(historySchema),
          example: listExample({
            id: 'aud_01jrfzq4v8m2k9d7t5x3w1c0ab',
            at: '2025-04-10T14:35:22Z',
            action: 'match.approve',
            text: 'The match with INV-2025-001 was approved.',
            actor: { type: 'user', id: 'usr_01jrfzq4v8m2k9d7t5x3w1c0ab', name: 'Ada Marlow' },
            resource: { type: 'match', id: matchExample.id },
            match: {
              id: matchExample.id,
              confidence: matchExample.confidence,
              score: matchExample.score,
              reasons: matchExample.reasons,
              withheld: [],
              allocations: matchExample.allocations,
            },
            payment: null,
            changes: { before: { status: 'suggested' }, after: { status: 'approved' } },
          }),
        },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('txn', id) || !(await store.read(caller.tenantId, (tx) => getTransaction(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id }, query, requestId }) => {
        if (!isId('txn', id)) throw notFound()
        const history = await store.read(caller.tenantId, async (tx) => {
          const line = await getTransaction(tx, id)
          if (!line) throw notFound()
          return readHistory(tx, line)
        })
        const since = query.updated_since === undefined ? -Infinity : Date.parse(query.updated_since)
        const rows = history.filter(({ at }) => at.getTime() >= since)
        const page = cataloguePage(
          {
            name: `history of ${id}`,
            // In order already: asked for by the moment, the catalogue keeps it or turns it round.
            rows: query.sort === undefined ? rows.toReversed() : rows,
            id: (entry) => entry.id,
            sortable: {},
            texts: (entry) => [entry.text, entry.action, entry.actor?.name ?? ''],
          },
          query,
        )
        return ok(listBody(page, presentEntry, requestId))
      },
    }),
  ]
}
