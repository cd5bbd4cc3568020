import { notFound } from '../../base/errors.ts'
import { type Id, isId, type TenantId, uuidOf } from '../../base/ids.ts'
import { listBody, listExample, listSchema, listScoped } from '../../http/list.ts'
import { listAnswer } from '../../http/list-answer.ts'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { changePayout } from './change-payout.ts'
import type { PayoutDeps } from './deps.ts'
import { itemOf, listItems } from './item-queries.ts'
import { getPayout, payoutOf } from './queries.ts'
import {
  ITEM_LIST,
  itemExample,
  itemListQuery,
  itemSchema,
  ITEMS_SHOWN,
  listedPayoutExample,
  listedPayoutSchema,
  patchPayoutSchema,
  PAYOUT_CSV,
  PAYOUT_LIST,
  payoutExample,
  payoutListQuery,
  payoutSchema,
  presentItem,
  presentListed,
  presentPayout,
} from './schemas.ts'

export function payoutRoutes(deps: Pick<PayoutDeps, 'store' | 'lines'>): Route[] {
  const { store } = deps
  const exists = async (tenantId: TenantId, id: string): Promise<Id<'pout'>> => {
    if (!isId('pout', id) || !(await store.read(tenantId, (tx) => getPayout(tx, id)))) throw notFound()
    return id
  }
  const whole = (tenantId: TenantId, id: Id<'pout'>) =>
    store.read(tenantId, async (tx) => {
      const payout = await getPayout(tx, id)
      if (!payout) throw notFound()
      return presentPayout(payout, await listItems(tx, id, ITEMS_SHOWN))
    })
  return [
    tenantRoute({
      operationId: 'listPayouts',
      method: 'GET',
      path: '/payouts',
      tag: 'Payouts',
      summary: 'List payouts',
      description:
        'What Stripe sends to the bank or takes from it, newest first, with how far each is explained; the items stand in the single payout. With `Accept: text/csv` all payouts that match the filters come as one file.',
      permission: 'payouts:read',
      query: payoutListQuery,
      csv: true,
      answers: {
        200: {
          description: 'A page of payouts',
          schema: listSchema(listedPayoutSchema),
          example: listExample(listedPayoutExample),
        },
      },
      handle: (context) =>
        listAnswer(context, {
          read: (work) => store.read(context.caller.tenantId, work),
          look: (work) => store.look(context.caller.tenantId, work),
          source: PAYOUT_LIST,
          present: (row) => presentListed(payoutOf(row)),
          csv: PAYOUT_CSV,
        }),
    }),
    tenantRoute({
      operationId: 'getPayout',
      method: 'GET',
      path: '/payouts/{id}',
      tag: 'Payouts',
      summary: 'Read a payout with what it is made of',
      description:
        'The items are the movements of the Stripe balance that the payout took: charges, refunds, disputes, fees, what was held back, an earlier payout that came back. `explained` adds them up: amount = items_total − fees_total + difference. A difference that is not zero is unexplained; Payymo reads the list again.',
      permission: 'payouts:read',
      params: pathId,
      answers: { 200: { description: 'The payout', schema: payoutSchema, example: payoutExample } },
      handle: async ({ caller, params: { id } }) => {
        if (!isId('pout', id)) throw notFound()
        return ok(await whole(caller.tenantId, id))
      },
    }),
    tenantRoute({
      operationId: 'listPayoutItems',
      method: 'GET',
      path: '/payouts/{id}/items',
      tag: 'Payouts',
      summary: 'List what a payout is made of',
      description: 'All items, however many, newest first.',
      permission: 'payouts:read',
      params: pathId,
      query: itemListQuery,
      answers: {
        200: { description: 'A page of items', schema: listSchema(itemSchema), example: listExample(itemExample) },
      },
      find: async ({ caller, params: { id } }) => void (await exists(caller.tenantId, id)),
      handle: async ({ caller, params: { id }, query, requestId }) => {
        const payoutId = await exists(caller.tenantId, id)
        const page = await store.read(caller.tenantId, (tx) =>
          listScoped<{ id: string }>(tx, ITEM_LIST, query, {
            sql: 'i.tenant_id = $1 and i.payout_id = $2',
            values: [tx.tenantUuid, uuidOf(payoutId)],
          }),
        )
        return ok(listBody(page, (row) => presentItem(itemOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'changePayout',
      method: 'PATCH',
      path: '/payouts/{id}',
      tag: 'Payouts',
      summary: 'Say which line of the bank a payout is',
      description:
        'Payymo finds the line by itself where it is certain; otherwise `bank_candidates` names those that may be it. The line chosen becomes a transfer between own accounts (`match_status` `transfer`) and pays no invoice; its amount may differ from the payout where the bank took a fee. With null the line is matched with invoices again, and Payymo does not take it for this payout any more.',
      permission: 'payouts:write',
      params: pathId,
      body: patchPayoutSchema,
      bodyExample: { bank_transaction_id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab' },
      answers: { 200: { description: 'The payout as it is now', schema: payoutSchema, example: payoutExample } },
      find: async ({ caller, params: { id } }) => void (await exists(caller.tenantId, id)),
      handle: async ({ caller, params: { id }, body }) => {
        const payoutId = id as Id<'pout'>
        await changePayout(deps, caller.tenantId, caller.actor, payoutId, body.bank_transaction_id)
        return ok(await whole(caller.tenantId, payoutId))
      },
    }),
  ]
}
