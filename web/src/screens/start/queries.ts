import { useQueries } from '@tanstack/react-query'
import { tenantQuery } from '../../app/branding.ts'
import { useSeat } from '../../app/tenant.tsx'
import { useConnections } from '../overview/queries.ts'
import { type Standing, standingsOf, type StepName } from './progress.ts'

/** How far the set-up is; undefined until all of it is known. */
export function useStandings(): {
  standings: Record<StepName, Standing> | undefined
  error: Error | null
  again: () => void
} {
  const { payymo, tenant } = useSeat()
  const connections = useConnections()
  return useQueries({
    queries: [
      tenantQuery(payymo, tenant.id),
      {
        queryKey: ['invoices', 'own', 'any'],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await payymo.invoices.list({ source: 'api', per_page: 1 }, { signal })).data.length > 0,
      },
      {
        queryKey: ['webhooks', 'any'],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await payymo.webhooks.list({ per_page: 100 }, { signal })).data,
      },
    ],
    combine: ([company, own, webhooks]) => ({
      standings:
        connections.data && company.data && own.data !== undefined && webhooks.data
          ? standingsOf({
              banks: connections.data.banks,
              whmcs: connections.data.whmcs,
              hasOwnInvoices: own.data,
              webhooks: webhooks.data,
              settings: company.data.settings,
            })
          : undefined,
      error: connections.error ?? company.error ?? own.error ?? webhooks.error,
      again: () => {
        connections.again()
        void Promise.all([company.refetch(), own.refetch(), webhooks.refetch()])
      },
    }),
  })
}
