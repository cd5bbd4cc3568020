import type { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { EVENT_TYPES, type EventType } from '../events/catalogue.ts'
import { listQuery } from '../http/list.ts'

const DESCRIPTIONS: Record<EventType, string> = {
  'transaction.created': 'A line of money was recorded.',
  'transaction.updated': 'A line of money changed: booked after it was announced, corrected, set aside or noted on.',
  'match.created': 'Payymo proposes that a transaction pays one or more invoices.',
  'match.approved': 'A match was approved, by a person or automatically; its payments follow.',
  'match.rejected': 'A person said that a transaction does not pay these invoices.',
  'match.applied': 'All payments of a match are confirmed in the billing system.',
  'match.failed': 'The billing system refused a payment of a match.',
  'match.reversed': 'An applied match was taken back.',
  'payment.quarantined': 'It is not certain what became of a payment: a person must look.',
  'invoice.created': 'An invoice is new here.',
  'invoice.updated': 'An invoice changed.',
  'invoice.paid': 'Nothing is left to pay on an invoice.',
  'bank_connection.active': 'A bank gave its consent.',
  'bank_connection.expiring': "A bank's consent ends soon.",
  'bank_connection.expired': "A bank's consent has ended: connect again.",
  'bank_connection.error': 'A bank refuses or does not answer.',
  'bank_connection.synced': 'Accounts of a bank were read.',
  'stripe_connection.active': 'A Stripe account is connected.',
  'stripe_connection.disconnected': 'A Stripe account is connected no longer.',
  'payout.created': 'A payout to the bank was announced.',
  'payout.reconciled': 'A payout was found at the bank and explained.',
  'payout.failed': 'A payout did not reach the bank.',
  'whmcs_instance.verified': 'A WHMCS installation proved that it is yours.',
  'alert.opened': 'Something needs a person.',
  'webhook.test': 'A test send, to the webhook it was asked for and no other.',
  'webhook.disabled': 'A webhook was switched off because of its answers.',
}

export const presentEventType = (type: EventType) => ({ event_type: type, description: DESCRIPTIONS[type] })

export const eventTypeListQuery = listQuery({
  filters: {},
  sortable: { event_type: { sql: '', kind: 'text' } },
})

/** The catalogue as a list like any other: in the order of the catalogue unless sorted, paged by number or cursor. */
export function eventTypePage(query: z.output<typeof eventTypeListQuery>) {
  const {
    page,
    per_page: perPage = 10,
    cursor,
    sort,
  } = query as {
    page?: number
    per_page?: number
    cursor?: string
    sort?: string
  }
  const sorted = sort === undefined ? [...EVENT_TYPES] : [...EVENT_TYPES].sort()
  if (sort?.startsWith('-')) sorted.reverse()
  const start = cursor === undefined ? ((page ?? 1) - 1) * perPage : positionOf(cursor)
  const end = start + perPage
  const byPage = cursor === undefined
  return {
    rows: sorted.slice(start, end),
    pagination: {
      total_items: byPage ? sorted.length : null,
      total_pages: byPage ? Math.ceil(sorted.length / perPage) : null,
      current_page: byPage ? (page ?? 1) : null,
      per_page: perPage,
      next_cursor: end < sorted.length ? Buffer.from(`event-type:${end}`).toString('base64url') : null,
      total_capped: byPage ? false : null,
    },
  }
}

function positionOf(cursor: string): number {
  const parts = /^event-type:(\d{1,3})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (parts) return Number.parseInt(parts[1]!, 10)
  throw new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: 'cursor', issue: 'Must be the next_cursor of a former answer' }],
  })
}
