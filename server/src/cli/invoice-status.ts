import type { InvoiceStatus } from '../matching/index.ts'
import { RowFault } from './row-fields.ts'

const STATUSES = new Set(['draft', 'unpaid', 'payment_pending', 'paid', 'cancelled', 'refunded', 'collections'])

/** A status in the words of WHMCS or of the API; no status is `unpaid`, and so is WHMCS's "Overdue". Throws RowFault. */
export function statusOf(source: string): InvoiceStatus {
  const status = source.trim().toLowerCase().replace(/[ -]+/g, '_')
  if (status === '' || status === 'overdue' || status === 'open') return 'unpaid'
  if (status === 'canceled') return 'cancelled'
  if (STATUSES.has(status)) return status as InvoiceStatus
  throw new RowFault(
    `"status" is ${JSON.stringify(source.slice(0, 40))}, which is none of ${[...STATUSES].join(', ')}.`,
  )
}
