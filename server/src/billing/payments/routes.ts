import { notFound } from '../../base/errors.ts'
import { type Id, isId } from '../../base/ids.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import type { PaymentDeps } from './deps.ts'
import { getPayment, paymentOf } from './queries.ts'
import { resolvePayment } from './resolve-payment.ts'
import {
  PAYMENT_LIST,
  paymentExample,
  paymentListQuery,
  paymentSchema,
  presentPayment,
  resolveSchema,
} from './schemas.ts'

export function paymentRoutes(deps: Pick<PaymentDeps, 'store' | 'onSettled'>): Route[] {
  const { store } = deps
  return [
    tenantRoute({
      operationId: 'listPayments',
      method: 'GET',
      path: '/payments',
      tag: 'Payments',
      summary: 'List payments',
      description:
        'What approved matches book on invoices, newest first. On invoices of WHMCS it is sent there: `state=quarantined` is what waits for a person; `unknown` means that WHMCS gave no clear answer and Payymo looks before it does anything. On invoices recorded by API a payment is `applied` at once, and nothing is sent.',
      permission: 'payments:read',
      query: paymentListQuery,
      answers: {
        200: {
          description: 'A page of payments',
          schema: listSchema(paymentSchema),
          example: listExample(paymentExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, PAYMENT_LIST, query))
        return ok(listBody(page, (row) => presentPayment(paymentOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getPayment',
      method: 'GET',
      path: '/payments/{id}',
      tag: 'Payments',
      summary: 'Read a payment',
      permission: 'payments:read',
      params: pathId,
      answers: { 200: { description: 'The payment', schema: paymentSchema, example: paymentExample } },
      handle: async ({ caller, params: { id } }) => {
        const payment = isId('pay', id) ? await store.read(caller.tenantId, (tx) => getPayment(tx, id)) : undefined
        if (!payment) throw notFound()
        return ok(presentPayment(payment))
      },
    }),
    tenantRoute({
      operationId: 'resolvePayment',
      method: 'POST',
      path: '/payments/{id}/resolve',
      tag: 'Payments',
      summary: 'Decide about a payment that waits for a person',
      description:
        'Only payments in WHMCS ever wait. A quarantined payment: `applied`: it is in WHMCS already. `retry`: send it again, after a fresh look-up. `drop`: do not send it; its match has failed and the money is free again. A payment whose taking-back waits (`undo.state` is `needs_person`): `applied`: it is taken back, by whatever hand; WHMCS is not touched. `retry`: Payymo looks again and goes on where it stopped. `drop`: the payment stays booked; 409 when its money is out already. Any other state answers 409.',
      permission: 'payments:write',
      params: pathId,
      body: resolveSchema,
      bodyExample: { resolution: 'applied' },
      answers: { 200: { description: 'The payment as it is now', schema: paymentSchema, example: paymentExample } },
      find: async ({ caller, params: { id } }) => {
        if (!isId('pay', id) || !(await store.read(caller.tenantId, (tx) => getPayment(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id }, body }) =>
        ok(presentPayment(await resolvePayment(deps, caller.tenantId, caller.actor, id as Id<'pay'>, body.resolution))),
    }),
  ]
}
