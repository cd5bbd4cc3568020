import type { Payymo, ReconciliationDay, ReconciliationSummary } from '@payymo/sdk'
import { keepPreviousData, queryOptions, useQueries } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'
import type { Span } from './filters.ts'

export interface Report {
  days: ReconciliationDay[]
  summary: ReconciliationSummary
}

const DAY_MS = 86_400_000
const PAGE = 100

/** What became of the money of the last days, with today. */
export const reportQuery = (payymo: Payymo, span: Span) =>
  queryOptions({
    queryKey: ['reports', 'reconciliation', span],
    queryFn: async ({ signal }): Promise<Report> => {
      const from = new Date(Date.now() - (span - 1) * DAY_MS).toISOString().slice(0, 10)
      const read = (cursor?: string) =>
        payymo.reports.listReconciliation(
          { from, per_page: PAGE, ...(cursor === undefined ? {} : { cursor }) },
          { signal },
        )
      let page = await read()
      const { summary } = page
      const days = [...page.data]
      while (page.pagination.next_cursor !== null) {
        page = await read(page.pagination.next_cursor)
        days.push(...page.data)
      }
      return { days, summary }
    },
    placeholderData: keepPreviousData,
  })

const LIVING = 100

/** All connections that have not ended; three lists, so that news of each is heard. `data` when all of them are there. */
export function useConnections() {
  const payymo = useApi()
  return useQueries({
    queries: [
      queryOptions({
        queryKey: ['bank-connections', 'living'],
        queryFn: async ({ signal }) =>
          (await payymo.bankConnections.list({ per_page: LIVING }, { signal })).data.filter(
            ({ status }) => status !== 'revoked',
          ),
      }),
      queryOptions({
        queryKey: ['whmcs-instances', 'living'],
        queryFn: async ({ signal }) =>
          (await payymo.whmcsInstances.list({ per_page: LIVING }, { signal })).data.filter(
            ({ status }) => status !== 'disconnected',
          ),
      }),
      queryOptions({
        queryKey: ['stripe-connections', 'living'],
        queryFn: async ({ signal }) =>
          (await payymo.stripeConnections.list({ per_page: LIVING }, { signal })).data.filter(
            ({ status }) => status !== 'disconnected',
          ),
      }),
    ],
    combine: ([banks, whmcs, stripe]) => ({
      data:
        banks.data && whmcs.data && stripe.data
          ? { banks: banks.data, whmcs: whmcs.data, stripe: stripe.data }
          : undefined,
      error: banks.error ?? whmcs.error ?? stripe.error,
      again: () => void Promise.all([banks.refetch(), whmcs.refetch(), stripe.refetch()]),
    }),
  })
}
