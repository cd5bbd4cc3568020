import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { noContent, ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { getClient, moneyOfClient } from './client-queries.ts'
import {
  CLIENT_LIST,
  clientDetailsExample,
  clientDetailsSchema,
  clientListQuery,
  clientSchema,
  listedClientExample,
  payerPath,
  presentClient,
  presentClientDetails,
} from './client-schemas.ts'
import { forgetPayer } from './forget-payer.ts'
import { payersOf } from './payer-queries.ts'
import { clientOf } from './queries.ts'

/** Those who owe. What they were billed and what they paid are filters (`client_id`) of invoices, payments and transactions. */
export function clientRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listClients',
      method: 'GET',
      path: '/clients',
      tag: 'Invoices',
      summary: 'List clients',
      description: 'Those who owe or owed the mirrored invoices.',
      permission: 'invoices:read',
      query: clientListQuery,
      answers: {
        200: {
          description: 'A page of clients',
          schema: listSchema(clientSchema),
          example: listExample(listedClientExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const { page, payers } = await store.read(caller.tenantId, async (tx) => {
          const page = await listPage<{ id: string }>(tx, CLIENT_LIST, query)
          return {
            page,
            payers: await payersOf(
              tx,
              page.rows.map((row) => clientOf(row).id),
            ),
          }
        })
        const present = (record: object) => {
          const row = clientOf(record)
          return presentClient(row, payers.get(row.id) ?? [])
        }
        return ok(listBody(page, present, requestId))
      },
    }),
    tenantRoute({
      operationId: 'getClient',
      method: 'GET',
      path: '/clients/{id}',
      tag: 'Invoices',
      summary: 'Read a client',
      description:
        'Who they are, who has paid for them before, and what of their bills is open and paid, by currency. Their invoices, payments and transactions are lists of their own, by `client_id`.',
      permission: 'invoices:read',
      params: pathId,
      answers: { 200: { description: 'The client', schema: clientDetailsSchema, example: clientDetailsExample } },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('cli', id)) throw notFound()
        return store.read(caller.tenantId, async (tx) => {
          const row = await getClient(tx, id)
          if (!row) throw notFound()
          const payers = await payersOf(tx, [id])
          return ok(presentClientDetails(row, payers.get(id) ?? [], await moneyOfClient(tx, id)))
        })
      },
    }),
    tenantRoute({
      operationId: 'forgetPayer',
      method: 'DELETE',
      path: '/clients/{id}/payers/{n}',
      tag: 'Invoices',
      summary: 'Have matching forget who pays for a client',
      description:
        'What people decided until now says no longer that this payer pays for this client, or does not. Later decisions teach it again. Nothing that was booked changes.',
      permission: 'matches:write',
      params: payerPath,
      answers: { 204: { description: 'Forgotten' } },
      handle: async ({ caller, params: { id, n } }) => {
        if (!isId('cli', id) || !/^[1-9]\d{0,8}$/.test(n)) throw notFound()
        await forgetPayer(store, caller.tenantId, caller.actor, { clientId: id, n: Number(n) })
        return noContent()
      },
    }),
  ]
}
