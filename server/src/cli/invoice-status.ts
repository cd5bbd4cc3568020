import type { InvoiceStatus } from '../matching/index.ts'
import { RowFault } from './row-fields.ts'

const STATUSES: readonly InvoiceStatus[] = [
  'draft',
  'unpaid',
  'payment_pending',
  'paid',
  'cancelled',
  'refunded',
  'collections',
]

/** A status in the words of WHMCS or of the API; no status is `unpaid`, and so is WHMCS's "Overdue". Throws RowFault. */
export function statusOf(source: string): InvoiceStatus {
  // What nearly all invoices of a file say.
  if (source === 'Unpaid' || source === 'unpaid') return 'unpaid'
  if (source === 'Paid' || source === 'paid') return 'paid'
  const status = source.trim().toLowerCase().replace(/[ -]+/g, '_')
  if (status === '' || status === 'overdue' || status === 'open') return 'unpaid'
  if (status === 'canceled') return 'cancelled'
  const known = STATUSES.find((one) => one === status)
  if (known !== undefined) return known
  throw new RowFault(`"status" is ${JSON.stringify(source.slice(0, 40))}, which is none of ${STATUSES.join(', ')}.`)
}
