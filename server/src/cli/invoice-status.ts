import type { InvoiceStatus } from '../matching/index.ts'
import { RowFault } from './row-fields.ts'

/** All of them: one that is added elsewhere is missed here by the compiler. */
const STATUSES: Readonly<Record<InvoiceStatus, true>> = {
  draft: true,
  unpaid: true,
  payment_pending: true,
  paid: true,
  cancelled: true,
  refunded: true,
  collections: true,
}

const isStatus = (status: string): status is InvoiceStatus => Object.hasOwn(STATUSES, status)

/** A status in the words of WHMCS or of the API; no status is `unpaid`, and so is WHMCS's "Overdue". Throws RowFault. */
export function statusOf(source: string): InvoiceStatus {
  // What nearly all invoices of a file say.
  if (source === 'Unpaid' || source === 'unpaid') return 'unpaid'
  if (source === 'Paid' || source === 'paid') return 'paid'
  const status = source.trim().toLowerCase().replace(/[ -]+/g, '_')
  if (status === '' || status === 'overdue' || status === 'open') return 'unpaid'
  if (status === 'canceled') return 'cancelled'
  if (isStatus(status)) return status
  throw new RowFault(
    `"status" is ${JSON.stringify(source.slice(0, 40))}, which is none of ${Object.keys(STATUSES).join(', ')}.`,
  )
}
