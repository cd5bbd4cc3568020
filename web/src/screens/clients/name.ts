import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'

const FRESH_MS = 300_000

/** How a client is called; undefined while that is not known. */
export function useClientName(id: string): string | undefined {
  const payymo = useApi()
  const { data } = useQuery({
    queryKey: ['clients', 'one', id],
    queryFn: ({ signal }) => payymo.clients.get(id, { signal }),
    staleTime: FRESH_MS,
  })
  return data && (data.company || data.name)
}
