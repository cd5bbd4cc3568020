import { notFound } from '../../base/errors.ts'
import { type Id, isId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { created, ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { getInvoice } from '../invoices/queries.ts'
import { invoiceExample, invoiceSchema, presentInvoice } from '../invoices/schemas.ts'
import { changeInvoice } from './change-invoice.ts'
import { createInvoice } from './create-invoice.ts'
import { patchInvoiceSchema, postInvoiceExample, postInvoiceSchema } from './schemas.ts'

export function apiBillingRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'createInvoice',
      method: 'POST',
      path: '/invoices',
      tag: 'Invoices',
      summary: 'Record an invoice',
      description:
        'For tenants whose billing is not WHMCS; the invoice has `source` `api`. Money that fits is matched as ever; approval applies at once: the balance goes down, and at zero the invoice is paid (event `invoice.paid`). A number or an external id counts once: the same again is 409.',
      permission: 'invoices:write',
      body: postInvoiceSchema,
      bodyExample: postInvoiceExample,
      answers: { 201: { description: 'Recorded', schema: invoiceSchema, example: byApiExample } },
      handle: async ({ caller, body }) => {
        const row = await createInvoice(store, caller.tenantId, caller.actor, body)
        return created(`/invoices/${row.id}`, presentInvoice(row))
      },
    }),
    tenantRoute({
      operationId: 'updateInvoice',
      method: 'PATCH',
      path: '/invoices/{id}',
      tag: 'Invoices',
      summary: 'Change an invoice that was recorded by API',
      description:
        'Merges what is given; null restores the default. Payments that Payymo has applied stay as they are: what is open and what they stand for is together at most the total. An invoice mirrored from WHMCS is changed there: 409.',
      permission: 'invoices:write',
      params: pathId,
      body: patchInvoiceSchema,
      bodyExample: { total: 1300.0, due_on: '2025-04-30' },
      answers: {
        200: {
          description: 'The invoice as it is now',
          schema: invoiceSchema,
          example: { ...byApiExample, total: 1300.0, balance: 1300.0, due_on: '2025-04-30' },
        },
      },
      find: async ({ caller, params: { id } }) => {
        if (!isId('inv', id) || !(await store.read(caller.tenantId, (tx) => getInvoice(tx, id)))) throw notFound()
      },
      handle: async ({ caller, params: { id }, body }) =>
        ok(presentInvoice(await changeInvoice(store, caller.tenantId, caller.actor, id as Id<'inv'>, body))),
    }),
  ]
}

const byApiExample = {
  ...invoiceExample,
  ...postInvoiceExample,
  source: 'api',
  whmcs_instance_id: null,
  status: 'unpaid',
  balance: postInvoiceExample.total,
  client: { id: invoiceExample.client.id, ...postInvoiceExample.client },
}
