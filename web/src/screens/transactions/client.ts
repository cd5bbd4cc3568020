import type { Transaction } from '@payymo/sdk'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../app/tenant.tsx'

/** Whose invoice the line pays, or is proposed to pay; undefined while that is not known. */
export function useClientOf({ id, match_status: status }: Transaction): string | null | undefined {
  const payymo = useApi()
  const { data } = useQuery({
    enabled: status === 'suggested' || status === 'matched' || status === 'applied',
    queryKey: ['transactions', 'client', id, status],
    queryFn: ({ signal }) => payymo.transactions.get(id, { expand: 'client' }, { signal }),
  })
  return data?.client_id
}
