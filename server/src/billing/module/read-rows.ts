import type { z } from 'zod'
import { AppError } from '../../base/errors.ts'
import { isCurrency } from '../../base/money.ts'
import { check } from '../../http/validate.ts'
import { type BilledClient, type BilledInvoice, type BilledPayment, BillingError } from '../billing-system.ts'
import type { ReadInvoice } from '../mirror/save-invoices.ts'
import { day, idText, money, neededId, plainText, refuse, type Row } from '../whmcs/normalise.ts'
import { NO_DAY, statusOf } from '../whmcs/system.ts'
import { clientRowSchema, invoiceRowSchema, paymentRowSchema } from './schemas.ts'

/** A row, or why it cannot be taken, in a sentence. */
export type Read<T> = { row: T } | { id: string; reason: string }

/** What a push says of an invoice, with its client still as an id. */
export interface PushedInvoice {
  invoice: BilledInvoice
  clientExternalId: string
  currency: string
  closedOn: string | null
}

/** Reads a row of `clients`. */
export const readClient = (raw: Row): Read<BilledClient> =>
  reading(raw, clientRowSchema, (row) => ({
    externalId: neededId(row, 'id'),
    name: `${plainText(row.first_name).trim()} ${plainText(row.last_name).trim()}`.trim(),
    company: plainText(row.company).trim(),
    email: plainText(row.email).trim(),
  }))

/** Reads a row of `invoices` with the normaliser of the API: WHMCS's words, amounts as text, entities decoded once whoever
 *  damaged them. */
export const readInvoice = (raw: Row): Read<PushedInvoice> =>
  reading(raw, invoiceRowSchema, (row) => {
    const externalId = neededId(row, 'id')
    const currency = plainText(row.currency).trim().toUpperCase()
    if (!/^[A-Z]{3}$/.test(currency) || !isCurrency(currency)) refuse('currency')
    const status = statusOf(row)
    const { items } = row
    const contained = items.length > 0 && items.every((item) => item.type === 'Invoice')
    const payments = row.payments.map((each) => ({ ...paymentOf(each, currency), invoiceExternalId: externalId }))
    if (new Set(payments.map((payment) => payment.externalId)).size < payments.length) refuse('payments')
    return {
      invoice: {
        externalId,
        number: plainText(row.number).trim(),
        status,
        totalMinor: money(row, 'total', currency),
        balanceMinor: money(row, 'balance', currency),
        issuedOn: day(row, 'date'),
        dueOn: day(row, 'due_date'),
        items: items.map((item) => ({
          description: plainText(item.description).trim(),
          amountMinor: money(item, 'amount', currency, true),
        })),
        collects: contained ? items.flatMap((item) => idText(item, 'rel_id') ?? []) : [],
        payments,
      },
      clientExternalId: neededId(row, 'client_id'),
      currency,
      // WHMCS notes the day of a payment only; of other ends the last change is the nearest there is.
      closedOn: day(row, 'date_paid') ?? (status === 'paid' ? null : day(row, 'updated_at')),
    }
  })

/** Reads transactions that a result shows. Undefined when one of them cannot be read: then nothing is known. */
export function readTransactions(rows: readonly Row[], currency: string): BilledPayment[] | undefined {
  const read = rows.map((raw) => reading(raw, paymentRowSchema, (row) => paymentOf(row, currency)))
  return read.every((each) => 'row' in each) ? read.map((each) => each.row) : undefined
}

/** As the mirror stores it. `client` is null where nobody knows the client of a known invoice. */
export const asRead = (pushed: PushedInvoice, client: BilledClient | null): ReadInvoice => ({
  externalId: pushed.invoice.externalId,
  invoice: pushed.invoice,
  startedAt: null,
  // A list that was never read differs from any that will be: should the API take over, it reads everything anew.
  listed: client && { client, currency: pushed.currency, closedOn: pushed.closedOn, digest: '' },
})

function paymentOf(row: z.output<typeof paymentRowSchema>, currency: string): BilledPayment {
  return {
    externalId: neededId(row, 'id'),
    invoiceExternalId: idText(row, 'invoice_id'),
    transid: plainText(row.transid),
    amountMinor: money(row, 'amount_in', currency, true) - money(row, 'amount_out', currency, true),
    paidOn: day(row, 'date') ?? NO_DAY,
    gateway: plainText(row.gateway),
  }
}

function reading<S extends z.ZodType, T>(raw: Row, schema: S, read: (row: z.output<S>) => T): Read<T> {
  const id = typeof raw.id === 'string' || typeof raw.id === 'number' ? String(raw.id).slice(0, 40) : ''
  try {
    return { row: read(check(schema, raw) as z.output<S>) }
  } catch (error) {
    if (error instanceof BillingError) return { id, reason: error.message }
    if (!(error instanceof AppError)) throw error
    const [fault] = error.details
    return { id, reason: fault ? `${fault.field}: ${fault.issue}` : error.message }
  }
}
