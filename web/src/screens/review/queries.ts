import type { InvoiceMatch, Payymo, Transaction } from '@payymo/sdk'
import { queryOptions, type QueryClient } from '@tanstack/react-query'

/** What is kept about one thing each; lists fill these places too, so that what stands in a list is never fetched again. */
export const transactionQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['transactions', 'one', id],
    queryFn: ({ signal }) => payymo.transactions.get(id, {}, { signal }),
  })

export const invoiceQuery = (payymo: Payymo, id: string) =>
  queryOptions({ queryKey: ['invoices', 'one', id], queryFn: ({ signal }) => payymo.invoices.get(id, { signal }) })

export const matchQuery = (payymo: Payymo, id: string) =>
  queryOptions({
    queryKey: ['matches', 'one', id],
    queryFn: ({ signal }) => payymo.invoiceMatches.get(id, { signal }),
  })

export const paymentQuery = (payymo: Payymo, id: string) =>
  queryOptions({ queryKey: ['payments', 'one', id], queryFn: ({ signal }) => payymo.payments.get(id, { signal }) })

/** Why the payments of a match are not booked. */
export const paymentsOfQuery = (payymo: Payymo, matchId: string) =>
  queryOptions({
    queryKey: ['payments', 'of', matchId],
    queryFn: ({ signal }) => payymo.payments.list({ match_id: matchId, per_page: 100 }, { signal }),
  })

/** The match of a line that waits in this state; null when none does. */
export const standingQuery = (payymo: Payymo, transactionId: string, status: 'suggested' | 'failed') =>
  queryOptions({
    queryKey: ['standing', transactionId, status],
    queryFn: async ({ signal }): Promise<InvoiceMatch | null> => {
      const { data } = await payymo.invoiceMatches.list(
        { transaction_id: transactionId, status, per_page: 1 },
        { signal },
      )
      return data[0] ?? null
    },
  })

export const candidatesQuery = (payymo: Payymo, transactionId: string) =>
  queryOptions({
    queryKey: ['candidates', transactionId],
    queryFn: ({ signal }) => payymo.transactions.getCandidates(transactionId, { signal }),
  })

/** Names of people, for what they decided. */
export const namesQuery = (payymo: Payymo) =>
  queryOptions({
    queryKey: ['users', 'names'],
    queryFn: async ({ signal }) => {
      const { data } = await payymo.users.list({ per_page: 100 }, { signal })
      return new Map(data.map(({ id, name, email }) => [id, name || email]))
    },
    staleTime: 300_000,
  })

export function keepTransactions(client: QueryClient, rows: readonly Transaction[]): void {
  for (const row of rows) client.setQueryData(['transactions', 'one', row.id], row)
}

export function keepMatches(client: QueryClient, rows: readonly InvoiceMatch[]): void {
  for (const row of rows) {
    client.setQueryData(['matches', 'one', row.id], row)
    if (row.status === 'suggested' || row.status === 'failed')
      client.setQueryData(['standing', row.transaction_id, row.status], row)
  }
}
