import { notFound } from '../../base/errors.ts'
import { isId } from '../../base/ids.ts'
import type { Store } from '../../events/store.ts'
import { listBody, listExample, listPage, listSchema } from '../../http/list.ts'
import { ok, type Route, tenantRoute } from '../../http/route.ts'
import { pathId } from '../../http/validate.ts'
import { getInvoice, invoiceOf } from './queries.ts'
import { INVOICE_LIST, invoiceExample, invoiceListQuery, invoiceSchema, presentInvoice } from './schemas.ts'

export function invoiceRoutes({ store }: { store: Store }): Route[] {
  return [
    tenantRoute({
      operationId: 'listInvoices',
      method: 'GET',
      path: '/invoices',
      tag: 'Invoices',
      summary: 'List invoices',
      description: 'Open invoices and those closed within 400 days, as last read from the billing system.',
      permission: 'invoices:read',
      query: invoiceListQuery,
      answers: {
        200: {
          description: 'A page of invoices',
          schema: listSchema(invoiceSchema),
          example: listExample(invoiceExample),
        },
      },
      handle: async ({ caller, query, requestId }) => {
        const page = await store.read(caller.tenantId, (tx) => listPage<{ id: string }>(tx, INVOICE_LIST, query))
        return ok(listBody(page, (row) => presentInvoice(invoiceOf(row)), requestId))
      },
    }),
    tenantRoute({
      operationId: 'getInvoice',
      method: 'GET',
      path: '/invoices/{id}',
      tag: 'Invoices',
      summary: 'Read an invoice',
      permission: 'invoices:read',
      params: pathId,
      answers: { 200: { description: 'The invoice', schema: invoiceSchema, example: invoiceExample } },
      handle: async ({ caller, params: { id } }) => {
        const row = isId('inv', id) ? await store.read(caller.tenantId, (tx) => getInvoice(tx, id)) : undefined
        if (!row) throw notFound()
        return ok(presentInvoice(row))
      },
    }),
  ]
}
