import { z } from 'zod'
import type { Id } from '../base/ids.ts'
import { jsonAmount } from '../base/json.ts'
import { getInvoices, type InvoiceRow } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'

/** What people know an invoice by. */
export type NamedInvoices = ReadonlyMap<string, Pick<InvoiceRow, 'number' | 'externalId' | 'client'>>

/** The invoices of these ids; unknown ids are left out. */
export async function nameInvoices(tx: TenantTx, ids: readonly string[]): Promise<NamedInvoices> {
  const rows = await getInvoices(tx, [...new Set(ids)] as Id<'inv'>[])
  return new Map(rows.map((row) => [row.id, row]))
}

const namedFields = {
  invoice_number: z.string().describe('As clients quote it: the printed number, or the id of the billing system.'),
  client: z.object({ id: z.string(), name: z.string(), company: z.string() }).nullable(),
}

/** A part of a line on an invoice, with what people know the invoice by. */
export const namedAllocationSchema = z.object({
  invoice_id: z.string(),
  ...namedFields,
  amount: z.number(),
  currency: z.string(),
})

/** Why an invoice is not the one. */
export const ruledOutSchema = z.object({ invoice_id: z.string(), ...namedFields, code: z.string(), text: z.string() })

/** Number and client, to stand beside the id. */
export function presentName(names: NamedInvoices, invoiceId: string) {
  const invoice = names.get(invoiceId)
  const client = invoice?.client
  return {
    invoice_id: invoiceId,
    invoice_number: invoice ? invoice.number || invoice.externalId : '',
    client: client ? { id: client.id, name: client.name, company: client.company } : null,
  }
}

export const presentNamed = (
  names: NamedInvoices,
  { invoiceId, amountMinor, currency }: { invoiceId: string; amountMinor: bigint; currency: string },
) => ({ ...presentName(names, invoiceId), amount: jsonAmount(amountMinor, currency), currency })
