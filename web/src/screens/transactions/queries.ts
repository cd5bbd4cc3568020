import type { InvoiceMatch, Payymo } from '@payymo/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

const ENTRIES = 50

export const historyQuery = (payymo: Payymo, id: string) =>
  infiniteQueryOptions({
    queryKey: ['transactions', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      payymo.transactions.listHistory(
        id,
        { per_page: ENTRIES, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.pagination.next_cursor ?? undefined,
  })

/** Newest first. */
export const matchesOfQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['matches', 'of', id],
    queryFn: async ({ signal }) =>
      (await payymo.invoiceMatches.list({ transaction_id: id, per_page: 100 }, { signal })).data,
  })

/** The payout whose line at the bank this is. */
export const payoutOfQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['payouts', 'of', id],
    queryFn: async ({ signal }) =>
      (await payymo.payouts.list({ bank_transaction_id: id, per_page: 1 }, { signal })).data[0] ?? null,
  })

const STANDING = ['applied', 'approved', 'failed', 'suggested']

/** What stands of the proposals for a line: booked, on its way, refused, or waiting; the others are its past. */
export const standingOf = (matches: readonly InvoiceMatch[]): InvoiceMatch | undefined =>
  STANDING.flatMap((status) => matches.find((match) => match.status === status) ?? [])[0]

/** Whether the line was recognised as a payment that somebody booked in the billing system. */
export const isBookedBefore = ({ match_reason }: InvoiceMatch): boolean => match_reason === 'already_booked'
