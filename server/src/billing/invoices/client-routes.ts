import { AppError, notFound } from '../../base/errors.ts'
import { type Id, isId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { created, noContent, ok, type Route, type TenantCaller, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { getClient, moneyOfClient } from './client-queries.ts'
import {
  CLIENT_LIST,
  clientDetailsExample,
  clientDetailsSchema,
  clientListQuery,
  clientSchema,
  listedClientExample,
  correctPayerSchema,
  payerExample,
  payerPath,
  payerSchema,
  presentClient,
  presentClientDetails,
  presentPayer,
  teachPayerSchema,
} from './client-schemas.ts'
import { forgetPayer } from './forget-payer.ts'
import { getPayer, payersOf } from './payer-queries.ts'
import { clientOf } from './queries.ts'
import { correctPayer, nobody, teachPayer } from './teach-payer.ts'

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
      operationId: 'teachPayer',
      method: 'POST',
      path: '/clients/{id}/payers',
      tag: 'Invoices',
      summary: 'Say who pays for a client',
      description:
        'A name, an account, or a name on an account. Matching counts it as it counts a decision of a person: it speaks for the client when this payer sends money, less so with the years, and an account named for two clients is taken for shared. Nothing that was booked changes.',
      permission: 'matches:write',
      params: pathId,
      body: teachPayerSchema,
      bodyExample: { name: 'M MARLOW SR', iban: 'GB33BUKB20201555555555' },
      answers: { 201: { description: 'The payer', schema: payerSchema, example: taughtExample } },
      find: ({ caller, params: { id } }) => findClient(store, caller, id),
      handle: async ({ caller, params: { id }, body }) => {
        if (!body.name && !body.iban) throw nobody()
        const payer = await teachPayer(store, caller.tenantId, caller.actor, id as Id<'cli'>, body)
        return created(`/clients/${id}`, presentPayer(payer))
      },
    }),
    tenantRoute({
      operationId: 'correctPayer',
      method: 'PATCH',
      path: '/clients/{id}/payers/{n}',
      tag: 'Invoices',
      summary: 'Correct who pays for a client',
      description:
        'Another name or account, or `pays`: whether it pays for this client. What people decided until now of the payer as it was called, or of one that never pays, counts no longer. Nothing that was booked changes.',
      permission: 'matches:write',
      params: payerPath,
      body: correctPayerSchema,
      bodyExample: { pays: false },
      answers: {
        200: {
          description: 'The payer as it is now',
          schema: payerSchema,
          example: { ...taughtExample, taught: 'never' },
        },
      },
      find: ({ caller, params: { id, n } }) => findClient(store, caller, id, n),
      handle: async ({ caller, params: { id, n }, body }) => {
        if (Object.values(body).every((value) => value === undefined)) throw nothingToDo()
        const at = { clientId: id as Id<'cli'>, n: Number(n) }
        return ok(presentPayer(await correctPayer(store, caller.tenantId, caller.actor, at, body)))
      },
    }),
    tenantRoute({
      operationId: 'forgetPayer',
      method: 'DELETE',
      path: '/clients/{id}/payers/{n}',
      tag: 'Invoices',
      summary: 'Have matching forget who pays for a client',
      description:
        'What people decided and said until now says no longer that this payer pays for this client, or does not. Later decisions teach it again. Nothing that was booked changes.',
      permission: 'matches:write',
      params: payerPath,
      answers: { 204: { description: 'Forgotten' } },
      handle: async ({ caller, params: { id, n } }) => {
        if (!isId('cli', id) || !isNumber(n)) throw notFound()
        await forgetPayer(store, caller.tenantId, caller.actor, { clientId: id, n: Number(n) })
        return noContent()
      },
    }),
  ]
}

const taughtExample = { ...payerExample, payments: 0, last_paid_on: null, taught: 'pays' as const }

const isNumber = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text)

/** Throws `not_found` for an unknown client, and for a number under which nothing is remembered. */
async function findClient(store: Store, caller: TenantCaller, id: string, n?: string): Promise<void> {
  if (!isId('cli', id) || (n !== undefined && !isNumber(n))) throw notFound()
  const found = await store.read(
    caller.tenantId,
    async (tx) => (n === undefined ? await getClient(tx, id) : await getPayer(tx, id, Number(n))) !== undefined,
  )
  if (!found) throw notFound()
}

const nothingToDo = (): AppError =>
  new AppError('invalid_request', 'The request is missing required parameters', {
    details: [{ field: 'name', issue: 'Give name, iban or pays' }],
  })
