import type { Invoice, Payymo, Transaction } from '@payymo/sdk'
import { readTyped, toMinor } from '../../design/money.ts'

/** Invoices that can take money. */
const OPEN = ['unpaid', 'collections', 'payment_pending'] as const
const EACH = 20

/** Open invoices by number, client or amount; for nothing typed those of the payment's own amount. Invoices of the payment's currency
 *  come first. */
export async function findInvoices(
  payymo: Payymo,
  sought: string,
  line: Transaction,
  signal: AbortSignal,
): Promise<Invoice[]> {
  const amount = sought === '' ? line.amount : readTyped(sought, toMinor(line.amount).decimals)
  const queries = [
    ...(sought === '' ? [] : [{ q: sought }]),
    ...(amount === undefined ? [] : [{ balance: amount, currency: line.currency }]),
  ]
  const pages = await Promise.all(
    queries.flatMap((query) =>
      OPEN.map((status) => payymo.invoices.list({ ...query, status, sort: '-issued_on', per_page: EACH }, { signal })),
    ),
  )
  const found = new Map(pages.flatMap(({ data }) => data.map((invoice) => [invoice.id, invoice])))
  const ours = (invoice: Invoice): number => (invoice.currency === line.currency ? 0 : 1)
  return [...found.values()].sort((left, right) => ours(left) - ours(right))
}
