import { useQuery } from '@tanstack/react-query'
import { useStanding } from '../../app/standing.ts'
import { useApi } from '../../app/tenant.tsx'

/** How many alerts are open, and whether there are more than are counted. */
export function useOpenAlerts(): { count: number; capped: boolean } | undefined {
  const payymo = useApi()
  const standing = useStanding()
  const { data } = useQuery({
    // The operator has no alerts of his own, and may not ask.
    enabled: standing !== undefined && standing !== 'operator',
    queryKey: ['alerts', 'open-count'],
    queryFn: async ({ signal }) => {
      const { pagination } = await payymo.alerts.list({ open: 'true', per_page: 1 }, { signal })
      return { count: pagination.total_items ?? 0, capped: pagination.total_capped === true }
    },
  })
  return data
}
