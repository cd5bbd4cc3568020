import { AppError, notFound } from '../base/errors.ts'
import { type Id, isId } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../http/list.ts'
import { accepted, created, ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { getTransaction } from '../transactions/index.ts'
import { approveMatch } from './approve-match.ts'
import { confirmMatch } from './confirm-match.ts'
import { createMatch } from './create-match.ts'
import { findCandidates } from './find-candidates.ts'
import type { JudgeDeps } from './judge-lines.ts'
import { getMatch, matchOf } from './queries.ts'
import { rejectMatch } from './reject-match.ts'
import { releaseMatch } from './release-match.ts'
import { reverseMatch } from './reverse-match.ts'
import {
  candidatesSchema,
  checkedExample,
  createMatchSchema,
  MATCH_LIST,
  matchExample,
  matchListQuery,
  matchSchema,
  namedAllocationExample,
  patchMatchSchema,
  presentMatch,
  reversingExample,
} from './schemas.ts'

export function reconciliationRoutes(deps: JudgeDeps & { store: Store }): Route[] {
  const { store } = deps
  return [
    tenantRoute({
      operationId: 'listInvoiceMatches',
      method: 'GET',
      path: '/invoice-matches',
      tag: 'Matches',
      summary: 'List matches',
      description: 'Proposals and decisions, newest first. `status=suggested` is what waits for a person.',
      permission: 'matches:read',
      query: matchListQuery,
      answers: {
        200: { description: 'A page of matches', schema: listSchema(matchSchema), example: listExample(matchExample) },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, MATCH_LIST, query))
        return ok(listBody(page, (row) => presentMatch(matchOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getInvoiceMatch',
      method: 'GET',
      path: '/invoice-matches/{id}',
      tag: 'Matches',
      summary: 'Read a match',
      permission: 'matches:read',
      params: pathId,
      answers: { 200: { description: 'The match', schema: matchSchema, example: matchExample } },
      handle: async ({ caller, params: { id } }) => {
        const match = isId('match', id) ? await store.read(caller.tenantId, (tx) => getMatch(tx, id)) : undefined
        if (!match) throw notFound()
        return ok(presentMatch(match))
      },
    }),
    tenantRoute({
      operationId: 'createInvoiceMatch',
      method: 'POST',
      path: '/invoice-matches',
      tag: 'Matches',
      summary: 'Say which invoices a transaction pays',
      description:
        'Approved at once unless `apply` is false, and `applied` at once where the invoices were recorded by API. Open suggestions of the transaction are superseded.',
      permission: 'matches:write',
      body: createMatchSchema,
      bodyExample: {
        transaction_id: matchExample.transaction_id,
        allocations: [{ invoice_id: matchExample.allocations[0]!.invoice_id, amount: 1250.0 }],
      },
      answers: { 201: { description: 'The match', schema: matchSchema, example: matchExample } },
      handle: async ({ caller, body }) => {
        const single = body.invoice_id !== undefined && body.amount !== undefined
        if (single === (body.allocations !== undefined)) {
          throw new AppError('invalid_request', 'The request is missing required parameters', {
            details: [{ field: 'allocations', issue: 'Give either allocations, or invoice_id and amount' }],
          })
        }
        const parts = body.allocations ?? [{ invoice_id: body.invoice_id!, amount: body.amount! }]
        const match = await createMatch(store, caller.tenantId, caller.actor, {
          transactionId: body.transaction_id,
          allocations: parts.map((part) => ({ invoiceId: part.invoice_id, amount: part.amount })),
          apply: body.apply ?? true,
        })
        return created(`/invoice-matches/${match.id}`, presentMatch(match))
      },
    }),
    tenantRoute({
      operationId: 'decideInvoiceMatch',
      method: 'PATCH',
      path: '/invoice-matches/{id}',
      tag: 'Matches',
      summary: 'Approve, reject or reverse a match',
      description: REVERSAL,
      permission: 'matches:write',
      params: pathId,
      body: patchMatchSchema,
      bodyExample: { status: 'approved' },
      answers: {
        200: {
          description: 'The match as it is now',
          schema: matchSchema,
          example: { ...matchExample, status: 'approved' },
        },
        202: {
          description:
            'It is being reversed, or is already: `reversal` says how far that is, and what a person must know',
          schema: matchSchema,
          example: reversingExample,
        },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('match', id) || !(await store.read(caller.tenantId, (tx) => getMatch(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id }, body }) => {
        const matchId = id as Id<'match'>
        if (body.status === 'reversed') {
          const match = await reverseMatch(store, caller.tenantId, caller.actor, matchId)
          // Without payments nothing had to be taken back, now or later.
          return match.paymentIds.length === 0 ? ok(presentMatch(match)) : accepted(presentMatch(match))
        }
        const decide = body.status === 'approved' ? approveMatch : rejectMatch
        return ok(presentMatch(await decide(store, caller.tenantId, caller.actor, matchId)))
      },
    }),
    tenantRoute({
      operationId: 'releaseInvoiceMatch',
      method: 'POST',
      path: '/invoice-matches/{id}/release',
      tag: 'Matches',
      summary: 'Let go of a failed match',
      description:
        'Of a match that the billing system refused and of which nothing was booked: it becomes `superseded`, and its money is free to be matched anew, given to other invoices, or set aside. The same invoices are not proposed for it again. 409 when the match is not `failed`, or when a part of it is booked.',
      permission: 'matches:write',
      params: pathId,
      answers: {
        200: {
          description: 'The match as it is now',
          schema: matchSchema,
          example: { ...matchExample, status: 'superseded' },
        },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('match', id) || !(await store.read(caller.tenantId, (tx) => getMatch(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id } }) =>
        ok(presentMatch(await releaseMatch(store, caller.tenantId, caller.actor, id as Id<'match'>))),
    }),
    tenantRoute({
      operationId: 'confirmInvoiceMatch',
      method: 'POST',
      path: '/invoice-matches/{id}/confirm',
      tag: 'Matches',
      summary: 'Say that a spot check is right',
      description:
        'One in a hundred matches that were applied without a person, at most five a day, is drawn by lot for a look: `GET /invoice-matches?spot_check=waiting`. One that is found right counts as a decision of the person from then on: matching learns from it who pays. One that is wrong is taken back as any other (`PATCH` with `reversed`), which answers it too. Without an answer it counts for nothing. 409 when it was not drawn, was answered before, or is taken back.',
      permission: 'matches:write',
      params: pathId,
      answers: {
        200: { description: 'The match as it is now', schema: matchSchema, example: checkedExample },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('match', id) || !(await store.read(caller.tenantId, (tx) => getMatch(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id } }) =>
        ok(presentMatch(await confirmMatch(store, caller.tenantId, caller.actor, id as Id<'match'>))),
    }),
    tenantRoute({
      operationId: 'listTransactionCandidates',
      method: 'GET',
      path: '/transactions/{id}/candidates',
      tag: 'Matches',
      summary: 'The invoices a transaction might pay',
      description:
        'Best first, with the evidence for each, why others were ruled out, and every doubt for which a person has to look.',
      permission: 'matches:read',
      params: pathId,
      answers: {
        200: {
          description: 'Candidates',
          schema: candidatesSchema,
          example: {
            transaction_id: matchExample.transaction_id,
            decision: 'review',
            candidates: [
              {
                allocations: [namedAllocationExample],
                confidence: 0.9731,
                score: 0.9,
                reasons: matchExample.reasons,
              },
            ],
            withheld: [],
            ruled_out: [],
          },
        },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('txn', id) || !(await store.read(caller.tenantId, (tx) => getTransaction(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id } }) => ok(await findCandidates(deps, caller.tenantId, id as Id<'txn'>)),
    }),
  ]
}

const REVERSAL = `Of equal calls at the same moment one wins; the others answer 409.

\`reversed\`, of an applied match, takes its payments back in WHMCS: the money goes out of the invoice under an id of its own, a paid invoice is set to Unpaid again, and what had become credit of the client is taken back. That takes a moment: 202, the match stays \`applied\` with \`reversal\`, and becomes \`reversed\` (event \`match.reversed\`) once WHMCS shows all of it. The same pair is not proposed again. Money booked by hand in WHMCS (\`already_booked\`) is let go of at once, without touching WHMCS: 200. Payments on invoices that were recorded by API (\`source\` \`api\`) are taken back at once: 202 with the match \`reversed\` and \`reversal.state\` \`done\`.

What cannot be undone is said in \`reversal.left\` of this answer, before anything happens: mails that WHMCS sent, services and domains it set up, renewed or unsuspended, credit that the client has used. What WHMCS refuses (permissions, invoices that may not be changed) makes \`reversal.state\` \`needs_person\`, with the steps that remain in \`left\`; when they are done, say so with POST /payments/{id}/resolve.`
