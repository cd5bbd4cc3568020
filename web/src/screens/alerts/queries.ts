import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'

/** How many alerts are open, and whether there are more than are counted. */
export function useOpenAlerts(): { count: number; capped: boolean } | undefined {
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: ['alerts', 'open-count'],
    queryFn: async ({ signal }) => {
      const { pagination } = await payymo.alerts.list({ open: 'true', per_page: 1 }, { signal })
      return { count: pagination.total_items ?? 0, capped: pagination.total_capped === true }
    },
  })
  return data
}
