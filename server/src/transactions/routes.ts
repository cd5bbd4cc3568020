import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import { isId } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { listExample, listSchema } from '../http/list.ts'
import { listAnswer } from '../http/list-answer.ts'
import { created, ok, type Route, tenantRoute } from '../http/route.ts'
import { pathId } from '../http/validate.ts'
import { changeTransaction } from './change-transaction.ts'
import { postBatch, postTransaction } from './post-transactions.ts'
import { getClientOf, getProviderData, getTransaction, type ListedTransaction } from './queries.ts'
import {
  batchResultSchema,
  batchSchema,
  patchTransactionSchema,
  postTransactionSchema,
  presentListed,
  presentTransaction,
  TRANSACTION_CSV,
  TRANSACTION_LIST,
  TRANSACTIONS_WITH_CLIENT,
  transactionExample,
  transactionListQuery,
  transactionSchema,
} from './schemas.ts'

const BATCH_LIMIT_BYTES = 4 * 1024 * 1024

export function transactionRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listTransactions',
      method: 'GET',
      path: '/transactions',
      tag: 'Transactions',
      summary: 'List transactions',
      description:
        'Money in and out, from banks, files, Stripe and the API, newest first. With `Accept: text/csv` all transactions that match the filters come as one file; then `page`, `per_page` and `cursor` do not matter.',
      permission: 'transactions:read',
      query: transactionListQuery,
      csv: true,
      answers: {
        200: {
          description: 'A page of transactions',
          schema: listSchema(transactionSchema),
          example: listExample(transactionExample),
        },
      },
      handle: ({ query: { expand, ...query }, ...context }) =>
        listAnswer(
          { ...context, query },
          {
            read: (work) => store.read(context.caller.tenantId, work),
            look: (work) => store.look(context.caller.tenantId, work),
            source: expand === 'client' ? TRANSACTIONS_WITH_CLIENT : TRANSACTION_LIST,
            present: (row: ListedTransaction) => presentListed(row),
            csv: TRANSACTION_CSV,
          },
        ),
    }),
    tenantRoute({
      operationId: 'createTransaction',
      method: 'POST',
      path: '/transactions',
      tag: 'Transactions',
      summary: 'Record a transaction',
      description:
        'For money that another system knows of. Within an account a `transaction_id` counts once: the same again is 409.',
      permission: 'transactions:write',
      body: postTransactionSchema,
      bodyExample: {
        account_id: transactionExample.account_id,
        amount: 1250.0,
        currency: 'GBP',
        transaction_date: '2025-04-10T14:30:00Z',
        transaction_id: '2025041000417',
        description: 'Invoice payment INV-2025-001',
        counterparty: { name: 'Marlow Hosting Co' },
      },
      answers: { 201: { description: 'Recorded', schema: transactionSchema, example: transactionExample } },
      handle: async ({ caller, body }) => {
        const row = await postTransaction(store, caller.tenantId, caller.actor, body)
        return created(`/transactions/${row.id}`, presentTransaction(row))
      },
    }),
    tenantRoute({
      operationId: 'createTransactionBatch',
      method: 'POST',
      path: '/transactions/batch',
      tag: 'Transactions',
      summary: 'Record up to 1000 transactions',
      description:
        'Each line is judged for itself: `created`, `duplicate` (with the id it has) or `invalid` (with the reason).',
      permission: 'transactions:write',
      body: batchSchema,
      bodyExample: {
        transactions: [
          {
            account_id: transactionExample.account_id,
            amount: 49.0,
            currency: 'GBP',
            transaction_date: '2025-04-10',
            transaction_id: 'a-1',
          },
        ],
      },
      bodyLimitBytes: BATCH_LIMIT_BYTES,
      answers: {
        200: {
          description: 'What became of each line, in the order given',
          schema: batchResultSchema,
          example: { results: [{ index: 0, status: 'created', id: transactionExample.id, error: null }] },
        },
      },
      handle: async ({ caller, body }) =>
        ok({ results: await postBatch(store, caller.tenantId, caller.actor, body.transactions) }),
    }),
    tenantRoute({
      operationId: 'getTransaction',
      method: 'GET',
      path: '/transactions/{id}',
      tag: 'Transactions',
      summary: 'Read a transaction',
      permission: 'transactions:read',
      params: pathId,
      query: z.strictObject({
        expand: z
          .enum(['provider_data', 'client'])
          .optional()
          .describe(
            '`provider_data`: what the bank sent for this line, as it sent it; null for lines that no bank sent. `client`: whose invoice it pays, as `client_id`.',
          ),
      }),
      answers: { 200: { description: 'The transaction', schema: transactionSchema, example: transactionExample } },
      handle: async ({ caller, params: { id }, query: { expand } }) => {
        if (!isId('txn', id)) throw notFound()
        return store.read(caller.tenantId, async (tx) => {
          const row = await getTransaction(tx, id)
          if (!row) throw notFound()
          if (expand === undefined) return ok(presentTransaction(row))
          if (expand === 'client') return ok({ ...presentTransaction(row), client_id: await getClientOf(tx, id) })
          const raw = await getProviderData(tx, id)
          return ok({ ...presentTransaction(row), provider_data: raw === null ? null : (JSON.parse(raw) as unknown) })
        })
      },
    }),
    tenantRoute({
      operationId: 'changeTransaction',
      method: 'PATCH',
      path: '/transactions/{id}',
      tag: 'Transactions',
      summary: 'Set a transaction aside, take it back, or note something on it',
      permission: 'transactions:write',
      params: pathId,
      body: patchTransactionSchema,
      bodyExample: { status: 'ignored', note: 'Deposit of the landlord' },
      answers: {
        200: { description: 'The transaction as it is now', schema: transactionSchema, example: transactionExample },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('txn', id) || !(await store.read(caller.tenantId, (tx) => getTransaction(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id }, body }) => {
        if (!isId('txn', id)) throw notFound()
        return ok(presentTransaction(await changeTransaction(store, caller.tenantId, caller.actor, id, body)))
      },
    }),
  ]
}
